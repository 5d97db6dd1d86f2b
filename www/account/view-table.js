// All that the timeline shows, as tables: months, movements of money, states, purchases and renewals, alerts.

import { h } from '../dom.js'
import { idOf, unknown } from '../view/parts.js'
import { swatch } from './shapes.js'
import { alertRule, alertText, namesOf, stateRule, stateText, turnText } from './story.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('../dom.js').Child} Child */

/** Movements on the screen at once. */
const ROWS = 50

/** @param {Page} page @param {Answered} answer */
export function tablesView(page, answer) {
  return h('div', { class: 'tables', key: 'tables' }, monthsTable(page, answer), statesTable(page, answer), paymentsTable(page, answer), alertsTable(page, answer), movementsTable(page, answer))
}

/**
 * A table with its title; titles of columns that begin with ¥ are sums.
 * @param {Page} page @param {string} key @param {string} title @param {[string, boolean?][]} heads text, and whether it is a sum @param {Child[]} rows @param {Child} [more]
 */
function table({ t }, key, title, heads, rows, more) {
  return h(
    'section',
    { class: `of-${key}`, 'aria-label': title, key },
    h('h4', null, title),
    rows.length === 0
      ? h('p', { class: 'none' }, t('table.none'))
      : h('div', { class: 'scroll', role: 'group', 'aria-label': title }, h('table', { class: 'lines' }, h('thead', null, h('tr', null, heads.map(([text, sum]) => h('th', { scope: 'col', class: sum ? 'sum' : '' }, text)))), h('tbody', null, rows))),
    more,
  )
}

/** @param {string} text @param {Child} [more] */
const first = (text, more) => h('th', { scope: 'row' }, text, more)
/** @param {Child} text */
const cell = (text) => h('td', null, text)

/** @param {Page} page @param {Answered} answer */
function monthsTable(page, { history }) {
  const { t, f } = page
  const sum = (/** @type {string | null} */ value) => h('td', { class: 'sum' }, value == null ? unknown(/** @type {any} */ (page)) : f.sum(value))
  const rows = history.estimate.months.map((it) => h('tr', { key: it.month }, first(f.month(it.month)), h('td', { class: 'sum' }, f.count(it.calls.counted)), sum(it.packages), sum(it.payPerUse), sum(it.total), h('td', { class: 'sum' }, f.count(it.calls.rejected))))
  return table(page, 'months', t('table.months'), [[t('month')], [t('col.calls'), true], [t('source.package'), true], [t('source.payPerUse'), true], [t('total'), true], [t('source.rejected'), true]], rows)
}

/** @param {Page} page @param {Answered} answer */
function statesTable(page, answer) {
  const { t, f } = page
  const { history } = answer
  const name = namesOf(page, answer)
  const rows = history.states.map((it, index) =>
    h(
      'tr',
      { key: `${index}` },
      first(it.of === 'package' ? name.grant(it.grant) : t(it.of === 'account' ? 'line.account' : 'line.use')),
      cell([swatch(it.state), stateText(page, it)]),
      cell(f.second(it.start)),
      cell(f.second(it.end)),
      cell(it.state === 'active' ? '' : h('a', { class: 'tag rule', href: `rules.html?lang=${f.lang}#${stateRule(answer, it)}` }, stateRule(answer, it))),
      cell(it.state === 'active' ? '' : turnText(page, answer, it)),
    ),
  )
  return table(page, 'states', t('table.states'), [[t('col.of')], [t('col.state')], [t('col.from')], [t('col.until')], [t('col.rule')], [t('col.says')]], rows)
}

/** @param {Page} page @param {Answered} answer */
function paymentsTable(page, answer) {
  const { t, f } = page
  const { purchases, renewals } = answer.history
  const name = namesOf(page, answer)
  const all = [...purchases.map((it) => ({ ...it, what: t('payment.purchase') })), ...renewals.map((it) => ({ ...it, what: t(it.automatic ? 'payment.auto' : 'payment.renewal') }))]
  const rows = all
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((it, index) =>
      h(
        'tr',
        { key: `${index}` },
        first(f.second(it.at)),
        cell(it.what),
        cell(name.grant(it.grant)),
        h('td', { class: 'sum' }, it.amount === undefined ? '' : f.sum(it.amount)),
        cell(t(`outcome.${it.outcome}`)),
        cell(it.term ? `${f.second(it.term.start)} – ${f.lastSecond(it.term.end)}` : ''),
      ),
    )
  return table(page, 'payments', t('table.payments'), [[t('col.at')], [t('col.what')], [t('col.of')], [t('col.amount'), true], [t('col.outcome')], [t('grants.term')]], rows)
}

/** @param {Page} page @param {Answered} answer */
function alertsTable(page, answer) {
  const { t, f } = page
  const rows = answer.history.alerts.map((it, index) =>
    h('tr', { key: `${index}` }, first(f.second(it.at)), cell(alertText(page, answer, it)), cell(it.by ? f.second(it.by) : ''), cell(alertRule(it) ? h('a', { class: 'tag rule', href: `rules.html?lang=${f.lang}#${alertRule(it)}` }, alertRule(it)) : '')),
  )
  return table(page, 'alerts', t('table.alerts'), [[t('col.at')], [t('col.says')], [t('col.by')], [t('col.rule')]], rows)
}

/** Every movement, so many at a time; debits of single cycles only where they are wanted. @param {Page} page @param {Answered} answer */
function movementsTable(page, answer) {
  const { t, f, account, send } = page
  const name = namesOf(page, answer)
  const all = answer.history.movements.filter((it) => account.each || it.kind !== 'pay-per-use')
  const from = Math.min(account.first, Math.max(0, all.length - 1))
  const shown = all.slice(from, from + ROWS)
  const vouchers = answer.request.account.vouchers !== undefined
  const rows = shown.map((it, index) =>
    h(
      'tr',
      { key: `${from + index}` },
      first(f.second(it.at)),
      cell([t(`movement.${it.kind}`), it.grant && f.colon + name.grant(it.grant)]),
      h('td', { class: 'sum' }, f.sum(it.amount)),
      h('td', { class: 'sum' }, f.sum(it.balance)),
      vouchers && h('td', { class: 'sum' }, f.sum(it.vouchers)),
      cell(it.cycle ? `${f.second(it.cycle.start)} – ${f.second(it.cycle.end)}` : ''),
    ),
  )
  const go = (/** @type {number} */ to, /** @type {string} */ text) => h('button', { type: 'button', class: 'plain', disabled: to < 0 || to >= all.length, onClick: () => send({ type: 'rows', first: to }) }, text)
  const more = h(
    'p',
    { class: 'paging', key: 'paging' },
    h('span', { class: 'check' }, h('input', { type: 'checkbox', id: idOf('each'), checked: account.each, onChange: (/** @type {any} */ event) => send({ type: 'rows', first: 0, each: event.target.checked }) }), h('label', { for: idOf('each') }, t('table.each'))),
    all.length > ROWS && [go(from - ROWS < 0 && from > 0 ? 0 : from - ROWS, t('table.before')), h('span', { class: 'soft' }, t('table.rows', { from: f.count(from + 1), to: f.count(from + shown.length), of: f.count(all.length) })), go(from + ROWS, t('table.after'))],
  )
  return table(page, 'movements', t('table.movements'), [[t('col.at')], [t('col.what')], [t('col.amount'), true], [t('col.balance'), true], .../** @type {[string, boolean][]} */ (vouchers ? [[t('col.vouchers'), true]] : []), [t('col.cycle')]], rows, more)
}
