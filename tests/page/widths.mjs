// What is cut off on a page, at whatever width: told by the browser's own measures.

/** The widths at which every page is looked at, in pixels. */
export const WIDTHS = [320, 360, 390, 480, 600, 768, 900, 1024, 1100, 1200, 1280, 1440, 1920, 2560]

/**
 * Every cell of every table, and every piece of text, that a person cannot see whole: beyond the window, beyond what cuts off, or beyond its
 * own cell. What is inside a box that scrolls is seen where the box can be reached by keyboard and has a name. Runs in the browser.
 * @returns {string[]} what is cut off, and by what
 */
export function cutOff() {
  const found = []
  const say = (element, why) => found.push(`${why}: ${(element.closest?.('table')?.className ?? '')} <${element.localName} class="${element.className?.baseVal ?? element.className}"> “${element.textContent.trim().slice(0, 40)}”`)
  const roots = [document, ...[...document.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])]
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host
  const over = (inner, outer) => Math.max(inner.right - outer.right, outer.left - inner.left)
  /** What cuts a rectangle inside an element off, if anything does. */
  function cutter(element, rect) {
    for (let at = element; at; at = parentOf(at)) {
      const style = getComputedStyle(at)
      if (style.position === 'fixed') return undefined
      if (style.overflowX === 'visible') continue
      const box = at.getBoundingClientRect()
      if (over(rect, box) <= 1) continue
      if (!['auto', 'scroll'].includes(style.overflowX)) return at
      const named = at.getAttribute('aria-label') || at.getAttribute('aria-labelledby')
      return at.tabIndex === 0 && named && box.right <= innerWidth + 1 ? undefined : at
    }
    return rect.right > innerWidth + 1 || rect.left < -1 ? document.documentElement : undefined
  }
  // Where each row is a block, the titles stand in the cells.
  const quiet = (element) => element.closest('.in-rows thead, .hidden, [hidden], option, select, script, style, .matches, svg') || !element.checkVisibility({ visibilityProperty: true })
  for (const root of roots) {
    for (const cell of root.querySelectorAll('th, td')) {
      if (quiet(cell)) continue
      const inRows = cell.closest('.in-rows') && cell !== cell.parentElement.firstElementChild && cell.colSpan === 1 && !cell.matches('.drawn, :empty')
      if (inRows && getComputedStyle(cell, '::before').content === 'none') say(cell, 'a cell has lost its title')
      const rect = cell.getBoundingClientRect()
      if (rect.width === 0) continue
      const by = cutter(parentOf(cell), rect)
      if (by) say(cell, `a cell is cut off by <${by.localName} class="${by.className}">`)
      if (cell.scrollWidth > cell.clientWidth + 1) say(cell, 'a cell is too narrow for what it says')
    }
    const walk = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const element = node.parentElement
      if (!node.nodeValue.trim() || !element || quiet(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const rects = [...range.getClientRects()]
      const by = rects.map((rect) => cutter(element, rect)).find(Boolean)
      if (by) say(element, `text is cut off by <${by.localName} class="${by.className?.baseVal ?? by.className}">`)
      // Words of one cell must not run into the next.
      const cell = element.closest('th, td')
      if (cell && rects.some((rect) => over(rect, cell.getBoundingClientRect()) > 1)) say(element, 'text runs out of its cell')
    }
  }
  const page = document.scrollingElement
  if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth - innerWidth} px too wide`)
  return [...new Set(found)]
}
