// What can be bought, as a short price list with steppers, and when each purchase was made.

import { hasLimited, inForce, ladders, packagesFor } from '../catalog.js'
import { h } from '../dom.js'
import { ownPackages, ownPrices, ownSteps, purchasesInUse, startOf } from '../inputs.js'
import { readCount, readMoney } from '../typed.js'
import { idOf, labelled, marks, problems, tag, typing } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {{ id: string, size: string, points: boolean, price: string | null, own: boolean }} Offer */

/** Rows of the list while it is on its way, so that nothing jumps. */
const WAITING_ROWS = 7

/** @param {Page} page */
export function packagesView(page) {
  const { t, state, catalog } = page
  const offers = catalog ? offersOf(page, catalog) : []
  const points = offers.some((offer) => offer.points)
  const head = h(
    'tr',
    null,
    h('th', { scope: 'col' }, t(points ? 'packages.points' : 'packages.size')),
    h('th', { scope: 'col' }, t('packages.price'), catalog && h('small', null, page.f.unit(catalog.currency))),
    h('th', { scope: 'col' }, t('packages.perCall')),
    h('th', { scope: 'col' }, t('packages.buy')),
  )
  const waiting = Array.from({ length: WAITING_ROWS }, () => h('tr', null, h('td', { colspan: '4' }, '\u00a0')))
  const aside = catalog ? state.inputs.purchases.length - purchasesInUse(state.inputs, catalog).length : 0
  const source = catalog && sourceOf(page, catalog)
  return h(
    'div',
    { class: 'panel packages', key: 'packages', id: idOf('packages') },
    h('div', { class: 'panel-head' }, h('h3', null, t('packages'))),
    h(
      'table',
      { class: 'prices' },
      h('thead', null, head),
      h('tbody', null, catalog ? [perCallRows(page, catalog), offers.map((offer) => offerRows(page, catalog, offer))] : waiting),
    ),
    catalog && offers.length === 0 && h('p', { class: 'none', key: 'none' }, t('packages.none')),
    aside > 0 && h('p', { class: 'none', key: 'aside' }, t('packages.aside', { count: aside })),
    problems(page, 'packages'),
    source && h('p', { class: 'fine', key: 'source' }, t('packages.source', { title: source })),
  )
}

/** @param {Page} page @param {import('../catalog.js').Catalog} catalog @returns {Offer[]} */
function offersOf({ state, f }, catalog) {
  const { api, region } = state.inputs
  const published = packagesFor(catalog, api, region, startOf(state.inputs, catalog.utcOffset)).map((row) => ({
    id: row.id,
    size: f.count(row.quota),
    points: row.unit === 'point',
    price: row.price ?? null,
    own: false,
  }))
  const own = ownPackages(state.inputs).map((row) => {
    const size = readCount(row.size)
    const given = catalog.classes.find((it) => it.id === row.class)?.kind === 'free' && row.price.trim() === ''
    const price = readMoney(given ? '0' : row.price)
    return {
      id: row.id,
      size: 'value' in size ? f.count(size.value) : row.size,
      points: row.unit === 'point',
      price: 'value' in price ? price.value : null,
      own: true,
    }
  })
  return [...published, ...own]
}

/**
 * What a call costs that no package pays, step by step.
 * @param {Page} page
 * @param {import('../catalog.js').Catalog} catalog
 */
function perCallRows({ t, f, state }, catalog) {
  const { api, region } = state.inputs
  const own = readMoney(ownPrices(state.inputs).unitPrice)
  const steps = ownSteps(state.inputs)
  const row = (/** @type {string} */ label, /** @type {import('../dom.js').Child} */ price) =>
    h('tr', { class: 'per-call' }, h('td', { colspan: '2' }, label), h('td', { class: 'sum' }, price), h('td', null))
  if (!catalog.payPerUse) return row(t('source.payPerUse'), tag(t('figures.notSold'), 'missing'))
  const typed = (/** @type {string} */ text) => {
    const price = readMoney(text)
    return 'value' in price ? [f.price(price.value), ' ', tag(t('tag.own'), 'own')] : tag(t('tag.noPrice'), 'missing')
  }
  if (steps.length > 0) {
    const end = (/** @type {number} */ index) => {
      const upTo = readCount(steps[index]?.upTo ?? '0')
      return 'value' in upTo ? upTo.value : 0
    }
    return [
      steps.map(({ unitPrice }, index) => row(`${t('source.payPerUse')} ${stepText(t, f, end(index - 1), end(index))}`, typed(unitPrice))),
      row(stepText(t, f, end(steps.length - 1), null), typed(ownPrices(state.inputs).unitPrice)),
    ]
  }
  if ('value' in own) return row(t('source.payPerUse'), typed(own.value))
  const ladder = inForce(ladders(catalog, api, region), startOf(state.inputs, catalog.utcOffset))
  if (!ladder) return row(t('source.payPerUse'), tag(t('tag.noPrice'), 'missing'))
  return ladder.steps.map((step, index) => {
    const from = index === 0 ? 0 : (ladder.steps[index - 1].upTo ?? 0)
    const label =
      ladder.steps.length === 1
        ? t('source.payPerUse')
        : `${index === 0 ? `${t('source.payPerUse')} ` : ''}${stepText(t, f, from, step.upTo ?? null)}`
    return row(
      label,
      step.unitPrice == null
        ? tag(t('tag.noPrice'), 'missing')
        : [f.price(step.unitPrice), (ladder.per ?? 1) > 1 && ` / ${f.count(ladder.per ?? 1)}`],
    )
  })
}

