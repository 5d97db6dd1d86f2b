// Prices that a person types in: for what has no published price, or instead of it.

import { priced } from '../catalog.js'
import { h } from '../dom.js'
import { ownPrices } from '../inputs.js'
import { idOf, labelled, problems, typing } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */

const ROWS_END = 20

/** @param {Page} page */
export function ownView(page) {
  const { t, f, state, catalog, answer } = page
  if (!catalog) return null
  const { api, region } = state.inputs
  const own = ownPrices(state.inputs)
  const typed = own.unitPrice !== '' || own.packages.some((row) => row.size !== '' || row.price !== '')
  const wanted = !priced(catalog, api, region) || answer?.lacks === 'no_published_price'
  return h(
    'details',
    { class: wanted ? 'panel own wanted' : 'panel own', key: 'own', open: wanted || typed },
    h('summary', null, h('h3', null, t('own'), h('small', null, f.unit(catalog.currency)))),
    h('p', { class: 'fine' }, t('own.hint')),
    fieldsView(page, catalog),
  )
}

/** @param {Page} page @param {import('../catalog.js').Catalog} catalog */
function fieldsView(page, catalog) {
  const { t, state } = page
  const own = ownPrices(state.inputs)
  // One empty row is always there to type into.
  const rows = [...own.packages, { size: '', price: '' }].slice(0, ROWS_END)
  return [
    catalog.payPerUse &&
      labelled(
        page,
        'own.unitPrice',
        t('own.unitPrice'),
        typing(page, 'own.unitPrice', own.unitPrice, { class: 'number', inputmode: 'decimal', placeholder: '0.08' }),
      ),
    h(
      'fieldset',
      { class: 'own-packages' },
      h('legend', null, t('own.packages')),
      h('div', { class: 'own-row head', 'aria-hidden': 'true' }, h('span', null, t('own.size')), h('span', null, t('own.price'))),
      rows.map((row, index) => {
        const label = t('own.package', { number: String(index + 1) })
        const cell = (/** @type {'size' | 'price'} */ name, /** @type {string} */ placeholder) => {
          const field = `own.packages.${index}.${name}`
          return h(
            'div',
            { class: 'field', key: field },
            typing(page, field, row[name], { class: 'number', placeholder, 'aria-label': `${label}: ${t(`own.${name}`)}` }),
            problems(page, field),
          )
        }
        return h(
          'div',
          { class: 'own-row', key: index, id: idOf(`own.packages.${index}`) },
          cell('size', index === 0 ? '100k' : ''),
          cell('price', index === 0 ? '3,200' : ''),
        )
      }),
    ),
  ]
}
