// Reads numbers, shares, prices and times as people type them. Digits are moved, never computed:
// what comes out is what was typed, and the engine judges whether it makes sense.

/** @typedef {{ value: number } | { code: string }} TypedCount */
/** @typedef {{ value: string } | { code: string }} TypedText */

/** How many places a unit behind a number moves the decimal point. */
const UNITS = /** @type {Record<string, number>} */ ({
  '': 0,
  k: 3,
  thousand: 3,
  千: 3,
  w: 4,
  万: 4,
  萬: 4,
  十万: 5,
  百万: 6,
  m: 6,
  million: 6,
  千万: 7,
  亿: 8,
  億: 8,
  b: 9,
  billion: 9,
})

/** Full-width digits and signs, odd spaces and minus signs become plain ones. @param {string} text */
export const plain = (text) => text.normalize('NFKC').replaceAll('−', '-').replaceAll('。', '.').trim()

/**
 * A number of calls: `100k`, `10万`, `1,000,000`, `1.5m`, `2亿次`. Negative, fractional and huge ones are read too:
 * to refuse them is the engine's business.
 * @param {string} text
 * @returns {TypedCount}
 */
export function readCount(text) {
  const typed = plain(text).toLowerCase()
  if (typed === '') return { code: 'nothing_typed' }
  // One comma with one or two digits behind it is a decimal comma, which could mean anything.
  if (/^[^,]*,\d{1,2}(\D|$)/.test(typed)) return { code: 'not_a_count' }
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([a-z\p{Script=Han}]*)$/u.exec(typed.replace(/(?<=\d)[,'’_\s]+(?=\d)/g, '').replace(/\s+/g, ''))
  if (!match) return { code: 'not_a_count' }
  const [, sign, whole, fraction = '', word] = match
  const unit = UNITS[word.replace(/(calls?|次)$/, '')]
  if (unit === undefined || whole + fraction === '') return { code: 'not_a_count' }
  const size = Number(`${movePoint(whole, fraction, unit)}`)
  return { value: Math.min(sign === '-' ? -size : size, Number.MAX_VALUE) }
}

/**
 * A share typed in per cent, as the decimal that the engine takes: `98.5` → `0.985`.
 * @param {string} text
 * @returns {TypedText}
 */
export function readShare(text) {
  const match = /^(-?)(\d+)(?:\.(\d*))?\s*%?$/.exec(plain(text))
  if (!match) return { code: text.trim() === '' ? 'nothing_typed' : 'invalid_decimal' }
  return { value: match[1] + movePoint(match[2], match[3] ?? '', -2) }
}

/**
 * An amount of money, without its currency: `0.08`, `.08`, `3,200`.
 * @param {string} text
 * @returns {TypedText}
 */
export function readMoney(text) {
  const typed = plain(text).replace(/(?<=\d)[,'’\s](?=\d{3}(\D|$))/g, '')
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(typed)
  if (!match || (match[2] === '' && !match[3])) return { code: typed === '' ? 'nothing_typed' : 'invalid_decimal' }
  return { value: match[1] + movePoint(match[2], match[3] ?? '', 0) }
}

/**
 * An instant: `2023-03-20 10:30:00`, `2023/3/20 10:30`, `2023年3月20日`, or with an offset of its own. Without one it is
 * wall-clock time in the catalog's zone, which the page names.
 * @param {string} text
 * @param {string} offset
 * @returns {TypedText}
 */
export function readInstant(text, offset) {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(Z|[+-]\d{2}:\d{2})?$/i.exec(
    plain(text),
  )
  if (!match) return { code: text.trim() === '' ? 'nothing_typed' : 'invalid_instant' }
  const [, year, month, day, hour = '0', minute = '00', second = '00', zone = offset] = match
  const two = (/** @type {string} */ digits) => digits.padStart(2, '0')
  return { value: `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${zone}` }
}

/**
 * A month: `2026-12`, `2026/12`, `2026年12月`.
 * @param {string} text
 * @returns {TypedText}
 */
export function readMonth(text) {
  const match = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(plain(text))
  if (!match) return { code: text.trim() === '' ? 'nothing_typed' : 'invalid_month' }
  return { value: `${match[1]}-${match[2].padStart(2, '0')}` }
}

/**
 * The cells of a row or column copied from a spreadsheet; one cell or plain text gives an empty list.
 * @param {string} text
 */
export function readCells(text) {
  const cells = text
    .replace(/[\r\n]+$/, '')
    .split(/\t|\r\n|\r|\n|;/)
    .map((cell) => cell.trim())
  return cells.length > 1 ? cells : []
}

/** A number of calls as the page writes it into a field. @param {number} calls */
export function writeCount(calls) {
  return String(Math.trunc(calls)).replace(/\B(?=(\d{3})+$)/g, ',')
}

/**
 * @param {string} whole
 * @param {string} fraction
 * @param {number} places to the right; negative to the left
 */
function movePoint(whole, fraction, places) {
  const digits = whole.padStart(1 - Math.min(places, 0), '0') + fraction.padEnd(Math.max(places, 0), '0')
  const point = digits.length - Math.max(fraction.length, Math.max(places, 0)) + places
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const right = digits.slice(point).replace(/0+$/, '')
  return right === '' ? left || '0' : `${left || '0'}.${right}`
}

/** Stops of the volume slider within one power of ten. */
const STOPS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80]

/** The slider runs from 0 over 10 to 100 million calls. */
export const SLIDER_END = 1 + STOPS.length * 7

/** The number of calls at a stop of the slider. @param {number} stop */
export function slideCount(stop) {
  if (stop <= 0) return 0
  return STOPS[(stop - 1) % STOPS.length] * 10 ** Math.floor((stop - 1) / STOPS.length)
}

/** The stop of the slider nearest to a number of calls. @param {number} calls */
export function slideStop(calls) {
  if (!(calls >= 1)) return 0
  let stop = 1
  while (stop < SLIDER_END && slideCount(stop + 1) <= calls) stop += 1
  return stop
}