/**
 * @param {import('../words.js').Words} t
 * @param {import('../format.js').Formats} f
 * @param {number} from
 * @param {number | null} upTo
 */
export function stepText(t, f, from, upTo) {
  if (upTo === null) return from === 0 ? t('slices.all') : t('slices.above', { from: f.count(from) })
  return from === 0 ? t('slices.upTo', { upTo: f.count(upTo) }) : t('slices.between', { from: f.count(from + 1), upTo: f.count(upTo) })
}

/** @param {Page} page @param {import('../catalog.js').Catalog} catalog @param {Offer} offer */
function offerRows(page, catalog, offer) {
  const { t, f, state, send } = page
  const mine = purchasesInUse(state.inputs, catalog).filter(({ purchase }) => purchase.package === offer.id)
  const count = mine.reduce((sum, { purchase }) => sum + purchase.quantity, 0)
  const step = (/** @type {number} */ by, /** @type {string} */ sign, /** @type {string} */ label) =>
    h(
      'button',
      {
        type: 'button',
        class: 'step',
        'aria-disabled': by < 0 && count === 0 && 'true',
        'aria-label': label,
        onClick: () => send({ type: 'buy', package: offer.id, by }),
      },
      sign,
    )
  return [
    h(
      'tr',
      { class: count > 0 ? 'chosen' : '', key: offer.id },
      h('td', { class: 'sum' }, offer.size, offer.own && [' ', tag(t('tag.own'), 'own')]),
      h('td', { class: 'sum' }, offer.price === null ? tag(t('tag.noPrice'), 'missing') : f.price(offer.price)),
      h('td', { class: 'sum' }, perCall(page, offer.id)),
      h(
        'td',
        { class: 'stepper' },
        step(-1, '−', t('packages.fewer', { size: offer.size })),
        h('output', null, f.count(count)),
        step(1, '+', t('packages.more', { size: offer.size })),
      ),
    ),
    mine.map(({ purchase, index }) => purchaseRow(page, catalog, offer, purchase, index, mine.length > 1, mine.at(-1)?.index === index)),
  ]
}

/** What a package comes to for one call, if the engine says so. @param {Page} page @param {string} id */
function perCall({ answer, f }, id) {
  const offers = /** @type {{ package: string, perCall: string | null }[]} */ (/** @type {any} */ (answer?.estimate)?.offers ?? [])
  const found = offers.find((offer) => offer.package === id)?.perCall
  return found ? f.price(found) : ''
}

/**
 * @param {Page} page
 * @param {import('../catalog.js').Catalog} catalog
 * @param {Offer} offer
 * @param {import('../inputs.js').Purchase} purchase
 * @param {number} index
 * @param {boolean} several
 * @param {boolean} last
 */
function purchaseRow(page, catalog, offer, purchase, index, several, last) {
  const { t, f, state, send } = page
  const when = state.inputs.pattern === 'periods' ? 'periods' : 'months'
  const start = startOf(state.inputs, catalog.utcOffset)
  const hint = start ? f.second(start) : t('bought.atStart')
  return h(
    'tr',
    { class: 'purchase', key: `${offer.id} ${index}` },
    h(
      'td',
      { colspan: '4' },
      h(
        'div',
        { class: 'purchase-row' },
        several && h('span', { class: 'times' }, `${f.count(purchase.quantity)} ×`),
        boughtField(),
        catalog.startChoice &&
          labelled(
            page,
            `purchases.${index}.starts`,
            t('starts'),
            typing(page, `purchases.${index}.starts`, purchase.starts, { class: 'time', placeholder: t('starts.atOnce') }),
          ),
        hasLimited(catalog) && limitedField(),
        last &&
          h(
            'button',
            { type: 'button', class: 'plain', key: 'again', onClick: () => send({ type: 'buy-again', package: offer.id }) },
            t('bought.another'),
          ),
      ),
    ),
  )

  function limitedField() {
    const field = `purchases.${index}.limited`
    const onChange = (/** @type {any} */ event) => send({ type: 'type', field, text: event.target.checked ? 'limited' : '' })
    return h(
      'div',
      { class: 'field check', key: field },
      h('input', { type: 'checkbox', ...marks(page, field), checked: purchase.limited !== '', onChange }),
      h('label', { for: idOf(field) }, t('limited')),
      problems(page, field),
    )
  }

  function boughtField() {
    const field = `purchases.${index}.when`
    const onInput = (/** @type {any} */ event) => send({ type: 'type', field: `${field}.${when}`, text: event.target.value })
    return labelled(page, field, t('bought'), typing(page, field, purchase.when[when], { class: 'time', placeholder: hint, onInput }))
  }
}

/** The document behind the list prices. @param {Page} page @param {import('../catalog.js').Catalog} catalog */
function sourceOf({ state, f }, catalog) {
  const { api, region } = state.inputs
  const rows = [...ladders(catalog, api, region), ...packagesFor(catalog, api, region)]
  const documents = [...new Set(rows.map((row) => row.source))].flatMap((id) =>
    Object.hasOwn(catalog.sources, id) ? [catalog.sources[id]] : [],
  )
  return documents.map((it) => (it.date ? `${it.title}, ${f.day(it.date)}` : it.title)).join('; ')
}
