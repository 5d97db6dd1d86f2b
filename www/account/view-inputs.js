// What is typed: money, customer tier, purchases with their renewals, top-ups, calls, alerts, budgets.

import { hasLimited, packagesFor } from '../catalog.js'
import { h } from '../dom.js'
import { ownPackages, readingsChosen, startOf } from '../inputs.js'
import { catalogField, readingsView } from '../replay/view-bought.js'
import { apiView } from '../view/api.js'
import { callsView } from '../view/calls.js'
import { ownView } from '../view/own.js'
import { choosing, idOf, labelled, marks, pending, problems, switchView, typing } from '../view/parts.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('../catalog.js').Catalog} Catalog */
/** @typedef {import('../dom.js').Child} Child */

/** @param {Page} page */
export function inputsView(page) {
  const { t, f, catalog, state, account } = page
  return h(
    'section',
    { class: state.open ? 'inputs open' : 'inputs', 'aria-label': t('inputs.all'), part: 'inputs', key: 'inputs' },
    h(
      'button',
      { type: 'button', class: 'fold', 'aria-expanded': String(state.open), 'aria-controls': 'inputs', onClick: () => page.send({ type: 'open', open: !state.open }) },
      h('span', { class: 'fold-what' }, t('inputs.line', { provider: catalog ? f.text(catalog.name) : '', balance: account.money.balance })),
      h('span', { class: 'fold-do' }, t(state.open ? 'inputs.done' : 'inputs.change')),
    ),
    h(
      'div',
      { class: 'panels', id: 'inputs' },
      moneyView(page, catalog),
      topUpsView(page),
      catalog && buysView(page, catalog),
      h('div', { class: 'panel where', key: 'where' }, catalogField(/** @type {any} */ (page), 'catalog', state.inputs.catalog, (id) => page.send({ type: 'catalog', id })), catalog && catalog.regions.length > 1 && regionField(page, catalog), apiView(/** @type {any} */ (page)), switchView(/** @type {any} */ ({ ...page, catalog }))),
      callsView(/** @type {any} */ (page)),
      catalog && streamsView(page, catalog),
      limitsView(page),
      catalog && budgetsView(page, catalog),
      catalog && pricesView(page),
      catalog && readingsView(/** @type {any} */ (page), catalog, readingsChosen(state.inputs, catalog), (profile, option) => page.send({ type: 'reading', profile, option })),
    ),
  )
}

/** @param {Page} page @param {string} path of the state @param {string} label @param {Record<string, any>} [more] @param {Child} [hint] */
function text(page, path, label, more = {}, hint) {
  return labelled(/** @type {any} */ (page), path, label, typing(/** @type {any} */ (page), path, valueAt(page, path), more), hint)
}

/** @param {Page} page @param {string} path @param {string} label @param {[string, string][]} options */
const choice = (page, path, label, options) => labelled(/** @type {any} */ (page), path, label, choosing(/** @type {any} */ (page), path, valueAt(page, path), options))

/** @param {Page} page @param {string} path @param {string} label */
function check(page, path, label) {
  const onChange = (/** @type {any} */ event) => page.send({ type: 'type', field: path, text: event.target.checked ? 'yes' : '' })
  return h(
    'div',
    { class: 'field check', key: path },
    h('input', { type: 'checkbox', ...marks(/** @type {any} */ (page), path), checked: valueAt(page, path) !== '', onChange }),
    h('label', { for: idOf(path) }, label),
    problems(/** @type {any} */ (page), path),
  )
}

/** @param {Page} page @param {string} path */
const valueAt = ({ account }, path) => path.split('.').reduce((/** @type {any} */ it, step) => it?.[step], account) ?? ''

/** @param {Page} page @param {string} list @param {number} index @param {string} label */
const drop = (page, list, index, label) => h('button', { type: 'button', class: 'drop-row', 'aria-label': label, onClick: () => page.send({ type: 'drop', list, index }) }, '×')

/** @param {Page} page @param {string} list @param {string} label */
const add = (page, list, label) => h('button', { type: 'button', class: 'plain', key: `add ${list}`, onClick: () => page.send({ type: 'add', list }) }, label)

/** @param {Page} page @param {[string, string][]} needed */
const lacks = (page, needed) => pending(/** @type {any} */ (page), needed)

const MONEY = { class: 'number', inputmode: 'decimal' }
const COUNT = { class: 'number', inputmode: 'numeric' }

