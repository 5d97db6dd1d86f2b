// What else the log can be asked: another question beside the first, the provider's bill against the answer, and the answer as files.

import { familyOf } from '../catalog.js'
import { h } from '../dom.js'
import { sign } from '../format.js'
import { readingsChosen } from '../inputs.js'
import { catalogOf } from '../state.js'
import { choosing, idOf, labelled, SOURCES, swatch, typing, unknown } from '../view/parts.js'
import { receiptView } from '../view/receipt.js'
import { BILL_COLUMNS } from './bill.js'
import { replayWords } from './page.js'
import { columnsOf } from './request.js'
import { calledOf, gapsOf, stale } from './state.js'
import { buysView, catalogField, readingsView } from './view-bought.js'
import { failureText, jump, leftOut, progressView } from './view-log.js'

/** @typedef {import('./page.js').ReplayPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('./state.js').Bill} Bill */

/** More lines are counted, not shown. */
const LINES_END = 200
/** So many lines without a place are named. */
const NAMED_END = 5

/** One call: who paid, who did not, and why. @param {Page} page */
export function callView(page) {
  const { t, f, log } = page
  const { answer, receipt } = log
  if (!answer || answer.answer.estimate.calls.requests === 0) return null
  const { catalog } = answer.request
  const { at, api, region, project, user } = calledOf(log)
  const shown = /** @type {const} */ (['project', 'user']).filter((column) => columnsOf(log)[column] != null)
  return h(
    'section',
    { class: 'block call', 'aria-label': t('call'), key: 'call' },
    h('h3', null, t('call'), h('small', null, t('call.hint'))),
    h(
      'div',
      { class: 'asked' },
      labelled(page, 'call.at', t('call.at'), typing(page, 'call.at', at, { class: 'time', placeholder: f.second(answer.answer.estimate.period.start) })),
      labelled(page, 'call.api', t('api'), choosing(page, 'call.api', api, catalog.apis.map((it) => [it.id, f.text(it.name)]))),
      catalog.regions.length > 1 && labelled(page, 'call.region', t('region'), choosing(page, 'call.region', region, catalog.regions.map((it) => [it.id, f.text(it.name)]))),
      shown.map((column) => labelled(page, `call.${column}`, t(`column.${column}`), typing(page, `call.${column}`, column === 'user' ? user : project, { placeholder: t('call.any') }))),
    ),
    receipt?.value && h('div', { class: stale(log) ? 'old' : '', key: 'receipt' }, receiptView(page, receipt.value, 'call')),
  )
}

/** The same log under other prices, readings or purchases. @param {Page} page */
export function otherView(page) {
  const { t, f, log, send } = page
  const { other, otherWork, otherAnswer, answer } = log
  if (!answer) return null
  const catalog = other && catalogOf(log.calc, other.catalog)
  return h(
    'section',
    { class: 'block other', 'aria-label': t('other'), key: 'other' },
    h(
      'div',
      { class: 'block-head' },
      h('h3', null, t('other')),
      h('button', { type: 'button', class: 'plain', 'aria-expanded': String(Boolean(other)), onClick: () => send({ type: 'other', open: !other }) }, t(other ? 'other.close' : 'other.open')),
    ),
    h('p', { class: 'fine' }, t('other.hint')),
    other &&
      h(
        'div',
        { class: 'other-inputs', key: 'inputs' },
        catalogField(page, 'other.catalog', other.catalog, (id) => send({ type: 'other-catalog', id })),
        catalog &&
          other.catalog !== log.calc.inputs.catalog &&
          catalog.regions.length > 1 &&
          labelled(page, 'other.region', t('other.region'), choosing(page, 'other.region', other.region, catalog.regions.map((it) => [it.id, f.text(it.name)]))),
        catalog && h('div', { class: 'buys', key: 'buys' }, buysView({ ...page, t: replayWords(f.lang, familyOf(other.catalog)) }, 'otherBuys', other.buys, catalog)),
        catalog && readingsView(page, catalog, readingsChosen({ ...log.calc.inputs, profile: other.profile }, catalog), (profile, option) => send({ type: 'other-reading', profile, option }), 'other-reading'),
      ),
    other && otherWork.at === 'reading' && h('div', { class: 'work', key: 'work' }, progressView(page, otherWork, t('other.reading'))),
    other && otherWork.at === 'failed' && h('p', { class: 'problem', role: 'alert', key: 'failed' }, failureText(page, otherWork.problem)),
    other && otherAnswer && sideBySide(page, answer, otherAnswer),
    other && otherAnswer && leftOut(page, otherAnswer.answer),
  )
}

