// What the log is priced with: provider, purchases, subscriptions, own prices, readings.

import { hasLimited } from '../catalog.js'
import { h } from '../dom.js'
import { readingsChosen } from '../inputs.js'
import { apiView } from '../view/api.js'
import { ownView } from '../view/own.js'
import { choosing, idOf, labelled, marks, pending, problems, switchView, typing } from '../view/parts.js'

/** @typedef {import('./page.js').ReplayPage} Page */
/** @typedef {import('./state.js').Buy} Buy */
/** @typedef {import('../catalog.js').Catalog} Catalog */

/** @param {Page} page */
export function boughtView(page) {
  const { t, catalog, log, state } = page
  return h(
    'section',
    { class: state.open ? 'inputs open' : 'inputs', 'aria-label': t('bought.all'), key: 'inputs' },
    h(
      'button',
      { type: 'button', class: 'fold', 'aria-expanded': String(state.open), 'aria-controls': 'inputs', onClick: () => page.send({ type: 'open', open: !state.open }) },
      h('span', { class: 'fold-what' }, t('bought.summary', { provider: catalog ? page.f.text(catalog.name) : '', count: log.buys.length })),
      h('span', { class: 'fold-do' }, t(state.open ? 'inputs.done' : 'inputs.change')),
    ),
    h(
      'div',
      { class: 'panels', id: 'inputs' },
      h('div', { class: 'panel where' }, catalogField(page, 'catalog', state.inputs.catalog, (id) => page.send({ type: 'catalog', id })), switchView(/** @type {any} */ ({ ...page, catalog }))),
      catalog && h('div', { class: 'panel buys', key: 'buys' }, h('div', { class: 'panel-head' }, h('h3', null, t('packages'))), buysView(page, 'buys', log.buys, catalog)),
      catalog && openedView(page, catalog),
      catalog && pricesView(page, catalog),
      catalog && readingsView(page, catalog, readingsChosen(state.inputs, catalog), (profile, option) => page.send({ type: 'reading', profile, option })),
    ),
  )
}

/** @param {Page} page @param {string} field @param {string} value @param {(id: string) => void} choose */
export function catalogField(page, field, value, choose) {
  const { t, f, state } = page
  const known = state.listed.includes(value) ? state.listed : [value, ...state.listed]
  return labelled(
    page,
    field,
    t('provider'),
    h(
      'select',
      { ...marks(page, field), value, onChange: (/** @type {any} */ event) => choose(event.target.value) },
      known.map((id) => h('option', { value: id, key: id }, f.text(state.catalogs[id]?.name) || id)),
    ),
  )
}

/**
 * Purchases, each with its date, region and project.
 * @param {Page} page @param {'buys' | 'otherBuys'} list @param {Buy[]} buys @param {Catalog} catalog
 */
export function buysView(page, list, buys, catalog) {
  const { t, f, send } = page
  const packages = packagesOf(page, catalog)
  const field = (/** @type {number} */ index, /** @type {keyof Buy} */ name) => `${list}.${index}.${name}`
  const text = (/** @type {number} */ index, /** @type {keyof Buy} */ name, /** @type {string} */ label, more = {}) =>
    labelled(page, field(index, name), label, typing(page, field(index, name), buys[index][name], more))
  return [
    buys.length === 0 && h('p', { class: 'none', key: 'none' }, t(packages.length > 0 ? 'bought.none' : 'bought.unknown')),
    buys.map((buy, index) =>
      h(
        'fieldset',
        { class: 'buy', key: `${list} ${index}` },
        h('legend', { class: 'hidden' }, t('bought.nth', { number: f.count(index + 1) })),
        labelled(page, field(index, 'package'), t('bought.package'), choosing(page, field(index, 'package'), buy.package, packages)),
        text(index, 'quantity', t('packages.buy'), { class: 'number', inputmode: 'numeric' }),
        text(index, 'when', t('bought'), { class: 'time', placeholder: '2023-03-20 10:30:00' }),
        catalog.regions.length > 1 && labelled(page, field(index, 'region'), t('region'), choosing(page, field(index, 'region'), buy.region, catalog.regions.map((it) => [it.id, f.text(it.name)]))),
        text(index, 'project', t('column.project'), { placeholder: t('bought.anyProject') }),
        catalog.startChoice && text(index, 'starts', t('starts'), { class: 'time', placeholder: t('starts.atOnce') }),
        hasLimited(catalog) &&
          h(
            'div',
            { class: 'field check', key: 'limited' },
            h('input', { type: 'checkbox', ...marks(page, field(index, 'limited')), checked: buy.limited !== '', onChange: (/** @type {any} */ event) => send({ type: 'type', field: field(index, 'limited'), text: event.target.checked ? 'limited' : '' }) }),
            h('label', { for: idOf(field(index, 'limited')) }, t('limited')),
            problems(page, field(index, 'limited')),
          ),
        pending(page, [[t('bought'), buy.when]]),
        h('button', { type: 'button', class: 'drop-row', 'aria-label': t('bought.drop', { number: f.count(index + 1) }), onClick: () => send({ type: 'drop', list, index }) }, '×'),
      ),
    ),
    packages.length > 0 && h('p', { class: 'under', key: 'under' }, h('button', { type: 'button', class: 'plain', onClick: () => send({ type: 'add', list }) }, t('bought.add')), h('small', null, t('bought.zone'))),
  ]
}

