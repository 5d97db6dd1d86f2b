// The log: where it comes in, how far it was read, what its columns mean, and what of it could not be used.

import { h } from '../dom.js'
import { byErrorCode } from '../inputs.js'
import { idOf, marks, meant } from '../view/parts.js'
import { columnsOf, lacking, oneRegion } from './request.js'
import { COLUMNS } from './state.js'

/** @typedef {import('./page.js').ReplayPage} Page */
/** @typedef {import('../dom.js').Child} Child */

/** More names are counted, not shown. */
const NAMES_END = 50
/** So many lines are named for each kind of problem. */
const LINES_END = 5

/** Zones that clocks show. */
const ZONES = [
  '-12:00', '-11:00', '-10:00', '-09:30', '-09:00', '-08:00', '-07:00', '-06:00', '-05:00', '-04:00', '-03:30', '-03:00', '-02:00', '-01:00', '+00:00', '+01:00', '+02:00', '+03:00', '+03:30', '+04:00',
  '+04:30', '+05:00', '+05:30', '+05:45', '+06:00', '+06:30', '+07:00', '+08:00', '+08:45', '+09:00', '+09:30', '+10:00', '+10:30', '+11:00', '+12:00', '+12:45', '+13:00', '+14:00',
]

/** A link to another part of the page. @param {Page} page @param {string} css @param {string} text */
export const jump = (page, css, text) =>
  h(
    'a',
    {
      href: `#${css.slice(1)}`,
      key: css,
      onClick: (/** @type {Event} */ event) => {
        event.preventDefault()
        page.go(css)
      },
    },
    text,
  )

/** @param {Page} page */
export function logView(page) {
  const { t, log } = page
  return h(
    'section',
    { class: log.file ? 'log has' : 'log', 'aria-label': t('log'), key: 'log' },
    fileView(page),
    workView(page),
    log.head?.garbled && h('p', { class: 'problem', role: 'alert', key: 'garbled' }, t('log.garbled')),
    log.head && columnsView(page),
    log.head && askedView(page),
  )
}

/** @param {Page} page */
function fileView({ t, f, log, take }) {
  const choose = (/** @type {any} */ event) => {
    const [file] = event.target.files
    if (file) take(file)
    event.target.value = ''
  }
  return h(
    'div',
    { class: 'drop-zone' },
    h('input', { type: 'file', id: 'field-file', class: 'hidden', accept: '.csv,.tsv,.txt,.log,.gz,text/csv,text/plain,application/gzip', 'aria-describedby': 'file-hint', onChange: choose }),
    log.file
      ? [h('b', { class: 'file' }, log.file.name), ' ', h('span', { class: 'soft' }, f.bytes(log.file.size)), ' ', h('label', { for: 'field-file', class: 'button' }, t('log.another'))]
      : [h('p', { class: 'invite' }, t('log.drop')), h('label', { for: 'field-file', class: 'button main' }, t('log.choose'))],
    h('p', { class: 'fine', id: 'file-hint' }, t('log.hint')),
  )
}

/** @param {Page} page */
function workView(page) {
  const { t, log, again, cancel } = page
  const { work } = log
  const button = (/** @type {string} */ text, /** @type {() => void} */ onClick) => h('button', { type: 'button', class: 'plain', onClick }, text)
  if (work.at === 'reading') return h('div', { class: 'work', key: 'work' }, progressView(page, work), button(t('log.cancel'), cancel))
  if (work.at === 'cancelled') return h('p', { class: 'work', key: 'cancelled' }, t('log.cancelled'), ' ', button(t('log.again'), again))
  if (work.at === 'failed')
    return h('div', { class: 'work', key: 'failed' }, h('p', { class: 'problem', role: 'alert' }, failureText(page, work.problem)), button(t(work.problem.code === 'engine_not_loaded' ? 'engine.again' : 'log.again'), again))
  return null
}

/** A problem of the whole file; of a column, with the column’s name. @param {Page} page @param {import('../question.js').Problem} problem */
export function failureText(page, problem) {
  const { t, f } = page
  const key = `error.${problem.code}`
  const column = /^log\.columns\.(\w+)$/.exec(problem.place ?? '')?.[1]
  const place = COLUMNS.some((it) => it === column) ? t(`column.${column}`) : (problem.place ?? '')
  return t(t.has(key) ? key : 'error.other', { code: problem.code, place, ...meant(f, problem) })
}

/** @param {Page} page @param {{ began: number, progress?: import('./log.js').Progress }} work @param {string} [label] */
export function progressView({ t, f }, { began, progress }, label = t('log.reading')) {
  const { pass, rows, bytes, of } = progress ?? { pass: 1, rows: 0, bytes: 0, of: 0 }
  const spent = performance.now() - began
  const left = bytes > 0 && spent > 500 && pass === 1 ? Math.ceil(((spent / bytes) * (of - bytes)) / 1000) : undefined
  const says = [
    pass > 1 ? t('log.pass') : t('log.rows', { rows: f.count(rows) }),
    of > 0 && t('log.bytes', { bytes: f.bytes(bytes), of: f.bytes(of) }),
    left !== undefined && t('log.left', { seconds: f.count(left), one: left === 1 }),
  ]
  return [h('progress', { 'aria-label': label, max: String(of || 1), value: bytes }), h('span', { class: 'soft' }, says.filter(Boolean).join(' · '))]
}

