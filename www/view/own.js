// Prices that a person types in: for what has no published price, or instead of it.

import { findApi, hasLimited, priced, stepShape } from '../catalog.js'
import { h } from '../dom.js'
import { NO_PACKAGE, NO_STEP, ownPrices } from '../inputs.js'
import { choosing, idOf, labelled, pending, problems, typing } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../catalog.js').Catalog} Catalog */
/** @typedef {import('../inputs.js').OwnPackage} OwnPackage */

const ROWS_END = 20

/** @param {object[]} rows */
const some = (rows) => rows.some((row) => Object.values(row).some((text) => text !== ''))

/** @param {Page} page */
export function ownView(page) {
  const { t, f, state, catalog, answer } = page
  if (!catalog) return null
  const { api, region } = state.inputs
  const own = ownPrices(state.inputs)
  const typed = own.unitPrice !== '' || some(own.packages) || some(own.steps)
  const wanted = !priced(catalog, api, region) || answer?.lacks === 'no_published_price'
  return h(
    'details',
    { class: wanted ? 'panel own wanted' : 'panel own', key: 'own', open: wanted || typed },
    h('summary', null, h('h3', null, t('own'), h('small', null, f.unit(catalog.currency)))),
    h('p', { class: 'fine' }, t('own.hint')),
    catalog.payPerUse && perCall(page, catalog),
    packages(page, catalog),
  )
}

/** @param {Page} page @param {Catalog} catalog */
function perCall(page, catalog) {
  const { t, state } = page
  const { steps, unitPrice } = ownPrices(state.inputs)
  // One empty row is always there to type into.
  const rows = [...steps, NO_STEP].slice(0, ROWS_END)
  return [
    labelled(
      page,
      'own.unitPrice',
      t(some(steps) ? 'own.above' : 'own.unitPrice'),
      typing(page, 'own.unitPrice', unitPrice, { class: 'number', inputmode: 'decimal', placeholder: '0.08' }),
    ),
    h(
      'details',
      { class: 'own-steps', key: 'steps', open: some(steps) },
      h('summary', null, t('own.steps')),
      h('p', { class: 'fine' }, t(`own.${stepShape(catalog)}`)),
      h('div', { class: 'own-row head', 'aria-hidden': 'true' }, h('span', null, t('own.upTo')), h('span', null, t('own.unitPrice'))),
      rows.map((row, index) => {
        const label = t('own.step', { number: String(index + 1) })
        return h('div', { class: 'own-row', key: index }, [
          cell(page, `own.steps.${index}.upTo`, row.upTo, `${label}: ${t('own.upTo')}`, index === 0 ? '10,000' : ''),
          cell(page, `own.steps.${index}.unitPrice`, row.unitPrice, `${label}: ${t('own.unitPrice')}`, index === 0 ? '0.1' : ''),
          row.unitPrice !== '' && pending(page, [[t('own.upTo'), row.upTo]]),
        ])
      }),
    ),
  ]
}

/** @param {Page} page @param {string} field @param {string} value @param {string} label @param {string} [placeholder] */
function cell(page, field, value, label, placeholder = '') {
  const input = typing(page, field, value, { class: 'number', placeholder, 'aria-label': label })
  return h('div', { class: 'field', key: field }, input, problems(page, field))
}

/** @param {Page} page @param {Catalog} catalog */
function packages(page, catalog) {
  const { t, state } = page
  const rows = [...ownPrices(state.inputs).packages, NO_PACKAGE].slice(0, ROWS_END)
  return h(
    'fieldset',
    { class: 'own-packages' },
    h('legend', null, t('own.packages')),
    h('div', { class: 'own-row head', 'aria-hidden': 'true' }, h('span', null, t('own.size')), h('span', null, t('own.price'))),
    rows.map((row, index) => {
      const label = t('own.package', { number: String(index + 1) })
      const name = `own.packages.${index}`
      return h(
        'div',
        { class: 'own-package', key: index, id: idOf(name), role: 'group', 'aria-label': label },
        h(
          'div',
          { class: 'own-row' },
          cell(page, `${name}.size`, row.size, `${label}: ${t('own.size')}`, index === 0 ? '100k' : ''),
          cell(page, `${name}.price`, row.price, `${label}: ${t('own.price')}`, index === 0 ? '3,200' : ''),
        ),
        some([row]) && pending(page, [[t('own.size'), row.size]]),
        some([row]) && kind(page, catalog, row, name, label),
      )
    }),
    rows.some((row) => row.unit === 'point') &&
      labelled(
        page,
        'own.points',
        t('own.points'),
        typing(page, 'own.points', ownPrices(state.inputs).points, {
          class: 'number',
          placeholder: String(findApi(catalog, state.inputs.api)?.points ?? 1),
        }),
      ),
  )
}

/**
 * What a package counts, of which class it is, and in which hours it serves: only where there is a choice.
 * @param {Page} page @param {Catalog} catalog @param {OwnPackage} row @param {string} name @param {string} label
 */
function kind(page, catalog, row, name, label) {
  const { t, f } = page
  const of = row.class || (catalog.classes.find((it) => it.kind === 'package')?.id ?? '')
  const aria = (/** @type {string} */ what) => ({ 'aria-label': `${label}: ${what}` })
  return h(
    'div',
    { class: 'own-kind' },
    choosing(
      page,
      `${name}.unit`,
      row.unit,
      [
        ['', t('own.size')],
        ['point', t('packages.points')],
      ],
      aria(t('own.unit')),
    ),
    catalog.classes.length > 1 &&
      choosing(
        page,
        `${name}.class`,
        of,
        catalog.classes.map((it) => [it.id, f.text(it.name)]),
        aria(t('own.class')),
      ),
    hasLimited(catalog) &&
      h(
        'span',
        { class: 'hours' },
        h('small', null, t('own.hours')),
        cell(page, `${name}.from`, row.from, `${label}: ${t('own.from')}`, '0'),
        '–',
        cell(page, `${name}.to`, row.to, `${label}: ${t('own.to')}`, '24'),
      ),
    hasLimited(catalog) && row.from + row.to !== '' && pending(page, [[t('own.from'), row.from], [t('own.to'), row.to]]),
  )
}