/** What can be bought: the catalog's packages, then those typed in. @param {Page} page @param {Catalog} catalog @returns {[string, string][]} */
function packagesOf({ t, f, state }, catalog) {
  const listed = /** @type {Map<string, string>} */ (new Map())
  for (const row of catalog.packages) if (!listed.has(row.id)) listed.set(row.id, f.text(row.name) || `${row.id} · ${f.count(row.quota)}`)
  for (const [scope, own] of Object.entries(state.inputs.own)) {
    const [of, region, api] = scope.split(' ')
    if (of !== catalog.id) continue
    own.packages.forEach((row, index) => {
      const api_ = f.text(catalog.apis.find((it) => it.id === api)?.name) || api
      if (row.size.trim() !== '') listed.set(`own-${api}-${region}-${index + 1}`, `${api_} ${row.size} · ${t('tag.own')}`)
    })
  }
  return [...listed]
}

/** When services were open: only needed where somebody switched them on or off. @param {Page} page @param {Catalog} catalog */
function openedView(page, catalog) {
  const { t, f, log, send } = page
  if (!catalog.payPerUse) return null
  const field = (/** @type {number} */ index, /** @type {string} */ name) => `opened.${index}.${name}`
  return h(
    'details',
    { class: 'panel opened-rows', key: 'opened', open: log.opened.length > 0 || undefined },
    h('summary', null, h('h3', null, t('opened'))),
    h('p', { class: 'fine' }, t('opened.hint')),
    log.opened.map((row, index) =>
      h(
        'fieldset',
        { class: 'buy', key: `opened ${index}` },
        h('legend', { class: 'hidden' }, t('opened.nth', { number: f.count(index + 1) })),
        labelled(page, field(index, 'api'), t('api'), choosing(page, field(index, 'api'), row.api, catalog.apis.map((it) => [it.id, f.text(it.name)]))),
        catalog.regions.length > 1 && labelled(page, field(index, 'region'), t('region'), choosing(page, field(index, 'region'), row.region, catalog.regions.map((it) => [it.id, f.text(it.name)]))),
        labelled(page, field(index, 'from'), t('opened.from'), typing(page, field(index, 'from'), row.from, { class: 'time', placeholder: '2023-03-18 15:30:00' })),
        labelled(page, field(index, 'until'), t('opened.until'), typing(page, field(index, 'until'), row.until, { class: 'time', placeholder: t('opened.still') })),
        labelled(page, field(index, 'user'), t('column.user'), typing(page, field(index, 'user'), row.user, { placeholder: t('opened.everybody') })),
        pending(page, [[t('opened.from'), row.from]]),
        h('button', { type: 'button', class: 'drop-row', 'aria-label': t('opened.drop', { number: f.count(index + 1) }), onClick: () => send({ type: 'drop', list: 'opened', index }) }, '×'),
      ),
    ),
    h('p', { class: 'under', key: 'under' }, h('button', { type: 'button', class: 'plain', onClick: () => send({ type: 'add', list: 'opened' }) }, t('opened.add'))),
  )
}

/** Prices of one’s own, for one API in one region at a time. @param {Page} page @param {Catalog} catalog */
function pricesView(page, catalog) {
  const { t, f, state, log } = page
  const { region, own } = state.inputs
  const typed = Object.keys(own).some((scope) => scope.startsWith(`${catalog.id} `))
  const wanted = (log.answer?.answer.estimate.unpriced.length ?? 0) > 0
  return h(
    'details',
    { class: wanted ? 'panel prices-of wanted' : 'panel prices-of', key: 'prices', open: typed || wanted || undefined },
    h('summary', null, h('h3', null, t('prices'))),
    h('p', { class: 'fine' }, t('prices.hint')),
    catalog.regions.length > 1 &&
      h(
        'div',
        { class: 'field row', key: 'region' },
        h('label', { for: idOf('own.region') }, t('region')),
        h('select', { id: idOf('own.region'), value: region, onChange: (/** @type {any} */ event) => page.send({ type: 'region', id: event.target.value }) }, catalog.regions.map((it) => h('option', { value: it.id, key: it.id }, f.text(it.name)))),
      ),
    apiView(page),
    ownView(page),
    problems(page, 'own'),
  )
}

/**
 * Where official texts disagree: which reading holds.
 * @param {Page} page @param {Catalog} catalog @param {Record<string, string>} chosen @param {(profile: string, option: string) => void} choose @param {string} [kind]
 */
export function readingsView({ t, f }, catalog, chosen, choose, kind = 'reading') {
  const profiles = catalog.profiles ?? []
  if (profiles.length === 0) return null
  return h(
    'details',
    { class: 'panel readings-of', key: kind, open: Object.keys(chosen).length > 0 || undefined },
    h('summary', null, h('h3', null, t('readings'))),
    profiles.map(({ id, title, options }) =>
      h(
        'div',
        { class: 'field', key: id },
        h('label', { for: idOf(`${kind}.${id}`) }, `${id} · ${f.text(title)}`),
        h(
          'select',
          { id: idOf(`${kind}.${id}`), value: chosen[id] ?? options[0].id, onChange: (/** @type {any} */ event) => choose(id, event.target.value) },
          options.map((option) => h('option', { value: option.id, key: option.id }, f.text(option.title))),
        ),
      ),
    ),
  )
}