/** Two answers; a currency stands over its column, and nothing is converted. @param {Page} page @param {Answered} one @param {Answered} two */
function sideBySide(page, one, two) {
  const { t, f } = page
  const both = [one, two]
  const sums = /** @type {const} */ (['total', 'packages', 'payPerUse'])
  const names = { total: t('total'), packages: t('source.package'), payPerUse: t('source.payPerUse') }
  const sources = /** @type {const} */ ([...SOURCES, 'rejected', 'notCounted'])
  const shown = sources.filter((source) => both.some(({ answer }) => answer.estimate.calls[source] > 0))
  return h(
    'div',
    { class: old(page) ? 'scroll old' : 'scroll', key: 'sides' },
    h(
      'table',
      { class: 'lines sides' },
      h(
        'thead',
        null,
        h('tr', null, h('td', null), both.map(({ request, answer }, at) => h('th', { scope: 'col', class: 'sum', key: at }, t(at === 0 ? 'other.now' : 'other.then'), h('small', null, `${f.text(request.catalog.name)} · ${f.unit(answer.estimate.currency)}`)))),
      ),
      h(
        'tbody',
        null,
        sums.map((sum) =>
          h('tr', { key: sum, class: sum === 'total' ? 'now' : '' }, h('th', { scope: 'row' }, names[sum]), both.map(({ answer }, at) => h('td', { class: 'sum', key: at, figure: true }, answer.estimate[sum] == null ? unknown(page) : f.sum(answer.estimate[sum])))),
        ),
        shown.map((source) =>
          h(
            'tr',
            { key: source },
            h('th', { scope: 'row' }, source !== 'notCounted' && swatch(source), source === 'notCounted' ? t('other.notCounted') : t('other.calls', { source: t(`source.${source}`) })),
            both.map(({ answer }, at) => h('td', { class: 'sum', key: at, figure: true }, f.count(answer.estimate.calls[source]))),
          ),
        ),
      ),
    ),
  )
}

/** Whether the first answer is an older one. @param {Page} page */
const old = ({ log }) => stale(log)

/** The provider's bill, line by line against the answer. @param {Page} page */
export function billView(page) {
  const { t, f, log, send, takeBill } = page
  const { bill, answer } = log
  if (!answer) return null
  const choose = (/** @type {any} */ event) => {
    const [file] = event.target.files
    if (file) takeBill(file)
    event.target.value = ''
  }
  return h(
    'section',
    { class: 'block bill', 'aria-label': t('bill'), key: 'bill' },
    h('h3', null, t('bill')),
    h('p', { class: 'fine' }, t('bill.hint')),
    h(
      'p',
      { class: 'file-line' },
      h('input', { type: 'file', id: 'field-bill', class: 'hidden', accept: '.csv,.tsv,.txt,text/csv', onChange: choose }),
      bill && [h('b', null, bill.name), ' '],
      h('label', { for: 'field-bill', class: 'button' }, t(bill ? 'log.another' : 'bill.choose')),
    ),
    bill && bill.rows.length > 0 && [
      h(
        'div',
        { class: 'mapping', key: 'mapping' },
        BILL_COLUMNS.map((column) => {
          const field = `bill.${column}`
          const needed = column === 'start' || column === 'amount'
          const onChange = (/** @type {any} */ event) => send({ type: 'bill-column', column, to: event.target.value === '' ? null : Number(event.target.value) })
          return h(
            'div',
            { class: 'field', key: column },
            h('label', { for: idOf(field) }, t(field), needed && h('small', null, t('needed'))),
            h(
              'select',
              { id: idOf(field), onChange, value: bill.columns[column] == null ? '' : String(bill.columns[column]), 'aria-invalid': needed && bill.columns[column] == null && 'true' },
              h('option', { value: '', key: '' }, t('column.none')),
              bill.rows[0].map((title, at) => h('option', { value: String(at), key: at }, title || t('column.nth', { number: f.count(at + 1) }))),
            ),
          )
        }),
      ),
      h('p', { class: 'fine', key: 'zone' }, t('bill.zone', { zone: answer.request.catalog.utcOffset })),
    ],
    bill?.problem && h('p', { class: 'problem', role: 'alert', key: 'problem' }, billProblem(page, bill.problem)),
    bill?.result && reconciled(page, bill, answer),
  )
}

