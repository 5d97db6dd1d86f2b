// The receipt of one call, in words: who paid, by which rule, what was left; and who did not pay, and why.

import { findApi } from '../catalog.js'
import { h } from '../dom.js'
import { folded, labelled, tag, typing, unknown } from './parts.js'
import { stepText } from './packages.js'
import { refusal, ruleAt, ruleTag } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../dom.js').Child} Child */
/** @typedef {import('../ocr_pricing.js').Receipt} Receipt */

/** How the engine names a free quota: so, and its API. */
const FREE = 'free:'
/** More of them are counted, not shown. */
const PASSED_END = 20

/** @param {Page} page */
export function callView(page) {
  const { t, f, state, answer } = page
  if (!answer || answer.estimate.calls.requests === 0) return null
  const { at } = state.inputs
  const field = labelled(page, 'at', t('call.at'), typing(page, 'at', at, { class: 'time', placeholder: f.second(state.more.call?.value?.at ?? answer.estimate.period.start) }))
  return folded(page, 'call', t('call'), t('call.hint'), (receipt) => receiptView(page, receipt, 'call'), h('div', { class: 'asked' }, field, h('small', null, t('call.at.hint'))))
}

/**
 * @param {Page} page @param {Receipt} receipt @param {string} place
 * @param {boolean} [known] whether the cause and its rule are said beside it
 */
export function receiptView(page, receipt, place, known = false) {
  const here = `rule ${place}`
  return h(
    'div',
    { class: 'receipt' },
    h('p', null, h('b', null, page.f.second(receipt.at)), page.f.colon, outcome(page, receipt, known), !known && [' ', ruleTag(page, receipt.rule, here)]),
    ruleAt(page, here),
    passedOver(page, receipt, place),
  )
}

/** @param {Page} page @param {Receipt} receipt @param {boolean} known @returns {Child} */
function outcome(page, { paid, charged, refused }, known) {
  const { t, f, say, rules, answer } = page
  if (paid)
    return [
      t('receipt.paid'),
      f.gap,
      grantName(page, paid.grant),
      t('receipt.took', { units: f.count(paid.units), left: f.count(paid.left), points: paid.unit === 'point' }),
      f.gap,
      becauseView(page, paid.because),
    ]
  if (charged)
    return [
      t('receipt.charged'),
      ' ',
      charged.amount == null ? unknown(page) : h('b', null, f.money(charged.amount, answer?.estimate.currency ?? '')),
      charged.entered && [' ', tag(t('tag.own'), 'own')],
      t('receipt.step', { step: stepText(t, f, charged.from, charged.upTo ?? null) }),
      !known && [f.gap, say(rules?.causes[charged.cause]?.text)],
      ' ',
      h(
        'small',
        null,
        t('receipt.line', { start: f.second(charged.cycle.start), end: f.lastSecond(charged.cycle.end), debited: f.second(charged.debitedAt) }),
      ),
    ]
  return refused ? (refusal(page, refused)?.text ?? refused) : t('receipt.notCounted')
}

/** Why a grant paid, and which one it went before. @param {Page} page @param {{ key: string, over?: string }} because */
export const becauseView = (page, { key, over }) => [
  page.say(page.rules?.keys[key]),
  over && [page.f.gap, page.t('receipt.over'), page.f.gap, grantName(page, over), page.t('receipt.stop')],
]

/** Everything else that covers calls, and why it did not pay. @param {Page} page @param {Receipt} receipt @param {string} place */
function passedOver(page, receipt, place) {
  const { t, f, say, rules } = page
  // The free quotas of other APIs are no news.
  const passedOver = receipt.passedOver.filter(({ grant, reason }) => !(grant.startsWith(FREE) && reason === 'other_api'))
  if (passedOver.length === 0) return null
  return [
    h('p', { class: 'passed-head' }, t('receipt.passed')),
    h(
      'ul',
      { class: 'passed' },
      passedOver.slice(0, PASSED_END).map(({ grant, reason, rule, key, left }) => {
        const here = `${place} ${grant}`
        return h(
          'li',
          { key: grant },
          grantName(page, grant),
          f.colon,
          say(rules?.reasons[reason]),
          key && rules && [f.gap, t('receipt.later'), f.gap, say(rules.keys[key])],
          ' ',
          h('small', null, t('receipt.left', { left: f.count(left) })),
          ' ',
          ruleTag(page, rule, here),
          ruleAt(page, here),
        )
      }),
    ),
    passedOver.length > PASSED_END && h('p', { class: 'fine' }, t('more.rows', { count: f.count(passedOver.length - PASSED_END) })),
  ]
}

/** What people call a grant of the answer. @param {Page} page @param {string} id @returns {Child} */
export function grantName({ t, f, answer }, id) {
  const grant = answer?.estimate.grants.find((it) => it.id === id)
  if (!answer || !grant) {
    const api = id.startsWith(FREE) && answer && findApi(answer.request.catalog, id.slice(FREE.length))
    return [t('source.free'), api && api.id !== answer.inputs.api && t('grant.of', { api: f.text(api.name) })]
  }
  const name = f.text(answer.request.catalog.packages.find((row) => row.id === grant.package)?.name)
  const size = t('grant', { size: f.count(grant.quota), points: grant.unit === 'point' })
  const copies = answer.estimate.grants.filter((it) => it.package === grant.package && it.start === grant.start)
  const copy = copies.length > 1 && ` (${copies.indexOf(grant) + 1})`
  return h('span', { class: 'grant' }, grant.entered ? size : name || size, copy, grant.entered && [' ', tag(t('tag.own'), 'own')])
}
