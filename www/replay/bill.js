// A provider's bill as rows, and what its columns mean. The figures stay as they were written; the engine compares them.

import { namesOf } from '../catalog.js'
import { unsigned } from '../format.js'
import { plain, readCount, readDecimal, readInstant } from '../typed.js'

/** @typedef {import('../catalog.js').Catalog} Catalog */
/** A bill as it stands in its file; of each row, the line on which it starts. @typedef {{ rows: string[][], lines: number[], separator: string }} BillFile */
/** A row of a bill that is not held against the answer: its line in the file, and the name in it that is not known, else that of its product. @typedef {{ line: number, name: string }} Row */
/** Rows that are not held against the answer: those that name what this catalog does not have, refunds, and how many sum up others. @typedef {{ foreign: Row[], refunds: Row[], sums: number }} LeftOut */

/** What a column of a bill can mean, in the order in which it is asked for; the first and the last must be there. */
export const BILL_COLUMNS = /** @type {const} */ (['start', 'end', 'kind', 'api', 'region', 'project', 'calls', 'amount'])

/** A longer bill is refused: its sum would lack what was cut off. */
const ROWS_END = 200_000
const BYTES_END = 64 << 20
const AMOUNT_END = 100

/**
 * A bill file; its first row holds the titles.
 * @param {Blob} file @returns {Promise<BillFile>}
 */
export async function readBill(file) {
  if (file.size > BYTES_END) throw { code: 'bill_too_large' }
  const text = new TextDecoder('utf-8', { fatal: true })
  let whole
  try {
    whole = text.decode(await file.arrayBuffer())
  } catch {
    throw { code: 'log_not_text' }
  }
  if (whole.includes('\0')) throw { code: 'log_not_text' }
  const bill = split(whole)
  if (bill.rows.length < 2) throw { code: 'log_empty' }
  if (bill.rows.length - 1 > ROWS_END) throw { code: 'bill_too_long' }
  return bill
}

/** @param {string} text */
function split(text) {
  try {
    return parsed(text)
  } catch (error) {
    // Millions of quotes are more than a browser's patterns bear.
    throw /** @type {any} */ (error).code ? error : { code: 'log_not_text' }
  }
}

/**
 * Records and fields of a text: comma, semicolon or tab, whichever the first line has most of; quotes as in RFC 4180.
 * @param {string} text @returns {BillFile}
 */