/** @param {Page} page @param {import('../question.js').Problem} problem */
function billProblem(page, problem) {
  const { t, f } = page
  const line = /^bill:(\d+)$/.exec(problem.place ?? '')?.[1]
  const text = failureText(page, problem)
  return line ? t('bill.line', { line: f.count(Number(line)), column: problem.field ? t(problem.field) : '', text }) : text
}

/** @param {Page} page @param {Bill} bill @param {Answered} answer */
function reconciled(page, bill, answer) {
  const { t, f } = page
  const { result, of } = bill
  const { catalog } = answer.request
  const named = (/** @type {{ id: string, name: any }[]} */ rows, /** @type {string | undefined} */ id) => f.text(rows.find((it) => it.id === id)?.name) || id || ''
  const currency = answer.answer.estimate.currency
  const lines = /** @type {any[]} */ (result.lines).filter((it) => it.state !== 'matched')
  const regions = new Set(result.lines.map((/** @type {any} */ line) => line.region))
  const sum = (/** @type {string | null} */ value) => (value == null ? '–' : f.sum(value))
  const without = result.leftOut.foreign.length + result.leftOut.refunds.length
  return h(
    'div',
    { class: of === answer && !stale(page.log) ? '' : 'old', key: 'result' },
    h('p', { class: 'bill-says' }, verdict(page, bill, answer)),
    gapsView(page, bill),
    h('p', { class: 'fine' }, t('bill.counts', { matched: f.count(result.matched), others: f.count(lines.length) })),
    result.leftOut.sums > 0 && h('p', { class: 'fine' }, t('bill.sums', { count: f.count(result.leftOut.sums) })),
    bill.without && without > 0 && h('p', { class: 'fine', key: 'without' }, t('bill.left', { count: f.count(without) }), ' ', h('button', { type: 'button', class: 'plain', onClick: () => page.send({ type: 'bill-without', without: false }) }, t('bill.again'))),
    lines.length > 0 &&
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          { class: 'lines' },
          h('thead', null, h('tr', null, [t('bill.cycle'), t('bill.what')].map((text) => h('th', { scope: 'col' }, text)), [t('bill.theirs'), t('bill.ours'), t('bill.difference')].map((text) => h('th', { scope: 'col', class: 'sum' }, text)), h('th', { scope: 'col' }, t('bill.why')))),
          h(
            'tbody',
            null,
            lines.slice(0, LINES_END).map((line, index) =>
              h(
                'tr',
                { key: index },
                h('td', { class: 'term' }, cycle(page, line)),
                h('td', null, [line.kind === 'package' && t('source.package'), named(catalog.apis, line.api), regions.size > 1 && named(catalog.regions, line.region), line.project].filter(Boolean).join(' · ')),
                h('td', { class: 'sum' }, sum(line.theirs)),
                h('td', { class: 'sum' }, sum(line.ours)),
                h('td', { class: 'sum' }, sum(line.difference)),
                h('td', null, t(line.reason ? `reason.${line.reason}` : `state.${line.state}`)),
              ),
            ),
          ),
        ),
      ),
    lines.length > LINES_END && h('p', { class: 'fine' }, t('more.rows', { count: f.count(lines.length - LINES_END) })),
  )
}

