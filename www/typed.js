// Reads numbers, shares, prices and times as people type them. Digits are moved, never computed:
// what comes out is what was typed, and the engine judges whether it makes sense.

/**
 * What came of reading: the value, or what is wrong. `either`: two things that could be meant, each written so that it can only be
 * read in one way.
 * @typedef {{ code: string, either?: [string, string] }} Unread
 */
/** @typedef {{ value: number } | Unread} TypedCount */
/** @typedef {{ value: string } | Unread} TypedText */

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

/** Names of months, by their first three letters. */
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_NAME = '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
/** Chinese numerals up to twelve. */
const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二']

/** Full-width digits and signs, odd spaces and minus signs become plain ones. @param {string} text */
export const plain = (text) => text.normalize('NFKC').replaceAll('−', '-').replaceAll('。', '.').trim()

/**
 * Digits with marks between them, as whole part and fraction. Where a mark could part thousands or a fraction, both readings.
 * @param {string} text digits, points, commas, apostrophes, underscores and spaces
 * @param {boolean} whole whether thousands are as likely behind a point as a fraction: of calls and sums, not of shares
 * @returns {[string, string][]} none: no number; two: thousands first
 */
function partsOf(text, whole = true) {
  // Blanks, apostrophes and underscores part thousands and nothing else.
  const firm = /^\d{1,3}(?:([ '_])\d{3})(?:\1\d{3})*(?=[.,]|$)/.exec(text)
  const digits = firm ? firm[0].replace(/\D/g, '') + text.slice(firm[0].length) : text
  if (!/^[\d.,]*\d[\d.,]*$/.test(digits)) return []
  const marks = digits.replace(/\d/g, '')
  const last = marks.at(-1) ?? ''
  const at = digits.lastIndexOf(last)
  const [before, behind] = last ? [digits.slice(0, at), digits.slice(at + 1)] : [digits, '']
  if (marks === '') return [[digits, '']]
  const joined = digits.replaceAll(last, '')
  if (marks.length > 1 && [...marks].every((mark) => mark === last)) {
    // The same mark twice parts thousands; one digit may just have been deleted. Where lakhs are counted, groups have two digits.
    const grouped = last === ',' ? /^\d{1,3}(,\d{3})+,\d{1,3}$|^\d{1,2}(,\d{2})+,\d{3}$/ : /^\d{1,3}(\.\d{3})+$/
    return grouped.test(digits) && !firm ? [[joined, '']] : []
  }
  if (marks.length > 1) {
    // Of two marks the last one begins the fraction.
    const other = marks[0]
    const groups = new RegExp(`^\\d{1,3}(\\${other}\\d{3})+$`)
    return marks.indexOf(last) === marks.length - 1 && groups.test(before) && !firm ? [[before.replaceAll(other, ''), behind]] : []
  }
  const fraction = /** @type {[string, string]} */ ([before, behind])
  // What has its thousands parted already, or begins with a nought, goes on with a fraction.
  const thousands = /^[1-9]\d{0,2}$/.test(before) && behind.length === 3
  if (firm || /^0*$/.test(before) || !whole) return [fraction]
  if (last === ',') return thousands ? [[joined, '']] : behind === '' ? [] : [[joined, ''], fraction]
  return thousands ? [[joined, ''], fraction] : [fraction]
}

/**
 * A number of calls: `100k`, `10万`, `1,000,000`, `1.5m`, `2亿次`, `5e4`. What can be meant in two ways is asked about. Negative,
 * fractional and huge ones are read too: to refuse them is the engine's business.
 * @param {string} text
 * @returns {TypedCount}
 */
export function readCount(text) {
  const typed = plain(text).toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ')
  if (typed === '') return { code: 'nothing_typed' }
  const power = /^\+?(\d+)(?:\.(\d+))?e\+?(\d{1,2})$/.exec(typed)
  if (power) return { value: Number(movePoint(power[1], power[2] ?? '', Number(power[3]))) }
  const match = /^([+-]?)\s?([\d.,'_ ]*?)\s?([a-z\p{Script=Han} ]*)$/u.exec(typed)
  const unit = UNITS[(match?.[3] ?? '?').replaceAll(' ', '').replace(/(calls?|次)$/, '')]
  if (!match || unit === undefined) return { code: 'not_a_count' }
  const all = partsOf(match[2])
  if (all.length === 0) return { code: 'not_a_count' }
  // Nobody writes 1.500k for 1,500; 1.234k is as plain as 1.2k.
  const parts = unit > 0 && all.length > 1 && !match[2].includes(',') && !all[1][1].endsWith('0') ? [all[1]] : all
  const [size, other] = parts.map(([whole, fraction]) => movePoint(whole, fraction, unit))
  if (other === undefined) return { value: signed(match[1], Number(size)) }
  return { code: 'number_unclear', either: [`${minus(match[1])}${grouped(size)}`, `${minus(match[1])}${grouped(other)}`] }
}

/** @param {string} sign @param {number} size */
const signed = (sign, size) => Math.min(sign === '-' ? -size : size, Number.MAX_VALUE)

/** @param {string} sign */
const minus = (sign) => (sign === '-' ? '-' : '')

/** Digits with commas between thousands; of a fraction as many places as can only be a fraction. @param {string} digits */
function grouped(digits) {
  const [whole, fraction = ''] = digits.split('.')
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === '' ? parted : `${parted}.${fraction.length === 3 && !parted.includes(',') ? `${fraction}0` : fraction}`
}

/**
 * A share typed in per cent, as the decimal that the engine takes: `98.5` → `0.985`. A comma begins a fraction: no share has thousands.
 * @param {string} text
 * @returns {TypedText}
 */
export function readShare(text) {
  const typed = plain(text)
  const match = /^([+-]?)([\d.,]+)\s*%?$/.exec(typed)
  const [parts] = match ? partsOf(match[2], false) : []
  if (!match || !parts) return { code: typed === '' ? 'nothing_typed' : 'invalid_decimal' }
  return { value: minus(match[1]) + movePoint(parts[0], parts[1], -2) }
}

/**
 * An amount of money, without its currency: `0.08`, `.08`, `0,08`, `3,200`, `1.234,5`. What can be meant in two ways is asked about.
 * @param {string} text
 * @returns {TypedText}
 */
export function readMoney(text) {
  const typed = plain(text).replaceAll('’', "'").replace(/\s+/g, ' ')
  const match = /^([+-]?)([\d.,'_ ]+)$/.exec(typed)
  const [amount, other] = match ? partsOf(match[2]).map(([whole, fraction]) => movePoint(whole, fraction, 0)) : []
  if (!match || amount === undefined) return { code: typed === '' ? 'nothing_typed' : 'invalid_decimal' }
  if (other === undefined) return { value: minus(match[1]) + amount }
  return { code: 'number_unclear', either: [`${minus(match[1])}${grouped(amount)}`, `${minus(match[1])}${grouped(other)}`] }
}

/**
 * An amount as programs write it: commas part thousands, a point begins the fraction, however many digits follow.
 * @param {string} text
 * @returns {TypedText}
 */
export function readDecimal(text) {
  const typed = plain(text).replace(/(?<=\d)[,'’\s](?=\d{3}(\D|$))/g, '')
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(typed)
  if (!match || (match[2] === '' && !match[3])) return { code: typed === '' ? 'nothing_typed' : 'invalid_decimal' }
  return { value: match[1] + movePoint(match[2], match[3] ?? '', 0) }
}

/**
 * An instant: `2023-03-20 10:30:00`, `2023/3/20 10:30`, `2023年3月20日`, `20 Mar 2023`, or with an offset of its own. Without one it
 * is wall-clock time in the catalog's zone, which the page names. `05/01/2027` is asked about.
 * @param {string} text
 * @param {string} offset
 * @returns {TypedText}
 */
export function readInstant(text, offset) {
  const typed = plain(text)
  if (typed === '') return { code: 'nothing_typed' }
  const match = /^(.+?)(?:(?:T|[\s,]+|(?<=日))(\d{1,2})[:时時](\d{2})(?:[:分](\d{2})?秒?)?\s*(Z|[+-]\d{2}:\d{2})?)?$/i.exec(typed)
  const [, day = '', hour = '0', minute = '00', second = '00', zone = offset] = match ?? []
  const found = daysOf(day.replace(/(?<=\d)(st|nd|rd|th)\b/i, ''))
  if (found.length === 0) return { code: 'invalid_instant' }
  const time = match?.[2] ? ` ${two(hour)}:${minute}` : ''
  if (found.length > 1) return { code: 'date_unclear', either: [found[0] + time, found[1] + time] }
  return { value: `${found[0]}T${two(hour)}:${minute}:${second}${zone}` }
}

/** The days that a date can mean. @param {string} text @returns {string[]} */
function daysOf(text) {
  const year = /^(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?$|^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (year) return [`${year[1] ?? year[5]}-${two(year[3] ?? year[6])}-${two(year[4] ?? year[7])}`]
  const named = new RegExp(`^(?:(\\d{1,2})[-\\s]*(${MONTH_NAME})|(${MONTH_NAME})\\.?[-\\s]*(\\d{1,2}))[.,]?[-,\\s]+(\\d{4})$`, 'i').exec(text)
  if (named) return [`${named[5]}-${numberOf(named[2] ?? named[3])}-${two(named[1] ?? named[4])}`]
  const [, first, , last, at] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text) ?? []
  if (!first) return []
  // The day first, then the month first; where there is no such month, the other.
  const days = [[first, last], [last, first]].filter(([, month]) => Number(month) >= 1 && Number(month) <= 12)
  return [...new Set(days.map(([day, month]) => `${at}-${two(month)}-${two(day)}`))]
}

/** @param {string} digits */
const two = (digits) => digits.padStart(2, '0')

/** The number of a month by its name: "01". @param {string} name */
const numberOf = (name) => two(String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1))

/**
 * A month from 1970 to 2199: `2026-12`, `2026/12`, `2026年12月`, `202612`, `Dec 2026`, `December 2026`, `12/2026`, `Dec-26`.
 * @param {string} text
 * @returns {TypedText}
 */
export function readMonth(text) {
  const typed = plain(text)
  if (typed === '') return { code: 'nothing_typed' }
  const found = monthOf(typed)
  const counted = found && Number(found.year) >= 1970 && Number(found.year) <= 2199
  return counted ? { value: `${found.year}-${found.month}` } : { code: 'invalid_month' }
}

/**
 * A month with its year, or without: `Jan`, `1月`, `一月`.
 * @param {string} text @returns {{ year: string, month: string } | undefined}
 */
export function monthOf(text) {
  const typed = plain(text).replace(/([一二三四五六七八九十]+)月/, (whole, numeral) => (NUMERALS.includes(numeral) ? `${NUMERALS.indexOf(numeral)}月` : whole))
  const first = /^(\d{4})\s*[-/.年]\s*(\d{1,2})月?份?$|^(\d{4})(\d{2})$/.exec(typed)
  if (first) return inYear(first[1] ?? first[3], first[2] ?? first[4])
  const last = /^(\d{1,2})\s*[-/.]\s*(\d{4})$/.exec(typed)
  if (last) return inYear(last[2], last[1])
  const lone = /^(\d{1,2})月份?$/.exec(typed)
  if (lone) return inYear('', lone[1])
  const named = new RegExp(`^(?:(\\d{4})[-,\\s]*)?(${MONTH_NAME})\\.?(?:[-,'\\s]*(\\d{4}|\\d{2}))?$`, 'i').exec(typed)
  if (!named || (named[1] && named[3])) return undefined
  const year = named[1] ?? named[3] ?? ''
  return { year: year.length === 2 ? `20${year}` : year, month: numberOf(named[2]) }
}

/** @param {string} year @param {string} month */
const inYear = (year, month) => (Number(month) >= 1 && Number(month) <= 12 ? { year, month: two(month) } : undefined)

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