/** What each column means, to be changed by hand. @param {Page} page */
function columnsView(page) {
  const { t, f, log, send } = page
  const { head } = log
  if (!head) return null
  const columns = columnsOf(log)
  const width = Math.max(head.header.length, ...head.sample.map((row) => row.length))
  const titles = Array.from({ length: width }, (_, at) => head.header[at]?.trim() || t('column.nth', { number: f.count(at + 1) }))
  const missing = lacking(log)
  const meant = (/** @type {number} */ at) => COLUMNS.filter((column) => columns[column] === at)
  return h(
    'details',
    { class: 'columns', key: 'columns', open: missing.length > 0 || undefined },
    h('summary', null, h('h3', null, t('columns')), h('small', null, COLUMNS.filter((it) => columns[it] != null).map((it) => t(`column.${it}`)).join(f.lang === 'en' ? ', ' : '、') || t('columns.none'))),
    h('p', { class: 'fine' }, t('columns.hint')),
    h(
      'div',
      { class: 'mapping' },
      COLUMNS.filter((column) => column !== 'errorCode' || byErrorCode(page.catalog)).map((column) => {
        const field = `column.${column}`
        const wrong = missing.some((it) => it === column)
        const onChange = (/** @type {any} */ event) => send({ type: 'column', column, to: event.target.value === '' ? null : Number(event.target.value) })
        return h(
          'div',
          { class: 'field', key: column },
          h('label', { for: idOf(field) }, t(field), column === 'at' && h('small', null, t('needed'))),
          h(
            'select',
            { id: idOf(field), onChange, value: columns[column] == null ? '' : String(columns[column]), 'aria-invalid': wrong && column === 'at' && 'true', 'aria-describedby': wrong && column === 'at' && `${idOf(field)}-problem` },
            h('option', { value: '', key: '' }, t('column.none')),
            titles.map((title, at) => h('option', { value: String(at), key: at }, title)),
          ),
          wrong && column === 'at' && h('p', { class: 'problem', id: `${idOf(field)}-problem` }, t('column.lacking')),
        )
      }),
    ),
    h(
      'div',
      { class: 'scroll' },
      h(
        'table',
        { class: 'sample' },
        h('thead', null, h('tr', null, titles.map((title, at) => h('th', { scope: 'col' }, title, h('small', { class: 'meant' }, meant(at).map((it) => t(`column.${it}`)).join(' · ') || '\u00a0'))))),
        h('tbody', null, head.sample.map((row) => h('tr', null, titles.map((_, at) => h('td', null, (row[at] ?? '').slice(0, 80)))))),
      ),
    ),
  )
}

/** What the log leaves open. @param {Page} page */
function askedView(page) {
  const { t, f, log, catalog } = page
  const { head } = log
  if (!head || !catalog) return null
  const columns = columnsOf(log)
  const missing = lacking(log)
  const zoned = head.needsZone || log.zone !== '' || (log.answer?.answer.problemCounts ?? []).some(({ code }) => code === 'instant_without_offset')
  const ask = (/** @type {'zone' | 'region' | 'api'} */ field, /** @type {[string, string][]} */ options, /** @type {string} */ value) => {
    const onChange = (/** @type {any} */ event) => page.send({ type: 'type', field, text: event.target.value })
    const wrong = missing.some((it) => it === field)
    return h(
      'div',
      { class: 'field', key: field },
      h('label', { for: idOf(field) }, t(`ask.${field}`)),
      h('select', { ...marks(page, field), 'aria-required': wrong && 'true', onChange, value }, h('option', { value: '', key: '' }, t('ask.choose')), options.map(([id, text]) => h('option', { value: id, key: id }, text))),
    )
  }
  const fields = [
    zoned && ask('zone', ZONES.map((zone) => [zone, `UTC${zone}`]), log.zone),
    columns.region == null && !oneRegion(catalog) && ask('region', catalog.regions.map((it) => [it.id, f.text(it.name)]), log.region),
    columns.api == null && ask('api', catalog.apis.map((it) => [it.id, f.text(it.name)]), log.api),
  ].filter(Boolean)
  if (fields.length === 0) return null
  return h('div', { class: missing.length > 0 ? 'asks wanted' : 'asks', key: 'asks' }, fields, zoned && h('p', { class: 'fine' }, t('ask.zone.hint'), ' ', log.zone === '' && h('button', { type: 'button', class: 'plain', onClick: () => page.send({ type: 'type', field: 'zone', text: '+08:00' }) }, t('ask.zone.suggest'))))
}

