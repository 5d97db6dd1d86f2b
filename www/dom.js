// Descriptions of elements, and the one place that turns them into elements. Writes only what changed, so that a field being
// typed into keeps its caret. Text goes in as text, styles through the object model: nothing here needs a looser policy.

/** @typedef {{ tag: string, props: Record<string, any>, children: (Described | string)[] }} Described */
/** @typedef {Described | string | number | null | undefined | false | Child[]} Child */

const SVG = 'http://www.w3.org/2000/svg'

/** Set as properties: their attributes only give the first value. */
const PROPERTIES = new Set(['value', 'checked', 'selected', 'disabled', 'hidden'])

/** What an element was last described as. @type {WeakMap<Node, Described>} */
const known = new WeakMap()

/**
 * Describes an element. Props: attributes; `onInput` and the like listen; `style` is an object of CSS properties; `key` keeps
 * an element with its content when the order changes; `figure` has a changed text marked for a moment.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
 * @returns {Described}
 */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children: flat(children) }
}

/** @param {Child[]} children @returns {(Described | string)[]} */
function flat(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return flat(child)
    if (child === null || child === undefined || child === false || child === '') return []
    return [typeof child === 'number' ? String(child) : child]
  })
}

/**
 * Makes the children of a node as described.
 * @param {Node} parent
 * @param {(Described | string)[]} children
 * @param {(element: Element) => void} [changed] told of each `figure` whose text is another
 */
export function patch(parent, children, changed = () => {}) {
  const old = [...parent.childNodes]
  const keyed = new Map(old.map((node) => [known.get(node)?.props.key, /** @type {Node} */ (node)]))
  const loose = old.filter((node) => known.get(node)?.props.key === undefined)
  const used = new Set()

  const nodes = children.map((child) => {
    const kept =
      typeof child !== 'string' && child.props.key !== undefined
        ? keyed.get(child.props.key)
        : loose.find((it) => !used.has(it) && fits(it, child))
    const node = kept && !used.has(kept) && fits(kept, child) ? kept : create(parent, child)
    used.add(node)
    return node
  })
  // What goes, goes first: what stays is then hardly ever moved, and an element that is moved loses the focus.
  for (const node of old) if (!used.has(node)) parent.removeChild(node)
  let next = parent.firstChild
  for (const [at, child] of children.entries()) {
    const node = nodes[at]
    if (node === next) next = node.nextSibling
    else parent.insertBefore(node, next)
    if (typeof child === 'string') {
      if (node.nodeValue !== child) node.nodeValue = child
    } else describe(/** @type {Element} */ (node), child, changed)
  }
}

/** @param {Node} node @param {Described | string} child */
function fits(node, child) {
  return typeof child === 'string' ? node.nodeType === Node.TEXT_NODE : known.get(node)?.tag === child.tag
}

/** @param {Node} parent @param {Described | string} child @returns {Node} */
function create(parent, child) {
  if (typeof child === 'string') return document.createTextNode(child)
  const inSvg = child.tag === 'svg' || /** @type {Element} */ (parent).namespaceURI === SVG
  const element = inSvg ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag)
  known.set(element, { tag: child.tag, props: { key: child.props.key }, children: [] })
  return element
}

/** @param {Element} element @param {Described} to @param {(element: Element) => void} changed */
function describe(element, to, changed) {
  const from = known.get(element)?.props ?? {}
  const before = to.props.figure ? element.textContent : ''
  patch(element, to.children, changed)
  if (before && before !== element.textContent) changed(element)
  for (const name of new Set([...Object.keys(from), ...Object.keys(to.props)])) write(element, name, from[name], to.props[name])
  known.set(element, to)
}

/** @param {any} element @param {string} name @param {any} from @param {any} to */
function write(element, name, from, to) {
  if (name === 'key' || name === 'figure') return
  if (name.startsWith('on')) {
    const type = name.slice(2).toLowerCase()
    if (from === undefined && to) element.addEventListener(type, heard)
    if (!to) element.removeEventListener(type, heard)
  } else if (name === 'style') {
    for (const property of new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})]))
      if (from?.[property] !== to?.[property]) element.style.setProperty(property, to?.[property] ?? '')
  } else if (PROPERTIES.has(name)) {
    const value = to ?? (name === 'value' ? '' : false)
    if (element[name] !== value) element[name] = value
  } else if (from !== to) {
    if (to === undefined || to === null || to === false) element.removeAttribute(name)
    else element.setAttribute(name, to === true ? '' : String(to))
  }
}

/** Calls the listener of the latest description. @param {Event} event */
function heard(event) {
  const props = known.get(/** @type {Node} */ (event.currentTarget))?.props ?? {}
  for (const name of Object.keys(props)) if (name.toLowerCase() === `on${event.type}`) props[name](event)
}
