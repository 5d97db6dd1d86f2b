// What stands behind the timeline: how the year ends, why there are arrears, which rule made which state, budgets with the way in which
// they are forecast, and for what the money went.

import { h } from '../dom.js'
import { sign, unsigned } from '../format.js'
import { unknown } from '../view/parts.js'
import { ruleAt, ruleTag } from '../view/rules.js'
import { swatch } from './shapes.js'
import { alertText, budgetName, namesOf, owed, stateRule, stateText, turns, turnText } from './story.js'
import { alertsView } from './view-head.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('../dom.js').Child} Child */

/** @param {Page} page @param {Answered} answer */
export function moreView(page, answer) {
  return [endsView(page, answer), alertsView(page, answer), whyView(page, answer), arrearsView(page, answer), forecastView(page, answer), splitView(page, answer)]
}

/** @param {Page} page @param {Answered} answer */
function endsView(page, answer) {
  const { t, f } = page
  const { history, request, lasting } = answer
  const { currency } = request.catalog
  const { outstanding } = history.closing
  const later = sign(outstanding)
  const figure = (/** @type {string} */ label, /** @type {string | null} */ sum, /** @type {Child} */ small) =>
    h('div', { key: label }, h('dt', null, label), h('dd', { class: sum && owed(sum) ? 'value owed' : 'value', figure: true }, sum == null ? unknown(/** @type {any} */ (page)) : withUnit(sum)), small && h('dd', { class: 'small' }, small))
  const withUnit = (/** @type {string} */ sum) => {
    const both = [h('span', { class: 'currency' }, f.unit(currency)), h('span', null, f.plainSum(sum).replace('-', '−'))]
    return f.lang === 'en' ? both : both.reverse()
  }
  return h(
    'section',
    { class: 'figures ends', 'aria-label': t('ends'), key: 'ends' },
    h(
      'dl',
      null,
      figure(t('ends.total'), history.estimate.total, null),
      figure(t('ends.balance'), history.closing.balance, later === 0 ? null : t(later > 0 ? 'ends.outstanding' : 'ends.givenBack', { amount: f.money(unsigned(outstanding), currency) })),
      lasting
        ? figure(t('ends.missing'), lasting.amount, t('ends.missing.by', { by: f.when(lasting.at) }))
        : request.account.vouchers !== undefined && figure(t('ends.vouchers'), history.closing.vouchers, null),
    ),
  )
}

/** @param {Page} page @param {Answered} answer */
function whyView(page, answer) {
  const { t, f } = page
  const { history } = answer
  const name = namesOf(page, answer)
  const rows = turns(history.states)
  return h(
    'section',
    { class: 'block turns', 'aria-label': t('turns'), key: 'why' },
    h('h3', null, t('turns')),
    rows.length === 0
      ? h('p', { class: 'none' }, t('turns.none'))
      : h(
          'ul',
          { class: 'rows' },
          rows.map((it) => {
            const place = `state ${it.of} ${it.grant ?? ''} ${it.start}`
            return h(
              'li',
              { key: place },
              h('span', { class: 'state' }, swatch(it.state), h('b', null, it.of === 'package' ? name.grant(it.grant) : t(it.of === 'account' ? 'line.account' : 'line.use')), f.colon, stateText(page, it)),
              h('small', null, t('turns.until', { from: f.moment(it.start), until: f.moment(it.end) })),
              h('p', null, turnText(page, answer, it), ' ', ruleTag(/** @type {any} */ (page), stateRule(answer, it), place)),
              ruleAt(/** @type {any} */ (page), place),
            )
          }),
        ),
  )
}

