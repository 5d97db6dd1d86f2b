// The share link: what a person chose or typed, as the part of an address behind `#`, and back. Only what differs from the
// worked example is written. What comes back may be anything: it is bounded, narrowed and never trusted to make sense.

import { langOf } from './format.js'
import { EXAMPLE, LIST_END, NO_PACKAGE, NO_PRICES, TEXT_END } from './inputs.js'

/** @typedef {import('./inputs.js').Inputs} Inputs */
/** @typedef {import('./inputs.js').Pattern} Pattern */

/** Fields of the link that hold one text. */
const SINGLE = /** @type {const} */ (['catalog', 'region', 'api', 'same', 'from', 'growth', 'busy', 'times', 'succeed', 'payPerUse', 'at'])
const QPS = /** @type {const} */ (['peak', 'response', 'hours'])

/** @param {string} text */
const encode = (text) =>
  encodeURIComponent(text)
    .replaceAll('~', '%7E')
    .replaceAll('%20', '+')
    .replace(/%(3A|2C|2F)/g, decodeURIComponent)

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).slice(0, TEXT_END)
  } catch {
    return ''
  }
}

/**
 * What differs from the worked example, as the part of an address behind `#`; empty for the example itself.
 * @param {Inputs} inputs
 */
export function writeLink(inputs) {
  const pairs = /** @type {[string, string[]][]} */ ([])
  for (const name of SINGLE)
    if (inputs[name] !== EXAMPLE[name] && !(name === 'from' && inputs.pattern === 'periods')) pairs.push([name, [inputs[name]]])
  if (inputs.pattern !== EXAMPLE.pattern) pairs.push(['pattern', [inputs.pattern]])
  const differs = (/** @type {'periods' | 'purchases'} */ name) => JSON.stringify(inputs[name]) !== JSON.stringify(EXAMPLE[name])
  if (differs('periods'))
    pairs.push(...inputs.periods.map((it) => /** @type {[string, string[]]} */ (['period', [it.start, it.end, it.calls]])))
  if (inputs.twelve.length > 0) pairs.push(['twelve', inputs.twelve])
  if (differs('purchases')) {
    if (inputs.purchases.length === 0) pairs.push(['buy', []])
    for (const it of inputs.purchases)
      pairs.push(['buy', [it.package, String(it.quantity), it.when.periods, it.when.months, it.starts, ...(it.limited ? ['limited'] : [])]])
  }
  for (const [scope, own] of Object.entries(inputs.own)) {
    const some = (/** @type {object[]} */ rows) => rows.some((row) => Object.values(row).some(Boolean))
    if (own.unitPrice || own.packages.length > 0)
      pairs.push(['own', [scope, own.unitPrice, ...own.packages.flatMap((row) => [row.size, row.price])]])
    const kinds = own.packages.map(({ unit, class: of, from, to }) => ({ unit, of, from, to }))
    if (some(kinds)) pairs.push(['own-kind', [scope, ...kinds.flatMap((row) => Object.values(row))]])
    if (some(own.steps)) pairs.push(['own-step', [scope, ...own.steps.flatMap((row) => [row.upTo, row.unitPrice])]])
    if (own.points) pairs.push(['own-points', [scope, own.points]])
    if (some([own.qps])) pairs.push(['own-qps', [scope, own.qps.included, own.qps.price, own.qps.per]])
  }
  for (const reading of Object.entries(inputs.profile)) pairs.push(['reading', reading])
  if (QPS.some((name) => inputs.qps[name])) pairs.push(['qps', QPS.map((name) => inputs.qps[name])])
  if (pairs.length === 0) return ''
  return [['lang', [inputs.lang]], ...pairs]
    .map(([name, parts]) => `${name}=${/** @type {string[]} */ (parts).map(encode).join('~')}`)
    .join('&')
}

/**
 * What a link says; what it does not say is as in the example. Never throws: what cannot be read is left out.
 * @param {string} link
 * @returns {Partial<Inputs>}
 */
export function readLink(link) {
  const inputs = /** @type {Partial<Inputs>} */ ({})
  const pairs = link
    .slice(0, 40_000)
    .replace(/^#/, '')
    .split('&')
    .slice(0, 4 * LIST_END)
  for (const pair of pairs) {
    const [name, text = ''] = /** @type {string[]} */ (pair.split(/=(.*)/s))
    const parts =
      text === ''
        ? []
        : text
            .split('~')
            .slice(0, 2 * LIST_END)
            .map(decode)
    const [first = '', ...rest] = parts
    if (name === 'lang') inputs.lang = langOf(first) ?? 'en'
    else if (SINGLE.some((it) => it === name)) inputs[/** @type {typeof SINGLE[number]} */ (name)] = first
    else if (name === 'pattern' && ['periods', 'same', 'twelve'].includes(first)) inputs.pattern = /** @type {Pattern} */ (first)
    else if (name === 'period')
      inputs.periods = [...(inputs.periods ?? []), { start: first, end: rest[0] ?? '', calls: rest[1] ?? '' }].slice(0, LIST_END)
    else if (name === 'twelve') inputs.twelve = Array.from({ length: 12 }, (_, month) => parts[month] ?? '0')
    else if (name === 'buy') {
      const quantity = /^\d{1,16}$/.test(rest[0] ?? '') ? Number(rest[0]) : 1
      const purchase = { package: first, quantity, when: { periods: rest[1] ?? '', months: rest[2] ?? '' }, starts: rest[3] ?? '', limited: rest[4] ?? '' }
      inputs.purchases = [...(inputs.purchases ?? []), ...(first ? [purchase] : [])].slice(0, LIST_END)
    } else if (name === 'reading' && first) inputs.profile = { ...inputs.profile, [first]: rest[0] ?? '' }
    else if (name === 'qps') inputs.qps = { peak: first, response: rest[0] ?? '', hours: rest[1] ?? '' }
    else if (['own', 'own-kind', 'own-step', 'own-points', 'own-qps'].includes(name) && first) {
      const own = inputs.own && Object.hasOwn(inputs.own, first) ? inputs.own[first] : NO_PRICES
      inputs.own = { ...inputs.own, [first]: ownWith(own, name, rest) }
    }
  }
  return inputs
}

/**
 * Own prices with what one pair of a link says about them.
 * @param {import('./inputs.js').Own} own
 * @param {string} name
 * @param {string[]} parts
 * @returns {import('./inputs.js').Own}
 */
function ownWith(own, name, parts) {
  const rows = (/** @type {string[]} */ cells, /** @type {number} */ width) =>
    Array.from({ length: Math.min(LIST_END, Math.floor(cells.length / width)) }, (_, row) => cells.slice(width * row, width * (row + 1)))
  if (name === 'own-points') return { ...own, points: parts[0] ?? '' }
  if (name === 'own-qps') return { ...own, qps: { included: parts[0] ?? '', price: parts[1] ?? '', per: parts[2] ?? '' } }
  if (name === 'own-step') return { ...own, steps: rows(parts, 2).map(([upTo, unitPrice]) => ({ upTo, unitPrice })) }
  if (name === 'own-kind') {
    const kinds = rows(parts, 4)
    const packages = own.packages.map((row, index) => {
      const [unit = '', of = '', from = '', to = ''] = kinds[index] ?? []
      return { ...row, unit, class: of, from, to }
    })
    return { ...own, packages }
  }
  const packages = rows(parts.slice(1), 2).map(([size, price]) => ({ ...NO_PACKAGE, size, price }))
  return { ...own, unitPrice: parts[0] ?? '', packages }
}
