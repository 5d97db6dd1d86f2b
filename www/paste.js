// Reads what is pasted into the twelve months: a column or a row of counts, or two columns, month and calls, as spreadsheets,
// Markdown tables and plain lists have them. It is placed whole, or not at all and the line at fault is named.

import { monthOf, plain, readCount, readInstant } from './typed.js'

/** @typedef {import('./question.js').Problem} Problem */
/** A count, with the month beside it, if there was one, and how it was written; `year` is empty where none was. @typedef {{ line: number, calls: string, said: string, month?: { year: string, month: string } }} Row */
/** A row of cells, and the line they stood in. @typedef {{ line: number, cells: string[] }} Cells */

/** No paste is longer: twelve months need no more. */
const LINES_END = 1_000

/**
 * What several cells say; null for one value, which is typed like any other.
 * @param {string} text @returns {{ rows: Row[] } | { problem: Problem } | null}
 */
export function readPaste(text) {
  const lines = text
    .split(/\r\n|\r|\n/, LINES_END)
    .map((line, index) => ({ line: index + 1, text: line.replaceAll('\u00a0', ' ') }))
    .filter(({ text: line }) => !/^[\s|:-]*\|[\s|:-]*-[\s|:-]*$/.test(line))
  while (lines.length > 0 && lines[lines.length - 1].text.trim() === '') lines.pop()
  if (lines.length === 0 || (lines.length === 1 && !/[\t|;；]/.test(lines[0].text.trim()) && single(lines[0].text))) return null
  const mark = ['\t', '|', ';', '；'].find((it) => lines.some(({ text: line }) => line.includes(it)))
  const grid = /** @type {Cells[]} */ ([])
  for (const { line, text: said } of lines) {
    const cells = mark ? parted(said, mark) : listed(said)
    if (!cells) return wrong(line, said, 'paste_commas')
    grid.push({ line, cells })
  }
  // Months above their calls lie on their side.
  const [first, second] = grid
  const side = (grid.length === 1 && !monthIn(first.cells[0] ?? '')) || (grid.length === 2 && !monthIn(second.cells[0] ?? '') && first.cells.length > 2 && first.cells.length === second.cells.length)
  return rowsOf(side ? first.cells.map((cell, at) => ({ line: first.line, cells: second ? [cell, second.cells[at]] : [cell] })) : grid)
}

/** Whether a line is one value: a number, or anything that is no list of numbers. @param {string} line */
function single(line) {
  const [first, ...rest] = listed(line) ?? []
  const numbers = rest.length > 0 && rest.every((cell) => codeOf(cell) === '')
  return !numbers || !(codeOf(first) === '' || (rest.length === 1 && monthIn(first)))
}

/** @param {string} line @param {string} mark */
function parted(line, mark) {
  const inner = mark === '|' ? line.trim().replace(/^\||\|$/g, '') : line
  return trimmed(inner.split(mark))
}

/** Cells without quotes around them, and without the empty ones at the end. @param {string[]} cells */
function trimmed(cells) {
  const plainly = cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1').trim())
  return plainly.slice(0, plainly.findLastIndex((cell) => cell !== '') + 1)
}

/**
 * The cells of a line without tabs, bars or semicolons: several blanks part them, else commas, else the blank behind a month. A comma
 * parts thousands too: where it could be either, undefined.
 * @param {string} text
 */
function listed(text) {
  const line = text.trim()
  if (monthIn(line) || !('code' in readCount(line))) return [line]
  if (/"/.test(line)) return trimmed(line.match(/"[^"]*"|[^,]+/g) ?? [])
  if (/\S\s{2,}\S/.test(line)) return trimmed(line.split(/\s{2,}/))
  const comma = line.search(/[,，]/)
  if (comma > 0 && monthIn(line.slice(0, comma))) {
    const rest = line.slice(comma + 1)
    return /^[^\s].*[,，]/.test(rest) ? undefined : trimmed([line.slice(0, comma), rest])
  }
  // The longest beginning that is a month.
  for (let at = line.lastIndexOf(' '); at > 0; at = line.lastIndexOf(' ', at - 1))
    if (monthIn(line.slice(0, at))) return trimmed([line.slice(0, at), line.slice(at)])
  return trimmed(line.split(comma > 0 ? /[,，]\s*/ : / /))
}