/** @param {Page} page @param {Catalog | undefined} catalog */
function moneyView(page, catalog) {
  const { t, f } = page
  const none = { ...MONEY, placeholder: t('money.none') }
  return h(
    'div',
    { class: 'panel money', key: 'money' },
    h('div', { class: 'panel-head' }, h('h3', null, t('money'), catalog && h('small', null, f.unit(catalog.currency)))),
    h('div', { class: 'two' }, text(page, 'money.balance', t('money.balance'), MONEY), text(page, 'money.credit', t('money.credit'), none), text(page, 'money.vouchers', t('money.vouchers'), none), catalog && tierField(page, catalog)),
    check(page, 'money.other', t('money.other')),
    catalog && daysView(page, catalog),
  )
}

/** @param {Page} page @param {Catalog} catalog */
function tierField(page, catalog) {
  const { t, f } = page
  const tiers = Object.keys(catalog.lifecycle?.tiers ?? {})
  const options = /** @type {[string, string][]} */ ([...(tiers.length > 0 ? tiers.map((id) => [id, id === 'all' ? t('tier.all') : id]) : [['', catalog.overdue ? t('tier.overdue', { hours: f.count(catalog.overdue.stopAfterHours) }) : t('tier.none')]]), ['typed', t('tier.typed')]])
  return choice(page, 'tier', t('tier'), options)
}

/** How long grace and retention last: as the tier says, or as typed. @param {Page} page @param {Catalog} catalog */
function daysView(page, catalog) {
  const { t, f, account } = page
  const { overdue } = catalog
  const stops = overdue && h('p', { class: 'fine', key: 'stops' }, t('tier.overdue.says', { hours: f.count(overdue.stopAfterHours), all: overdue.packages === 'stop' }))
  // What stops by the hour has no days.
  const fields = /** @type {const} */ ([...(overdue ? [] : ['useGrace', 'useRetention']), 'packageGrace', 'packageRetention'])
  if (account.tier === 'typed') return [h('div', { class: 'two', key: 'days' }, fields.map((name) => text(page, `days.${name}`, t(`days.${name}`), { ...COUNT, placeholder: '7' }))), stops]
  if (stops) return stops
  const tier = catalog.lifecycle?.tiers[account.tier]
  return (
    tier &&
    h('p', { class: 'fine', key: 'days' }, t('tier.days', { useGrace: f.count(tier.payPerUse.grace), useRetention: f.count(tier.payPerUse.retention), packageGrace: f.count(tier.package.grace), packageRetention: f.count(tier.package.retention) }))
  )
}

/** @param {Page} page */
function topUpsView(page) {
  const { t, f, account } = page
  return h(
    'div',
    { class: 'panel', key: 'topUps' },
    h('div', { class: 'panel-head' }, h('h3', null, t('topUps'))),
    account.topUps.map((row, index) =>
      h(
        'fieldset',
        { class: 'row-of', key: `topUps ${index}` },
        h('legend', { class: 'hidden' }, t('topUps.nth', { number: f.count(index + 1) })),
        text(page, `topUps.${index}.at`, t('topUps.at'), { class: 'time', placeholder: '2026-08-12 10:00' }),
        text(page, `topUps.${index}.amount`, t('topUps.amount'), MONEY),
        lacks(page, [[t('topUps.at'), row.at], [t('topUps.amount'), row.amount]]),
        drop(page, 'topUps', index, t('topUps.drop', { number: f.count(index + 1) })),
      ),
    ),
    h('p', { class: 'under', key: 'under' }, add(page, 'topUps', t('topUps.add')), h('small', null, 'UTC+8')),
  )
}