/** Whether the bill is right, as far as that can be said: with anything left out it is not judged. @param {Page} page @param {Bill} bill @param {Answered} answer */
function verdict({ t, f, log }, { result, without }, { answer: { estimate } }) {
  const { ours, theirs, difference } = result.totals
  const { rows, names, lines, beyond } = gapsOf(log)
  const money = (/** @type {string | null} */ sum) => (sum == null ? '' : f.money(sum, estimate.currency))
  const says = { theirs: money(theirs), ours: money(ours), without: Boolean(without) && result.leftOut.foreign.length + result.leftOut.refunds.length > 0 }
  if (rows + names + lines + beyond.ours + beyond.theirs > 0) return t('bill.incomplete', says)
  if (difference == null) return t('bill.unknown')
  return sign(difference) === 0 ? t('bill.equal', says) : t('bill.differs', { ...says, more: sign(difference) })
}

/** What keeps the bill from being judged, and what to do about it. @param {Page} page @param {Bill} bill */
function gapsView(page, { result }) {
  const { t, f, log } = page
  const { rows, names, lines, beyond } = gapsOf(log)
  const { foreign, refunds } = result.leftOut
  if (rows + names + lines + beyond.ours + beyond.theirs === 0) return null
  const said = (/** @type {import('./bill.js').Row[]} */ of) => ({
    count: f.count(of.length),
    lines: of.slice(0, NAMED_END).map(({ line, name }) => (name ? t('bill.named', { line: f.count(line), name: name.slice(0, 40) }) : f.count(line))),
    more: of.length > NAMED_END,
  })
  return h(
    'ul',
    { class: 'bill-gaps', key: 'gaps' },
    lines > 0 && foreign.length > 0 && h('li', { key: 'foreign' }, t('bill.foreign', said(foreign))),
    lines > 0 && refunds.length > 0 && h('li', { key: 'refunds' }, t('bill.refunds', said(refunds))),
    lines > 0 && h('li', { key: 'without' }, h('button', { type: 'button', class: 'button', onClick: () => page.send({ type: 'bill-without', without: true }) }, t('bill.without'))),
    rows > 0 && h('li', { key: 'rows' }, jump(page, '.bad', t('gap.rows', { count: f.count(rows) })), t('bill.doRows')),
    beyond.ours > 0 && h('li', { key: 'beyond-ours' }, t('bill.beyondOurs', { count: f.count(beyond.ours) })),
    beyond.theirs > 0 && h('li', { key: 'beyond-theirs' }, t('bill.beyondTheirs', { count: f.count(beyond.theirs) })),
    names > 0 && h('li', { key: 'names' }, jump(page, '.names', t('gap.names', { count: f.count(names) })), t('bill.doNames')),
  )
}

/** When: of a purchase its second, else from when to when, the day once. @param {Page} page @param {{ kind: string, cycle: { start: string, end: string } }} line */
function cycle({ f }, { kind, cycle: { start, end } }) {
  const [from, to] = [f.second(start), f.lastSecond(end)]
  return kind === 'package' ? h('span', null, from) : [h('span', null, from), h('span', { class: 'dash' }, ' – '), h('span', null, from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to)]
}

const FILES = /** @type {const} */ ([
  ['bill-csv', 'bill.csv', 'text/csv'],
  ['ledger-csv', 'ledger.csv', 'text/csv'],
  ['causes-csv', 'causes.csv', 'text/csv'],
  ['json', 'answer.json', 'application/json'],
  ['focus-csv', 'focus-1.2.csv', 'text/csv'],
])

/** The very answer shown, as files and on paper. @param {Page} page */
export function exportView(page) {
  const { t, log, save } = page
  const { saving } = log
  if (!log.answer) return null
  const off = stale(log) || (saving !== null && !saving.problem)
  return h(
    'section',
    { class: 'block exports', 'aria-label': t('export'), key: 'export' },
    h('h3', null, t('export')),
    h(
      'p',
      { class: 'buttons' },
      FILES.map(([what, name, type]) => h('button', { type: 'button', class: 'button', key: what, disabled: off, onClick: () => save(what, name, type) }, t(`export.${what}`))),
      h('button', { type: 'button', class: 'button', key: 'print', onClick: () => print() }, t('export.print')),
    ),
    saving && h('p', { class: saving.problem ? 'problem' : 'fine', role: 'status' }, saving.problem ? failureText(page, saving.problem) : t('export.writing')),
    h('p', { class: 'fine' }, t('export.hint')),
  )
}