export function parsed(text) {
  const first = /[^\r\n]+/.exec(text)?.[0] ?? ''
  const separator = [',', ';', '\t'].reduce((best, it) => (first.split(it).length > first.split(best).length ? it : best))
  // A field in quotes, or one without; then what ends it.
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|(?!")([^${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`, 'gy')
  const rows = /** @type {string[][]} */ ([])
  const lines = /** @type {number[]} */ ([])
  let row = /** @type {string[]} */ ([])
  // As an editor counts them: blank lines, and those within quotes, are lines too.
  let [line, start] = [1, 1]
  while (field.lastIndex < text.length) {
    const found = field.exec(text)
    if (!found) throw { code: 'quote_unclosed', place: `bill:${line}` }
    line += found[1]?.match(/\r\n|\r|\n/g)?.length ?? 0
    row.push((found[1]?.replaceAll('""', '"') ?? found[2]).trim())
    if (found[3] === separator && field.lastIndex < text.length) continue
    // A separator that ends the text has an empty field after it.
    if (found[3] === separator) row.push('')
    if (row.some(Boolean)) {
      rows.push(row)
      lines.push(start)
    }
    row = []
    start = line += 1
  }
  return { rows, lines, separator }
}

const TITLES = /** @type {Record<string, RegExp>} */ ({
  start: /start|begin|from|开始|起始/i,
  end: /end|until|结束|截止/i,
  kind: /mode|kind|计费模式|计费方式|消费类型/i,
  api: /api|interface|product|item|specification|接口|规格|产品/i,
  region: /region|区域|地域/i,
  project: /project|企业项目|项目/i,
  calls: /usage|quantity|calls|count|用量|次数/i,
  amount: /amount|cost|fee|payable|金额|费用/i,
})

/** What the titles suggest; a person decides. @param {string[]} titles @returns {Record<string, number | null>} */
export function suggested(titles) {
  const taken = new Set()
  return Object.fromEntries(
    BILL_COLUMNS.map((column) => {
      const at = titles.findIndex((title, index) => !taken.has(index) && TITLES[column].test(title))
      if (at < 0) return [column, null]
      taken.add(at)
      return [column, at]
    }),
  )
}

/** The first cell of a row that sums up others. */
const SUM = /^(((grand|sub)[\s-]?)?totals?|(合计|总计|小计|总额)(金额|费用)?)\s*([:：(（]|$)/i

/**
 * The rows of a bill as the engine takes them. Lines whose product or region is none of the catalog's may still be a purchase of the
 * answer: the engine knows by instant and amount. Refunds, which no answer has, and sums of other rows are left out.
 * @param {BillFile} bill @param {Record<string, number | null>} columns @param {string} zone of times without one @param {Catalog} catalog
 * @returns {{ lines: any[], rows: Row[], leftOut: LeftOut }} with the row of each line in the file
 */
export function billRows(bill, columns, zone, catalog) {
  const taken = /** @type {Row[]} */ ([])
  const leftOut = /** @type {LeftOut} */ ({ foreign: [], refunds: [], sums: 0 })
  const [titles, ...rows] = bill.rows
  const commas = commasOf(bill, columns.amount ?? -1)
  const currency = currencyOf(/\(([^()]+)\)$/.exec(plain(titles[columns.amount ?? -1] ?? ''))?.[1] ?? '')
  if (currency && currency !== catalog.currency) throw { code: 'other_currency', place: `bill:${bill.lines[0]}`, column: 'amount' }
  const lines = rows.flatMap((row, index) => {
    const place = `bill:${bill.lines[index + 1]}`
    const text = (/** @type {string} */ column) => (columns[column] == null ? '' : (row[columns[column]] ?? ''))
    const read = (/** @type {string} */ column, /** @type {{ value: any } | { code: string }} */ it) => {
      if ('value' in it) return it.value
      throw { ...it, place, column }
    }
    if (SUM.test(row.find(Boolean) ?? '')) {
      leftOut.sums += 1
      return []
    }
    if (row.slice(titles.length).some(Boolean)) throw { code: 'too_many_fields', place, column: cutIn(row, columns) }
    const of = { line: bill.lines[index + 1], name: text('api') }
    const leave = (/** @type {'foreign' | 'refunds'} */ why) => {
      leftOut[why].push(of)
      return []
    }
    const kind = /包|package|plan|prepaid|subscription|yearly/i.test(text('kind')) ? 'package' : text('kind') && /按|pay|post|用量/i.test(text('kind')) ? 'pay-per-use' : ''
    const api = known(catalog.apis, text('api'))
    const region = known(catalog.regions, text('region'))
    const stranger = (/** @type {string} */ column, /** @type {string | undefined} */ id) => text(column) !== '' && id === undefined
    // Everything that a provider sells can be bought for a year; a package may be valid in more regions than one.
    const foreign = kind === 'package' ? stranger('api', api) && !isPackage(catalog, text('api')) : stranger('api', api) || stranger('region', region)
    if (foreign && !stranger('api', api)) of.name = text('region')
    const number = (/** @type {string} */ column) => {
      const typed = plain(text(column))
      if (commas === 'decimal') return typed.replaceAll('.', '').replace(',', '.')
      // Behind a point no comma parts thousands.
      if (/\.\d*,/.test(typed) || (commas === 'unknown' && /^[^.]*,/.test(typed))) throw { code: 'comma_unclear', place, column }
      return typed
    }
    // Of what is somebody else's, nothing has to be readable.
    if (foreign && kind === 'pay-per-use') return leave('foreign')
    let amount = ''
    let span = {}
    try {
      amount = read('amount', readAmount(number('amount'), catalog.currency))
      span = { start: read('start', readInstant(text('start'), zone)), ...(text('end') ? { end: read('end', readInstant(text('end'), zone)) } : {}) }
    } catch (error) {
      if (foreign) return leave('foreign')
      throw error
    }
    if (/^-.*[1-9]/.test(amount)) return leave(foreign ? 'foreign' : 'refunds')
    taken.push(of)
    if (foreign) return { ...span, ...(kind ? { kind } : {}), foreign: true, amount: unsigned(amount) }
    return {
      ...span,
      ...(kind ? { kind } : {}),
      ...(api ? { api } : {}),
      ...(region ? { region } : {}),
      ...(text('project') ? { project: text('project') } : {}),
      ...(text('calls') ? { calls: read('calls', readCalls(number('calls'))) } : {}),
      amount: unsigned(amount),
    }
  })
  return { lines, rows: taken, leftOut }
}

/** The column whose number was most likely cut in two: 1,234.56 without quotes. @param {string[]} row @param {Record<string, number | null>} columns */
function cutIn(row, columns) {
  const at = (/** @type {string} */ column) => columns[column] ?? row.length
  const cut = (/** @type {string} */ column) => /^\D{0,3}\d{1,3}$/.test(row[at(column)] ?? '') && /^\d{3}(\D|$)/.test(row[at(column) + 1] ?? '')
  return ['calls', 'amount'].sort((one, other) => at(one) - at(other)).find(cut) ?? 'amount'
}

/**
 * What the engine has against a line, with its place in the file.
 * @param {any} problem @param {Row[]} rows of the lines
 */
export function placed(problem, rows) {
  const [, index, column] = /\bbill\[(\d+)\](?:\.(\w+))?$/.exec(problem?.place ?? '') ?? []
  return index === undefined ? problem : { code: problem.code, place: `bill:${rows[Number(index)].line}`, column }
}

/**
 * What a comma means in the numbers of a bill: where semicolons separate, it may be a decimal comma, and amounts that can only be read in one way settle it.
 * @param {BillFile} bill @param {number} at the column of the amounts
 */
function commasOf({ rows, separator }, at) {
  if (separator !== ';') return 'thousands'
  const some = (/** @type {RegExp} */ pattern) => rows.some((row, index) => index > 0 && pattern.test(plain(row[at] ?? '')))
  const decimal = some(/^[^,]*\d,(\d{1,2}|\d{4,})(\D*$)|\.\d{3},\d/)
  const point = some(/^[^.]*\d\.(\d{1,2}|\d{4,})(\D*$)|,\d{3}\.\d/)
  return decimal === point ? 'unknown' : decimal ? 'decimal' : 'thousands'
}

/** What currencies are called, beside their codes. */
const SIGNS = new Map(Object.entries({ '¥': 'CNY', RMB: 'CNY', 元: 'CNY', 人民币: 'CNY', $: 'USD', US$: 'USD', 美元: 'USD', '€': 'EUR', '£': 'GBP' }))
const CODES = new Set(Intl.supportedValuesOf('currency'))

/** The currency that a word names, if any. @param {string} word */
function currencyOf(word) {
  const code = SIGNS.get(word.toUpperCase()) ?? word.toUpperCase()
  return CODES.has(code) ? code : undefined
}

/** An amount, with its currency before or after it, or without. @param {string} text @param {string} currency of the answer @returns {import('../typed.js').TypedText} */
function readAmount(text, currency) {
  const typed = plain(text)
  // No amount is longer, and a pattern would take its time over a million spaces.
  if (typed.length > AMOUNT_END) return { code: 'invalid_decimal' }
  const [, minus, before, number, after] = /^(-?)([^-\d.,\s]*)\s*(-?[\d.,'’\s]*?)\s*([^-\d.,\s]*)$/.exec(typed) ?? []
  const currencies = [before, after].filter(Boolean).map(currencyOf)
  if (typed !== '' && (!number || currencies.includes(undefined))) return { code: 'invalid_decimal' }
  if (currencies.some((it) => it !== currency)) return { code: 'other_currency' }
  return readDecimal(minus + number)
}

/** A number of calls: a point begins the fraction that programs write behind whole numbers, too. @param {string} text @returns {import('../typed.js').TypedCount} */
function readCalls(text) {
  const read = readDecimal(text)
  const calls = 'value' in read ? { value: Number(read.value) } : readCount(text)
  return 'either' in calls ? { code: 'comma_unclear' } : calls
}

/** Whether a product is a package of this catalog: by its name, the name of its API, or as text recognition at large. @param {Catalog} catalog @param {string} product */
function isPackage({ apis, packages }, product) {
  const api = product.slice(0, 200).replace(/[\s(（·:：-]*(套餐包|资源包|(resource )?(package|plan)).*$/i, '')
  return Boolean(known(packages, product) || known(apis, api)) || /文字识别|\bOCR\b|(text|character) recognition/i.test(product.replaceAll('_', ' '))
}

/** The id of what a name means. @param {{ id: string, name?: any, operation?: string, path?: string, also?: string[] }[]} rows @param {string} name */
function known(rows, name) {
  const wanted = spelled(name)
  return (wanted || undefined) && rows.find((row) => [row.id, row.operation, row.path, ...(row.also ?? []), ...namesOf({ name: '', .../** @type {any} */ (row) })].some((it) => it !== undefined && spelled(it) === wanted))?.id
}

/** A name without what people write differently, as the engine reads the names in a log. @param {string} name */
const spelled = (name) => name.trim().toLowerCase().replaceAll('（', '(').replaceAll('）', ')').replaceAll(' (', '(')
