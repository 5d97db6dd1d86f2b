// What is called and bought: one column of panels; on a phone folded to one line.

import { findApi, offered, priced } from '../catalog.js'
import { h } from '../dom.js'
import { purchasesInUse } from '../inputs.js'
import { apiView } from './api.js'
import { callsView } from './calls.js'
import { ownView } from './own.js'
import { packagesView } from './packages.js'
import { marks, problems, switchView } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */

/** @param {Page} page */
export function inputsView(page) {
  const { t, state } = page
  return h(
    'section',
    { class: state.open ? 'inputs open' : 'inputs', 'aria-label': t('inputs'), part: 'inputs' },
    h(
      'button',
      {
        type: 'button',
        class: 'fold',
        'aria-expanded': String(state.open),
        'aria-controls': 'inputs',
        onClick: () => page.send({ type: 'open', open: !state.open }),
      },
      h('span', { class: 'fold-what' }, summary(page)),
      h('span', { class: 'fold-do' }, t(state.open ? 'inputs.done' : 'inputs.change')),
    ),
    h(
      'div',
      { class: 'panels', id: 'inputs' },
      h('div', { class: 'panel where' }, providerField(page), regionField(page), apiView(page), switchView(page)),
      callsView(page),
      packagesView(page),
      ownView(page),
      back(page),
    ),
  )
}

/** @param {Page} page */
function summary({ t, f, state, catalog, answer }) {
  const { inputs } = state
  const api = (catalog && f.text(findApi(catalog, inputs.api)?.name)) || inputs.api
  const bought = catalog ? purchasesInUse(inputs, catalog).reduce((sum, { purchase }) => sum + purchase.quantity, 0) : 0
  return t('inputs.summary', { api, calls: answer ? f.count(answer.estimate.calls.requests) : '', bought })
}

/** @param {Page} page */
function providerField(page) {
  const { t, f, state } = page
  const { catalog } = state.inputs
  const known = state.listed.includes(catalog) ? state.listed : [catalog, ...state.listed]
  const options = known.map((id) => {
    const name = f.text(state.catalogs[id]?.name) || id
    return h('option', { value: id, key: id }, state.catalogs[id] === null ? t('option.unknown', { name }) : name)
  })
  return row(page, 'catalog', t('provider'), options, catalog, (id) => page.send({ type: 'catalog', id }))
}

/** @param {Page} page */
function regionField(page) {
  const { t, f, state, catalog } = page
  const { region, api } = state.inputs
  const known = catalog?.regions ?? []
  const options = known.map(({ id, name: text }) => {
    const name = f.text(text)
    const here = catalog && offered(catalog, api, id)
    return h(
      'option',
      { value: id, key: id },
      !here ? t('option.notHere', { name }) : catalog && priced(catalog, api, id) ? name : t('option.noPrice', { name }),
    )
  })
  if (region && !known.some((it) => it.id === region))
    options.unshift(h('option', { value: region, key: region }, catalog ? t('option.unknown', { name: region }) : region))
  return row(page, 'region', t('region'), options, region, (id) => page.send({ type: 'region', id }))
}

/**
 * @param {Page} page
 * @param {string} field
 * @param {string} label
 * @param {import('../dom.js').Described[]} options
 * @param {string} value
 * @param {(value: string) => void} choose
 */
function row(page, field, label, options, value, choose) {
  const onChange = (/** @type {any} */ event) => choose(event.target.value)
  const control = marks(page, field)
  return h(
    'div',
    { class: 'field row', key: field },
    h('label', { for: control.id }, label),
    h('select', { ...control, onChange, value }, options),
    problems(page, field),
  )
}

/** @param {Page} page */
function back({ t, changed, send }) {
  return (
    changed &&
    h(
      'p',
      { class: 'back', key: 'back' },
      h('button', { type: 'button', class: 'plain', onClick: () => send({ type: 'example' }) }, t('example.back')),
    )
  )
}
