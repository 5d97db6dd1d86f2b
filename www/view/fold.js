// Tables that are wider than their place: first bars go below their numbers; where that is not enough, each row becomes a block and each
// cell stands under its title. Nothing is cut off, at any width.

/** Tables with the most columns always do so in places narrower than this, in pixels, so that nothing jumps when their numbers come. */
const CLOSE = 768
const NARROW = 480

/** Boxes whose sizes are watched, and those among them that changed. */
const watched = /** @type {WeakSet<Element>} */ (new WeakSet())
const changed = /** @type {Set<Element>} */ (new Set())

/** Told when sizes are known anyway; what follows from them is drawn in the next frame. */
const sizes = new ResizeObserver((entries) => {
  if (changed.size === 0) requestAnimationFrame(settle)
  for (const { target } of entries) changed.add(target)
})

function settle() {
  const boxes = new Set([...changed].flatMap((element) => element.closest('.scroll') ?? []))
  changed.clear()
  fold([...boxes])
}

/**
 * Folds what does not fit, now, and from now on whenever sizes change.
 * @param {ParentNode} root
 * @param {boolean} [now] whether the sizes may be asked for at once, which holds up a large page
 */
export function foldTables(root, now = true) {
  const boxes = [...root.querySelectorAll('.scroll')]
  for (const box of boxes)
    for (const element of [box, ...box.children])
      if (!watched.has(element)) {
        watched.add(element)
        sizes.observe(element)
      }
  if (now) fold(boxes)
  // What was drawn anew into a folded table without changing its size tells nobody.
  else for (const box of boxes) if (box.classList.contains('in-rows')) title(box)
}

/** @param {Element[]} boxes */
function fold(boxes) {
  for (const box of boxes) box.classList.remove('close', 'in-rows')
  const beyond = (/** @type {number} */ width) => boxes.filter((box) => box.scrollWidth > box.clientWidth || (box.clientWidth < width && box.querySelector('.months')))
  for (const box of beyond(CLOSE)) box.classList.add('close')
  const wide = beyond(NARROW)
  for (const box of wide) {
    title(box)
    box.classList.add('in-rows')
  }
  // What still scrolls must be reached by keyboard and have a name; what does not must not be a stop.
  for (const box of boxes) {
    if (box.scrollWidth <= box.clientWidth) box.removeAttribute('tabindex')
    else {
      box.setAttribute('tabindex', '0')
      if (!box.hasAttribute('role')) box.setAttribute('role', 'group')
      if (!box.hasAttribute('aria-label')) box.setAttribute('aria-label', box.closest('section, details')?.querySelector('h3, summary')?.textContent ?? '')
    }
  }
}

/** Writes the title of its column to each cell. @param {Element} box */
function title(box) {
  const heads = [...(box.querySelector('thead tr:last-child')?.children ?? [])].flatMap((head) =>
    Array(/** @type {HTMLTableCellElement} */ (head).colSpan).fill(/** @type {HTMLElement} */ (head).dataset.title ?? head.textContent),
  )
  for (const row of box.querySelectorAll('tbody tr')) {
    let at = 0
    for (const cell of /** @type {Iterable<HTMLTableCellElement>} */ (row.children)) {
      const head = cell.colSpan > 1 ? '' : (heads[at] ?? '').trim()
      if (cell.dataset.title !== head) cell.dataset.title = head
      at += cell.colSpan
    }
  }
}
