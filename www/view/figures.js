// Three figures on one scale: pay-per-use alone, these packages, and the difference.

import { h } from '../dom.js'
import { sign, unsigned } from '../format.js'
import { bar, swatch, tag } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../dom.js').Child} Child */

/** @param {Page} page */
export function figuresView(page) {
  const shown = page.answer ? answered(page, page.answer) : waiting(page)
  return h('section', { class: 'figures', 'aria-label': page.t('figures'), part: 'figures', key: 'figures' }, h('dl', null, shown))
}

/**
 * @param {string} label
 * @param {Child} value
 * @param {Child} drawn
 * @param {Child} [small]
 */
function figure(label, value, drawn, small) {
  return h(
    'div',
    null,
    h('dt', null, label),
    h('dd', { class: 'value', figure: true }, value),
    h('dd', { class: 'drawn' }, drawn),
    h('dd', { class: 'small' }, small),
  )
}

/** The same three, empty. @param {Page} page */
function waiting({ t, state }) {
  const count = state.inputs.purchases.reduce((all, purchase) => all + purchase.quantity, 0)
  return [
    figure(t('figures.alone'), '\u00a0', bar([], 0)),
    figure(t('figures.with', { count }), '\u00a0', bar([], 0), '\u00a0'),
    figure(t('figures.saved'), '\u00a0', bar([], 0)),
  ]
}

/** @param {Page} page @param {import('../question.js').Answer} answer */
function answered(page, { comparison, estimate, lacks, request }) {
  const { t, f } = page
  const count = (request.grants ?? []).reduce((all, grant) => all + (grant.quantity ?? 1), 0)
  const alone = comparison?.payPerUse.total
  const noPrice = tag(t('figures.noPrice'), 'missing')
  const sum = (/** @type {string} */ value) => withUnit(page, estimate.currency, f.plainSum(value))
  // Lengths of bars: positions on the screen, not amounts.
  const length = (/** @type {string | null | undefined} */ value) => Math.abs(Number(value ?? 0))
  const scale = Math.max(length(alone), length(estimate.total))
  const mine = bar([...one('package', length(estimate.packages)), ...one('payPerUse', length(estimate.payPerUse))], scale)
  return [
    figure(
      t('figures.alone'),
      alone == null ? (lacks === 'no_pay_per_use' ? tag(t(request.payPerUse === false ? 'figures.off' : 'figures.notSold'), 'missing') : noPrice) : sum(alone),
      bar(one('payPerUse', length(alone)), scale),
    ),
    figure(t('figures.with', { count }), estimate.total == null ? noPrice : sum(estimate.total), mine, parts(page, estimate)),
    comparison ? difference(page, comparison, length, scale) : figure(t('figures.same'), '–', null),
  ]
}

/** @param {import('./parts.js').Part['source']} source @param {number} of */
const one = (source, of) => [{ source, of }]

/**
 * A sum with its currency, smaller, where the language puts it.
 * @param {Page} page
 * @param {string} currency
 * @param {string} sum
 */
function withUnit({ f }, currency, sum) {
  const both = [h('span', { class: 'currency' }, f.unit(currency)), h('span', null, sum)]
  return f.lang === 'en' ? both : both.reverse()
}

/** What a total is made of, where it is made of both. @param {Page} page @param {import('../question.js').Estimate} estimate */
function parts({ t, f }, { packages, payPerUse }) {
  if (packages == null || payPerUse == null || sign(packages) === 0 || sign(payPerUse) === 0) return null
  const part = (/** @type {'package' | 'payPerUse'} */ source, /** @type {string} */ value) => [
    swatch(source),
    h('span', { class: 'hidden' }, t(`source.${source}`), ' '),
    f.plainSum(value),
  ]
  return [part('package', packages), ' + ', part('payPerUse', payPerUse)]
}

/**
 * @param {Page} page
 * @param {import('../question.js').Comparison} comparison
 * @param {(value: string | null | undefined) => number} length
 * @param {number} scale
 */
function difference(page, { withPackages, payPerUse, saving, savingShare }, length, scale) {
  const { t, f } = page
  const which = sign(saving)
  const lower = length(which < 0 ? payPerUse.total : withPackages.total)
  return figure(
    t(which > 0 ? 'figures.saved' : which < 0 ? 'figures.more' : 'figures.same'),
    [
      withUnit(page, withPackages.currency, f.plainSum(unsigned(saving))),
      which !== 0 && h('span', { class: 'share' }, f.share(unsigned(savingShare))),
    ],
    bar([...one('none', lower), ...one('gap', length(saving))], scale),
  )
}