/** @param {Page} page @param {Catalog} catalog */
function buysView(page, catalog) {
  const { t, f, account } = page
  const packages = packagesOf(page, catalog)
  return h(
    'div',
    { class: 'panel buys', key: 'buys' },
    h('div', { class: 'panel-head' }, h('h3', null, t('buys'))),
    account.buys.length === 0 && h('p', { class: 'none', key: 'none' }, t(packages.length > 0 ? 'buys.none' : 'buys.unknown')),
    account.buys.map((buy, index) => {
      const path = (/** @type {string} */ name) => `buys.${index}.${name}`
      const known = packages.some(([id]) => id === buy.package) ? packages : [.../** @type {[string, string][]} */ ([[buy.package, buy.package]]), ...packages]
      return h(
        'fieldset',
        { class: 'row-of buy', key: `buys ${index}` },
        h('legend', { class: 'hidden' }, t('buys.nth', { number: f.count(index + 1) })),
        h('div', { class: 'whole', key: 'package' }, choice(page, path('package'), t('buys.package'), known)),
        text(page, path('when'), t('bought'), { class: 'time', placeholder: '2026-03-02 10:30' }),
        text(page, path('quantity'), t('packages.buy'), COUNT),
        text(page, path('used'), t('buys.used'), { ...COUNT, placeholder: '0' }),
        text(page, path('project'), t('buys.project'), { placeholder: t('buys.anyProject') }),
        catalog.startChoice && text(page, path('starts'), t('starts'), { class: 'time', placeholder: t('starts.atOnce') }),
        hasLimited(catalog) && check(page, path('limited'), t('limited')),
        h(
          'div',
          { class: 'whole auto', key: 'auto' },
          check(page, path('auto'), t('buys.auto')),
          buy.auto && text(page, path('lead'), t('buys.lead'), { ...COUNT, placeholder: '7' }),
          buy.auto && text(page, path('times'), t('buys.times'), { ...COUNT, placeholder: t('buys.always') }),
        ),
        buy.renewals.map((row, at) => {
          const of = (/** @type {string} */ name) => path(`renewals.${at}.${name}`)
          return h(
            'div',
            { class: 'whole renewal', key: `renewal ${at}`, role: 'group', 'aria-label': t('payment.renewal') },
            text(page, of('at'), t('renewal.at'), { class: 'time', placeholder: '2027-02-20 09:00' }),
            text(page, of('day'), t('renewal.day'), { ...COUNT, placeholder: t('renewal.day.keep') }),
            text(page, of('price'), t('renewal.price'), { ...MONEY, placeholder: t('renewal.price.list') }),
            lacks(page, [[t('renewal.at'), row.at]]),
            drop(page, path('renewals'), at, t('buys.unrenew', { number: f.count(at + 1) })),
          )
        }),
        lacks(page, [[t('bought'), buy.when]]),
        h('p', { class: 'whole', key: 'renew' }, add(page, path('renewals'), t('buys.renew'))),
        drop(page, 'buys', index, t('buys.drop', { number: f.count(index + 1) })),
      )
    }),
    problems(/** @type {any} */ (page), 'packages'),
    packages.length > 0 && h('p', { class: 'under', key: 'under' }, add(page, 'buys', t('buys.add'))),
  )
}

/** What can be bought for the chosen API and region, published or typed in. @param {Page} page @param {Catalog} catalog @returns {[string, string][]} */
function packagesOf({ t, f, state }, catalog) {
  const { api, region } = state.inputs
  const published = packagesFor(catalog, api, region, startOf(state.inputs, catalog.utcOffset)).map((row) => [row.id, f.text(row.name) || `${row.id} · ${f.count(row.quota)}`])
  const own = ownPackages(state.inputs).map((row) => [row.id, `${row.size} · ${t('tag.own')}`])
  return /** @type {[string, string][]} */ ([...published, ...own])
}

/** @param {Page} page @param {Catalog} catalog */
function regionField(page, catalog) {
  const { t, f, state } = page
  const control = marks(/** @type {any} */ (page), 'region')
  return h(
    'div',
    { class: 'field row', key: 'region' },
    h('label', { for: control.id }, t('region')),
    h('select', { ...control, value: state.inputs.region, onChange: (/** @type {any} */ event) => page.send({ type: 'region', id: event.target.value }) }, catalog.regions.map((it) => h('option', { value: it.id, key: it.id }, f.text(it.name)))),
    problems(/** @type {any} */ (page), 'region'),
  )
}

/** @param {Page} page @param {Catalog} catalog */
function streamsView(page, catalog) {
  const { t, f, account } = page
  return h(
    'details',
    { class: 'panel', key: 'streams', open: account.streams.length > 0 || undefined },
    h('summary', null, h('h3', null, t('streams'))),
    h('p', { class: 'fine' }, t('streams.hint')),
    account.streams.map((row, index) => {
      const path = (/** @type {string} */ name) => `streams.${index}.${name}`
      return h(
        'fieldset',
        { class: 'row-of', key: `streams ${index}` },
        h('legend', { class: 'hidden' }, t('streams.nth', { number: f.count(index + 1) })),
        choice(page, path('api'), t('api'), catalog.apis.map((it) => [it.id, f.text(it.name)])),
        catalog.regions.length > 1 && choice(page, path('region'), t('region'), catalog.regions.map((it) => [it.id, f.text(it.name)])),
        text(page, path('calls'), t('streams.calls'), { class: 'number', placeholder: '10k' }),
        text(page, path('project'), t('buys.project')),
        text(page, path('user'), t('streams.user')),
        lacks(page, [[t('streams.calls'), row.calls]]),
        drop(page, 'streams', index, t('streams.drop', { number: f.count(index + 1) })),
      )
    }),
    h('p', { class: 'under', key: 'under' }, add(page, 'streams', t('streams.add'))),
  )
}

