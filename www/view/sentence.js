// The answer in one sentence, and what it speaks of.

import { findApi, findRegion } from '../catalog.js'
import { h } from '../dom.js'
import { sign, unsigned } from '../format.js'
import { ownUsed } from '../inputs.js'
import { toolsView } from './tools.js'
import { againView, bare, problemText, retryView, rich, staleText } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../question.js').Answer} Answer */

/** At most so many winning ranges are named in the sentence. */
const RANGES_END = 3

/** @param {Page} page */
export function sentenceView(page) {
  const { answer, state, stale, t } = page
  return [
    h('div', { class: 'over' }, h('p', { class: 'subject' }, subject(page)), toolsView(page)),
    h(
      'h2',
      { class: 'sentence', part: 'sentence' },
      answer
        ? rich(sentence(page, answer))
        : state.engine.at === 'missing'
          ? missing(page)
          : stale
            ? staleText(page)
            : h('span', { class: 'soft' }, rich(t(page.changed ? 'sentence.waiting' : 'sentence.waitingExample'))),
    ),
    h(
      'p',
      { class: stale ? 'context stale' : 'context' },
      stale
        ? [answer && staleText(page), ' ', retryView(page)]
        : answer
          ? context(page, answer)
          : state.engine.at === 'missing'
            ? againView(page)
            : '\u00a0',
    ),
  ]
}

/** What a screen reader is told when there is a new answer or a new problem. @param {Page} page */
export function spoken(page) {
  const problem = page.state.problems[0]
  if (problem) return problemText(page, problem)
  if (page.state.engine.at === 'missing') return missing(page)
  return page.answer ? `${bare(sentence(page, page.answer))} ${context(page, page.answer)}` : ''
}

/** @param {Page} page */
function missing({ state, t }) {
  return t(state.engine.at === 'missing' && state.engine.why === 'no_webassembly' ? 'engine.no_webassembly' : 'engine.missing')
}

/** Names of what was asked about: the answered inputs, not those being typed. @param {Page} page */
function names({ answer, state, catalog, f }) {
  const inputs = answer?.inputs ?? state.inputs
  const from = answer?.request.catalog ?? catalog
  return {
    api: (from && f.text(findApi(from, inputs.api)?.name)) || inputs.api,
    region: (from && f.text(findRegion(from, inputs.region)?.name)) || inputs.region,
    provider: from ? f.text(from.name) : inputs.catalog,
  }
}

/** @param {Page} page */
function subject(page) {
  const { api, region, provider } = names(page)
  return page.answer || page.catalog ? `${provider} · ${region} · ${api}` : '\u00a0'
}

/** What was bought, by package: quantity and size. @param {Page} page @param {Answer} answer */
export function bundle({ t, f }, answer) {
  const { request } = answer
  const rows = [...(request.entered?.packages ?? []), ...request.catalog.packages]
  const counts = /** @type {Map<string, number>} */ (new Map())
  for (const grant of request.grants ?? []) counts.set(grant.package, (counts.get(grant.package) ?? 0) + (grant.quantity ?? 1))
  const items = [...counts].map(([id, quantity]) => {
    const row = rows.find((it) => it.id === id)
    return { quantity, size: f.size(row?.quota ?? 0), points: row?.unit === 'point' }
  })
  return { bundle: items.length > 0 ? t('bundle', { items }) : '', one: items.length === 1 && items[0].quantity === 1 }
}

/** @param {Page} page @param {Answer} answer */
function sentence(page, answer) {
  const { t, f } = page
  const { comparison, estimate } = answer
  const { api, region } = names(page)
  const { bundle: text, one } = bundle(page, answer)
  const money = (/** @type {string | null | undefined} */ value) => (value == null ? '' : f.money(unsigned(value), estimate.currency))

  if (!comparison) {
    if (estimate.total == null) {
      const first = estimate.unpriced[0]
      const some = estimate.lines.some((line) => line.slices.some((slice) => slice.unitPrice != null))
      return t(first?.package ? 'sentence.noPriceOfPackage' : some ? 'sentence.noPriceForAll' : 'sentence.noPrice', { api, region })
    }
    const calls = f.count(estimate.calls.counted + estimate.calls.rejected)
    if (answer.request.payPerUse === false)
      return t(text ? 'sentence.offWith' : 'sentence.off', { bundle: text, one, money: money(estimate.total), calls, refused: estimate.calls.rejected ? f.count(estimate.calls.rejected) : '' })
    if (!text) return t('sentence.plansNone', { calls })
    return t('sentence.plansOnly', {
      bundle: text,
      one,
      money: money(estimate.total),
      calls,
      refused: estimate.calls.rejected ? f.count(estimate.calls.rejected) : '',
    })
  }
  if (!text) return t('sentence.none', { money: money(comparison.payPerUse.total) })
  const key = { '-1': 'sentence.costsMore', 0: 'sentence.same', 1: 'sentence.saves' }[String(sign(comparison.saving))] ?? ''
  const amount = sign(comparison.saving) === 0 ? comparison.payPerUse.total : comparison.saving
  return t(key, {
    bundle: text,
    one,
    money: money(amount),
    share: f.share(unsigned(comparison.savingShare)),
    wins: wins(page, comparison, one),
  })
}

/**
 * At which volumes the packages win, and how far anything is known: the sentence and the caption of the chart say it in these words.
 * @param {Page} page @param {import('../question.js').Comparison} comparison @param {boolean} one @param {number} [most] ranges that are named
 */
export function wins({ t, f }, { packagesWin, searchedUpTo, notes, volume }, one, most = RANGES_END) {
  if (volume === 0) return t('wins.noCalls')
  const priced = notes.some((note) => note.code === 'curve_ends_at_last_price')
  const until = searchedUpTo == null ? '' : t(priced ? 'until.priced' : 'until.looked', { upTo: f.count(searchedUpTo) })
  if (packagesWin.length === 0) return t('wins.never', { one, until })
  if (packagesWin.length > most) return t('wins.many', { one, count: f.count(packagesWin.length), until })
  const ranges = packagesWin.map(({ from, upTo }) =>
    t(upTo == null ? 'range.from' : upTo === from ? 'range.at' : 'range.between', { from: f.count(from), upTo: f.count(upTo ?? 0) }),
  )
  return t('wins.in', { one, ranges, until })
}

/** The two totals and the calls behind the sentence. @param {Page} page @param {Answer} answer */
function context({ t, f }, { comparison, estimate, request, inputs }) {
  const own = ownUsed(inputs) ? f.gap + t('context.own') : ''
  const calls = f.count(estimate.calls.requests)
  const called = estimate.months.filter((month) => month.calls.requests > 0)
  const [first, last] = [called[0] ?? estimate.months[0], called.at(-1) ?? estimate.months[0]]
  const span = first ? f.span(first.month, last.month) : ''
  if (!comparison || (request.grants ?? []).length === 0) return t('context.calls', { calls, span }) + own
  const money = (/** @type {string | null | undefined} */ value) => f.money(value ?? '', estimate.currency)
  return t('context', { withPackages: money(estimate.total), alone: money(comparison.payPerUse.total), calls, span }) + own
}