/** Names that the catalog does not know, to be mapped. @param {Page} page @param {import('./state.js').ReplayAnswer} answer */
export function namesView(page, { unmatched }) {
  const { t, f, catalog, log, send } = page
  // What was mapped stays, to be changed.
  const mapped = /** @type {const} */ (['api', 'region']).flatMap((column) => Object.keys(log[`${column}Names`]).map((name) => ({ column, name, calls: undefined })))
  const rows = [...unmatched, ...mapped.filter((it) => !unmatched.some((other) => other.column === it.column && other.name === it.name))]
  if (!catalog || rows.length === 0) return null
  return h(
    'section',
    { class: unmatched.length > 0 ? 'block names wanted' : 'block names', 'aria-label': t(unmatched.length > 0 ? 'names' : 'names.mapped'), key: 'names' },
    h('h3', null, t(unmatched.length > 0 ? 'names' : 'names.mapped')),
    unmatched.length > 0 && h('p', { class: 'fine' }, t('names.hint')),
    h(
      'ul',
      null,
      rows.slice(0, NAMES_END).map(({ column, name, calls }, index) => {
        const of = column === 'api' ? 'apiNames' : 'regionNames'
        const field = `name.${column}.${index}`
        const options = column === 'api' ? catalog.apis : catalog.regions
        const onChange = (/** @type {any} */ event) => send({ type: 'name', of, name, to: event.target.value })
        return h(
          'li',
          { key: `${column} ${name}` },
          h('label', { for: idOf(field) }, h('b', null, name || t('names.empty')), h('small', null, t(`column.${column}`), calls !== undefined && [' · ', t('names.calls', { calls: f.count(calls) })])),
          h('select', { id: idOf(field), onChange, value: log[of][name] ?? '' }, h('option', { value: '', key: '' }, t('names.none')), options.map((it) => h('option', { value: it.id, key: it.id }, f.text(it.name)))),
        )
      }),
    ),
    rows.length > NAMES_END && h('p', { class: 'fine' }, t('more.rows', { count: f.count(rows.length - NAMES_END) })),
  )
}

/** Rows that could not be read, by kind, and rows that repeat others. @param {Page} page @param {import('./state.js').ReplayAnswer} answer */
export function badView(page, { problems, problemCounts, repeated, rows, wholeHours }) {
  const { t, f, download } = page
  if (problemCounts.length === 0 && repeated.rows === 0 && wholeHours.length === 0) return null
  const lines = (/** @type {string} */ code) => problems.filter((it) => it.code === code).slice(0, LINES_END).map(({ line }) => f.count(line))
  return h(
    'section',
    { class: 'block bad', 'aria-label': t('bad'), key: 'bad' },
    h('h3', null, t('bad')),
    problemCounts.length > 0 && [
      h(
        'ul',
        null,
        problemCounts.map(({ code, rows: count }) =>
          h('li', { key: code }, h('b', { class: 'sum' }, f.count(count)), h('span', null, rowProblem(page, code), ' ', h('small', null, t('bad.lines', { lines: lines(code), more: count > LINES_END })))),
        ),
      ),
      h('p', null, h('button', { type: 'button', class: 'plain', onClick: () => download('bad-rows.csv', badRows(page, problems), 'text/csv') }, t('bad.download'))),
      problems.length < problemCounts.reduce((sum, it) => sum + it.rows, 0) && h('p', { class: 'fine' }, t('bad.first', { count: f.count(problems.length) })),
    ],
    repeated.rows > 0 && h('p', { class: 'repeated' }, t('bad.repeated', { rows: f.count(repeated.rows), of: f.count(rows), within: f.count(repeated.within) })),
    wholeHours.length > 0 && [
      h('p', { class: 'whole' }, t('bad.hours', { hours: f.count(wholeHours.length) })),
      h('p', { class: 'fine' }, wholeHours.slice(0, LINES_END).map(({ start }) => `${f.second(start)} `), wholeHours.length > LINES_END && '…'),
    ],
  )
}

/** What is wrong with a row. @param {Page} page @param {string} code */
const rowProblem = ({ t }, code) => t(t.has(`row.${code}`) ? `row.${code}` : 'row.other', { code })

/** The bad rows as a table for a spreadsheet: line numbers and our own words, nothing of the log. @param {Page} page @param {import('./state.js').ReplayAnswer['problems']} problems */
function badRows(page, problems) {
  const { t } = page
  const quoted = (/** @type {string} */ text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = problems.map(({ line, code, place }) => [String(line), code, place, rowProblem(page, code)])
  return [[t('bad.line'), t('bad.code'), t('bad.column'), t('bad.what')], ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

/** Also used by the what-if: what is unmatched or unread there, in one line. @param {Page} page @param {import('./state.js').ReplayAnswer} answer @returns {Child} */
export function leftOut({ t, f }, { unmatched, problemCounts }) {
  const names = unmatched.map(({ name, calls }) => t('names.one', { name, calls: f.count(calls) }))
  return [
    names.length > 0 && h('p', { class: 'fine' }, t('other.unmatched', { names: names.slice(0, NAMES_END) })),
    problemCounts.map(({ code, rows }) => h('p', { class: 'fine', key: code }, f.count(rows), ' ', rowProblem(/** @type {any} */ ({ t }), code))),
  ]
}