/** @param {Page} page */
function limitsView(page) {
  const { t } = page
  const off = { placeholder: t('limits.off') }
  return h(
    'div',
    { class: 'panel', key: 'limits' },
    h('div', { class: 'panel-head' }, h('h3', null, t('limits'))),
    h('div', { class: 'lines-of' }, text(page, 'alerts.below', t('limits.below'), { ...MONEY, ...off }), text(page, 'alerts.left', t('limits.left'), { ...MONEY, ...off }), text(page, 'alerts.days', t('limits.days'), { ...COUNT, ...off })),
  )
}

/** @param {Page} page @param {Catalog} catalog */
function budgetsView(page, catalog) {
  const { t, f, account } = page
  const options = (/** @type {string} */ none, /** @type {readonly any[]} */ rows) => /** @type {[string, string][]} */ ([['', none], ...rows.map((it) => [it.id, f.text(it.name)])])
  return h(
    'div',
    { class: 'panel', key: 'budgets' },
    h('div', { class: 'panel-head' }, h('h3', null, t('budgets'))),
    account.budgets.map((budget, index) => {
      const path = (/** @type {string} */ name) => `budgets.${index}.${name}`
      return h(
        'fieldset',
        { class: 'row-of', key: `budgets ${index}` },
        h('legend', { class: 'hidden' }, t('budgets.nth', { number: f.count(index + 1) })),
        text(page, path('amount'), t('budgets.amount'), { class: 'number', title: t('budgets.amount.hint') }),
        choice(page, path('every'), t('budgets.every'), [['day', t('budgets.day')], ['month', t('budgets.month')], ['quarter', t('budgets.quarter')], ['year', t('budgets.year')]]),
        text(page, path('from'), t('budgets.from'), { class: 'time', placeholder: '2026-03' }),
        text(page, path('until'), t('budgets.until'), { class: 'time', placeholder: t('budgets.open') }),
        choice(page, path('kind'), t('budgets.kind'), [['', t('budgets.all')], ['pay-per-use', t('budgets.use')], ['package', t('budgets.packages')]]),
        text(page, path('project'), t('buys.project'), { placeholder: t('buys.anyProject') }),
        choice(page, path('api'), t('api'), options(t('budgets.anyApi'), catalog.apis)),
        catalog.regions.length > 1 && choice(page, path('region'), t('region'), options(t('budgets.anyRegion'), catalog.regions)),
        lacks(page, [[t('budgets.amount'), budget.amount], [t('budgets.from'), budget.from]]),
        budget.alerts.map((row, at) =>
          h(
            'div',
            { class: 'whole budget-alert', key: `alert ${at}`, role: 'group', 'aria-label': t('budgets.alert', { number: f.count(at + 1) }) },
            choice(page, path(`alerts.${at}.on`), t('budgets.on'), [['actual', t('budgets.actual')], ['forecast', t('budgets.forecast')]]),
            text(page, path(`alerts.${at}.over`), t('budgets.over'), MONEY),
            lacks(page, [[t('budgets.over'), row.over]]),
            drop(page, path('alerts'), at, t('budgets.dropAlert', { number: f.count(at + 1) })),
          ),
        ),
        h('p', { class: 'whole', key: 'more' }, add(page, path('alerts'), t('budgets.addAlert'))),
        drop(page, 'budgets', index, t('budgets.drop', { number: f.count(index + 1) })),
      )
    }),
    h('p', { class: 'under', key: 'under' }, add(page, 'budgets', t('budgets.add')), h('small', null, t('budgets.amount.hint'))),
  )
}

/** @param {Page} page */
function pricesView(page) {
  const { t, state, history } = page
  const wanted = (history?.estimate.unpriced.length ?? 0) > 0 || page.state.problems.some(({ code }) => code === 'no_published_price')
  const typed = Object.keys(state.inputs.own).length > 0
  return h('details', { class: wanted ? 'panel prices-of wanted' : 'panel prices-of', key: 'prices', open: wanted || typed || undefined }, h('summary', null, h('h3', null, t('prices'))), ownView(/** @type {any} */ (page)))
}
