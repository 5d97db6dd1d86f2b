// Who paid for the calls, month by month: a table with a bar in each row.

import { h } from '../dom.js'
import { sign } from '../format.js'
import { bar, SOURCES, swatch, unknown } from './parts.js'
import { refusal, ruleView, whyButton } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../question.js').Estimate} Estimate */
/** @typedef {import('../catalog.js').Catalog} Catalog */
/** @typedef {typeof SOURCES[number] | 'rejected'} Column */

/** Months reserved before the first answer. */
const WAITING_MONTHS = 13

/** @param {Page} page */
export function breakdownView(page) {
  const { t, f, answer } = page
  const catalog = answer?.request.catalog ?? page.catalog
  return h(
    'section',
    { class: 'block breakdown', 'aria-label': t('breakdown'), part: 'breakdown', key: 'breakdown' },
    h(
      'div',
      { class: 'block-head' },
      h('h3', null, t('breakdown')),
      h('small', null, catalog && t('figures.unit', { currency: f.unit(catalog.currency) })),
    ),
    catalog && table(page, catalog, answer?.estimate),
    answer && left(page, answer.estimate),
    answer && answer.estimate.refused.map((row) => refusedView(page, row)),
  )
}

/** @param {Page} page @param {Catalog} catalog @param {Estimate} [estimate] none yet: the same table, empty */
function table(page, catalog, estimate) {
  const { t, f } = page
  const kinds = new Set(catalog.classes.map((it) => it.kind))
  const paying = SOURCES.filter(
    (source) =>
      (estimate?.calls[source] ?? 0) > 0 || (source === 'payPerUse' ? catalog.payPerUse : source !== 'promotional' && kinds.has(source)),
  )
  const columns = /** @type {Column[]} */ (estimate && estimate.calls.rejected > 0 ? [...paying, 'rejected'] : paying)
  const sums = catalog.payPerUse ? /** @type {const} */ (['packages', 'payPerUse', 'total']) : /** @type {const} */ (['total'])
  const names = { packages: t('source.package'), payPerUse: t('source.payPerUse'), total: t('total') }
  const most = Math.max(0, ...(estimate?.months ?? []).map((month) => month.calls.counted + month.calls.rejected))

  /**
   * @param {string | number} key
   * @param {string} name
   * @param {Pick<Estimate, 'calls' | 'packages' | 'payPerUse' | 'total'> | undefined} row
   * @param {boolean} [all]
   */
  const rowView = (key, name, row, all = false) =>
    h(
      'tr',
      { class: all ? 'all' : '', key },
      name ? h('th', { scope: 'row' }, name) : h('td', null, '\u00a0'),
      h(
        'td',
        { class: 'drawn' },
        !all &&
          bar(
            columns.map((source) => ({ source, of: row?.calls[source] ?? 0 })),
            most,
          ),
      ),
      columns.map((source) =>
        h('td', { class: row?.calls[source] === 0 ? 'sum nil' : 'sum', figure: true }, row && f.count(row.calls[source])),
      ),
      sums.map((sum) =>
        h(
          'td',
          { class: `sum money ${sum}${row && isNil(row[sum]) ? ' nil' : ''}`, figure: true },
          row && (row[sum] == null ? unknown(page) : f.sum(row[sum])),
        ),
      ),
    )
  const rows = estimate
    ? [rowView('all', t('total'), estimate, true), busy(estimate.months).map((month) => rowView(month.month, f.month(month.month), month))]
    : [rowView('all', t('total'), undefined, true), Array.from({ length: WAITING_MONTHS }, (_, index) => rowView(index, '', undefined))]

  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'months' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('td', null),
          h('td', { class: 'drawn' }),
          h('th', { class: 'group', scope: 'colgroup', colspan: String(columns.length) }, t('col.calls')),
          h('th', { class: 'group money-group', scope: 'colgroup', colspan: String(sums.length) }, f.unit(catalog.currency)),
        ),
        h(
          'tr',
          null,
          h('th', { scope: 'col' }, t('month')),
          h('td', { class: 'drawn' }),
          columns.map((source) => h('th', { scope: 'col', class: 'sum', key: source }, swatch(source), t(`source.${source}`))),
          sums.map((sum) => h('th', { scope: 'col', class: `sum money ${sum}`, key: sum, 'data-title': `${names[sum]}${f.lang === 'en' ? ', ' : '，'}${f.unit(catalog.currency)}` }, names[sum])),
        ),
      ),
      h('tbody', null, rows),
    ),
  )
}

/** @param {string | null | undefined} sum */
const isNil = (sum) => sum != null && sign(sum) === 0

/**
 * The months without the empty ones before the first and after the last in which something happens.
 * @param {Estimate['months']} months
 */
function busy(months) {
  const empty = (/** @type {Estimate['months'][number]} */ { calls, total }) => calls.requests === 0 && isNil(total)
  const first = months.findIndex((month) => !empty(month))
  return first < 0 ? months.slice(0, 1) : months.slice(first, months.findLastIndex((month) => !empty(month)) + 1)
}

/**
 * What stands in no column: failed requests, and what rounding cut off.
 * @param {Page} page
 * @param {Estimate} estimate
 */
function left({ t, f }, { calls, roundedOff, currency }) {
  const said = [
    calls.notCounted > 0 && t('calls.notCounted', { calls: f.count(calls.notCounted) }),
    roundedOff != null && !isNil(roundedOff) && t('roundedOff', { money: f.money(roundedOff, currency) }),
  ].filter(Boolean)
  return said.length > 0 && h('p', { class: 'fine', key: 'left' }, said.join(' · '))
}

/** Calls that were refused, and why. @param {Page} page @param {Estimate['refused'][number]} row */
function refusedView(page, { code, calls }) {
  const { t, f, state } = page
  const place = `refused ${code}`
  const refused = refusal(page, code)
  return h(
    'div',
    { class: 'fine', key: place },
    t('calls.refused', { calls: f.count(calls) }),
    ' ',
    whyButton(page, place, t('why.label', { cause: t('source.rejected'), calls: f.count(calls) })),
    state.opened[place] && h('div', { class: 'because' }, h('p', { class: 'cause' }, refused?.text ?? code), refused && ruleView(page, refused.rule)),
  )
}