/** The month that a cell names, or whose first day it is. @param {string} cell */
function monthIn(cell) {
  const named = monthOf(cell)
  if (named) return named
  const day = /\d.*[-/.年]\s*\d{1,2}.*[-/.月]/.test(plain(cell)) ? readInstant(cell, 'Z') : { code: '' }
  const [, year, month] = ('value' in day && /^(\d{4})-(\d\d)-01T00:00:00/.exec(day.value)) || []
  return year ? { year, month } : undefined
}

/** @param {Cells[]} grid @returns {{ rows: Row[] } | { problem: Problem }} */
function rowsOf(grid) {
  const known = (/** @type {Cells} */ { cells }) => cells.some((cell) => monthIn(cell) || !['not_a_count', 'nothing_typed'].includes(codeOf(cell)))
  // Titles may stand above.
  const rows = grid.length > 1 && !known(grid[0]) ? grid.slice(1) : grid
  const full = rows.some(({ cells }) => cells.length > 1) ? rows.filter(({ cells }) => cells.length > 0) : rows
  const wide = full.find(({ cells }) => cells.length > 2)
  if (wide) return wrong(wide.line, wide.cells.join(' · '), 'paste_columns')
  const two = full.some(({ cells }) => cells.length === 2)
  // The month may stand behind.
  const behind = two && full.every(({ cells }) => !monthIn(cells[0]) && monthIn(cells[1] ?? ''))
  const read = /** @type {Row[]} */ ([])
  for (const { line, cells } of full) {
    const [said, calls] = two ? (behind ? [cells[1], cells[0]] : cells) : ['', cells[0]]
    const month = two ? monthIn(said ?? '') : undefined
    if (two && !month) return wrong(line, said ?? '', 'invalid_month')
    const count = readCount(calls ?? '')
    if ('code' in count) return { problem: { ...count, line, cell: calls ?? '' } }
    read.push({ line, calls: plain(calls).slice(0, 40), said: said ?? '', ...(month ? { month } : {}) })
  }
  return { rows: read }
}

/** @param {string} cell */
const codeOf = (cell) => {
  const read = readCount(cell)
  return 'code' in read ? read.code : ''
}

/** @param {number} line @param {string} cell @param {string} code @returns {{ problem: Problem }} */
const wrong = (line, cell, code) => ({ problem: { code, line, cell: cell.trim().slice(0, 40) } })

/**
 * Rows in their months. What has no month goes from the month pasted into on; years that the twelve do not reach move their beginning.
 * @param {Row[]} rows
 * @param {{ months: string[], twelve: string[], at: number }} now the twelve months with their numbers, and the one pasted into
 * @returns {{ from: string, twelve: string[] } | { problem: Problem }}
 */
export function placeRows(rows, { months, twelve, at }) {
  const number = (/** @type {string} */ year, /** @type {string} */ month) => Number(year) * 12 + Number(month) - 1
  const begins = number(months[0].slice(0, 4), months[0].slice(5))
  if (!rows[0].month) {
    if (at + rows.length > 12) return { problem: { code: 'paste_too_many', count: rows.length, room: 12 - at } }
    return { from: months[0], twelve: twelve.map((calls, month) => rows[month - at]?.calls ?? calls) }
  }
  const dated = rows.filter(({ month }) => month?.year)
  const undated = rows.find(({ month }) => !month?.year)
  if (dated.length > 0 && undated) return wrong(undated.line, undated.said, 'invalid_month')
  const places = rows.map(({ month }) => (month?.year ? number(month.year, month.month) : begins + ((Number(month?.month) - 1 - begins) % 12 + 12) % 12))
  const inside = places.every((place) => place >= begins && place < begins + 12)
  const first = inside ? begins : places.reduce((least, place) => Math.min(least, place))
  const outside = rows.find((_, index) => places[index] >= first + 12)
  if (outside) return wrong(outside.line, outside.said, 'paste_outside')
  const twice = rows.find((_, index) => places.indexOf(places[index]) < index)
  if (twice) return wrong(twice.line, twice.said, 'paste_twice')
  return {
    from: `${String(Math.floor(first / 12)).padStart(4, '0')}-${String((first % 12) + 1).padStart(2, '0')}`,
    // Months that were there keep their calls; new ones that nothing was pasted for have none.
    twelve: twelve.map((_, month) => rows[places.indexOf(first + month)]?.calls ?? twelve[first + month - begins] ?? '0'),
  }
}