/** @param {Page} page @param {Answered} answer */
function arrearsView(page, answer) {
  const { t, f } = page
  const { arrears } = answer.history
  return h(
    'section',
    { class: 'block debts', 'aria-label': t('arrears'), key: 'arrears' },
    h('h3', null, t('arrears'), ' ', ruleTag(/** @type {any} */ (page), 'L2', 'arrears')),
    ruleAt(/** @type {any} */ (page), 'arrears'),
    arrears.length === 0 && h('p', { class: 'none' }, t('arrears.none')),
    arrears.map((it) => [
      h('p', { class: 'span', key: it.start }, t('arrears.span', { start: f.moment(it.start), end: it.end ? f.moment(it.end) : '' })),
      h(
        'div',
        { class: 'scroll', key: `causes ${it.start}` },
        h(
          'table',
          { class: 'lines' },
          h(
            'tbody',
            null,
            it.causes.map((cause) =>
              h(
                'tr',
                { key: `${cause.reason} ${cause.code}` },
                h('th', { scope: 'row' }, t(t.has(`why.${cause.reason}`) ? `why.${cause.reason}` : 'why.other'), h('small', null, t(t.has(`cause.${cause.code}`) ? `cause.${cause.code}` : cause.code))),
                h('td', { class: 'sum' }, t('arrears.calls', { calls: f.count(cause.calls) })),
                h('td', { class: 'sum' }, f.sum(cause.amount)),
              ),
            ),
          ),
        ),
      ),
    ]),
  )
}

/** @param {Page} page @param {Answered} answer */
function forecastView(page, answer) {
  const { t, f } = page
  const { request, history } = answer
  const name = namesOf(page, answer)
  const budgets = request.account.budgets ?? []
  if (budgets.length === 0) return null
  const forecast = budgets.some((it) => it.alerts.some(({ on }) => on === 'forecast'))
  return h(
    'section',
    { class: 'block forecast', 'aria-label': t('forecast'), key: 'forecast' },
    h('h3', null, t('forecast'), ' ', ruleTag(/** @type {any} */ (page), 'L8', 'forecast')),
    ruleAt(/** @type {any} */ (page), 'forecast'),
    budgets.map((budget) => {
      const fired = history.alerts.filter((it) => it.of.budget === budget.id)
      const amounts = Array.isArray(budget.amount) ? budget.amount : [budget.amount]
      return h(
        'div',
        { class: 'budget', key: budget.id },
        h('p', null, h('b', null, t('forecast.budget', { budget: budgetName(budget.id), amount: amounts.map(name.money).join(f.comma), every: t(`every.${budget.every}`) }))),
        fired.length === 0 ? h('p', { class: 'none' }, t('forecast.never')) : h('ul', { class: 'dated' }, fired.map((it) => h('li', { key: `${it.code} ${it.at} ${it.threshold}` }, h('time', { datetime: it.at }, f.second(it.at)), h('span', null, alertText(page, answer, it))))),
      )
    }),
    forecast && h('p', { class: 'method' }, t('forecast.method')),
  )
}

/** For what the money went, where there is more than one of a kind. @param {Page} page @param {Answered} answer */
function splitView(page, answer) {
  const { t, f } = page
  const { split } = answer.history
  const name = namesOf(page, answer)
  const kinds = /** @type {const} */ (['project', 'user', 'api', 'region']).filter((by) => split.filter((it) => it.by === by).length > 1)
  if (kinds.length === 0) return null
  const text = (/** @type {import('../ocr_pricing.js').SplitLine} */ { by, key }) => (key === undefined ? t('split.none') : by === 'api' ? name.api(key) : by === 'region' ? name.region(key) || key : key)
  return h(
    'section',
    { class: 'block split', 'aria-label': t('split'), key: 'split' },
    h('h3', null, t('split'), ' ', ruleTag(/** @type {any} */ (page), 'L9', 'split')),
    ruleAt(/** @type {any} */ (page), 'split'),
    h(
      'div',
      { class: 'splits' },
      kinds.map((by) =>
        h(
          'table',
          { class: 'lines', key: by },
          h('thead', null, h('tr', null, h('th', { scope: 'col' }, t(`split.${by}`)), h('th', { scope: 'col', class: 'sum' }, t('col.amount')))),
          h('tbody', null, split.filter((it) => it.by === by).map((it) => h('tr', { key: it.key ?? '' }, h('th', { scope: 'row' }, text(it)), h('td', { class: 'sum' }, f.sum(it.amount))))),
        ),
      ),
    ),
  )
}
