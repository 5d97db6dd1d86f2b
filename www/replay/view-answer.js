// What the log comes to: the sum, who paid for how many calls, and why each of the others was charged.

import { findApi, findRegion } from '../catalog.js'
import { h } from '../dom.js'
import { sign } from '../format.js'
import { breakdownView } from '../view/breakdown.js'
import { grantsView } from '../view/grants.js'
import { notesView } from '../view/notes.js'
import { lost } from '../state.js'
import { againView, bare, rich, staleText, unknown } from '../view/parts.js'
import { ruleAt, ruleTag } from '../view/rules.js'
import { lacking } from './request.js'
import { stale } from './state.js'
import { badView, namesView } from './view-log.js'

/** @typedef {import('./page.js').ReplayPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('./state.js').ReplayAnswer} ReplayAnswer */
/** @typedef {import('../ocr_pricing.js').Charge} Charge */

/** @param {Page} page */
export function headView(page) {
  const { t, log } = page
  const { answer } = log
  const missing = answer && stale(log)
  return [
    h('h2', { class: 'sentence', part: 'sentence' }, answer ? rich(sentence(page, answer)) : rich(t(waiting(page)))),
    lost(page.state) && h('p', { class: 'problem', role: 'alert', key: 'lost' }, t('error.no_catalog'), ' ', againView(/** @type {any} */ (page))),
    h('p', { class: missing ? 'context stale' : 'context' }, missing ? (older(page) === 'stale' ? staleText(page) : t(older(page))) : answer ? context(page, answer) : t('sentence.promise')),
  ]
}

/** What stands there before the first answer. @param {Page} page */
function waiting({ log }) {
  if (!log.file) return 'sentence.start'
  if (log.work.at === 'failed') return 'sentence.failed'
  return lacking(log).length > 0 ? 'sentence.lacking' : log.work.at === 'cancelled' ? 'log.cancelled' : 'sentence.working'
}

/** Why what stands there answers an older question. @param {Page} page */
function older({ log }) {
  if (log.work.at === 'none') return 'stale'
  return log.work.at === 'reading' || (log.work.at === 'waiting' && lacking(log).length === 0) ? 'stale.reading' : 'stale.before'
}

/** What a screen reader hears. @param {Page} page @param {Answered} answer */
export const spoken = (page, answer) => `${bare(sentence(page, answer))} ${context(page, answer)}`

/** @param {Page} page @param {Answered} answered */
function sentence({ t, f }, { answer: { estimate } }) {
  const { total, calls, currency } = estimate
  if (calls.requests === 0) return t('sentence.nothing')
  if (total == null) return t('sentence.unpriced')
  return t('sentence.total', {
    money: f.money(total, currency),
    calls: f.count(calls.counted),
    charged: calls.payPerUse > 0 ? f.count(calls.payPerUse) : '',
    refused: calls.rejected > 0 ? f.count(calls.rejected) : '',
  })
}

/** @param {Page} page @param {Answered} answered */
function context({ t, f }, { answer, request }) {
  const { rows, bytes, estimate, problemCounts, unmatched } = answer
  const called = estimate.months.filter((month) => month.calls.requests > 0)
  const span = called.length > 0 ? f.span(called[0].month, called[called.length - 1].month) : ''
  const bad = problemCounts.reduce((sum, it) => sum + it.rows, 0)
  const names = unmatched.reduce((sum, it) => sum + it.calls, 0)
  return t('context.rows', { provider: f.text(request.catalog.name), rows: f.count(rows), bytes: f.bytes(bytes), span, bad: bad > 0 ? f.count(bad) : '', names: names > 0 ? f.count(names) : '' })
}

/** The panels of the answer, each described when it is asked for. @param {Page} page @returns {(() => import('../dom.js').Child)[]} */
export function answerPanels(page) {
  const { t, log } = page
  const { answer } = log
  const nothing = answer?.answer.estimate.calls.requests === 0
  const wanted = answer && answer.answer.unmatched.length > 0
  const some = (/** @type {(answer: Answered) => import('../dom.js').Child} */ view) => () => (answer && !nothing ? view(answer) : null)
  const names = () => answer && namesView(page, answer.answer)
  return [
    () => !answer && h('p', { class: 'none', key: 'none' }, t('answer.none')),
    // Names that are still unknown come first: figures lack their calls.
    () => wanted && names(),
    some((answer) => figuresView(page, answer)),
    some((answer) => chargesView(page, answer)),
    some(() => breakdownView(page)),
    some(() => grantsView(page)),
    () => answer && badView(page, answer.answer),
    () => !wanted && names(),
    () => answer && notesView(page),
  ]
}

/** @param {Page} page @param {Answered} answered */
function figuresView(page, { answer: { estimate } }) {
  const { t, f } = page
  const { total, packages, payPerUse, currency } = estimate
  const figure = (/** @type {string} */ label, /** @type {string | null | undefined} */ sum) =>
    h('div', null, h('dt', null, label), h('dd', { class: 'value', figure: true }, sum == null ? unknown(page) : withUnit(page, currency, f.plainSum(sum))))
  return h(
    'section',
    { class: 'figures', 'aria-label': t('figures'), key: 'figures' },
    h('dl', null, figure(t('total'), total), figure(t('source.package'), packages), figure(t('source.payPerUse'), payPerUse)),
  )
}

/** @param {Page} page @param {string} currency @param {string} sum */
function withUnit({ f }, currency, sum) {
  const both = [h('span', { class: 'currency' }, f.unit(currency)), h('span', null, sum)]
  return f.lang === 'en' ? both : both.reverse()
}

/** Every charge under one cause, the largest first, with what would have avoided it. @param {Page} page @param {Answered} answered */
function chargesView(page, { answer: { charges, estimate } }) {
  const { t, f } = page
  return h(
    'section',
    { class: 'block charges', 'aria-label': t('charges'), key: 'charges' },
    h('div', { class: 'block-head' }, h('h3', null, t('charges')), charges.length > 0 && h('small', null, t('figures.unit', { currency: f.unit(estimate.currency) }))),
    charges.length === 0
      ? h('p', { class: 'none' }, t('slices.none'))
      : h(
          'ol',
          null,
          charges.map((charge) => {
            const place = `charge ${charge.cause}`
            return h(
              'li',
              { key: charge.cause },
              h('span', { class: 'cause' }, t(t.has(`cause.${charge.cause}`) ? `cause.${charge.cause}` : 'row.other', { code: charge.cause }), ' ', ruleTag(page, charge.rule, place)),
              h('span', { class: 'sum' }, t('charges.calls', { calls: f.count(charge.calls) })),
              h('b', { class: 'sum', figure: true }, charge.amount == null ? unknown(page) : f.sum(charge.amount)),
              h('p', { class: 'avoid' }, avoided(page, charge, estimate.currency)),
              ruleAt(page, place),
            )
          }),
        ),
  )
}

/** @param {Page} page @param {Charge} charge @param {string} currency */
function avoided(page, { avoidedBy, avoids, amount, saves }, currency) {
  const { t, f } = page
  if (!avoidedBy) return h('small', null, t(amount === null ? 'avoid.unknown' : 'avoid.nothing'))
  return [changeText(page, avoidedBy), ' ', avoids !== undefined && [t('charges.avoided', { calls: f.count(avoids) }), ' '], saves != null && sign(saves) > 0 && h('b', { class: 'saves' }, t('avoid.saves', { money: f.money(saves, currency) }))]
}

/** A change in a sentence. @param {Page} page @param {NonNullable<Charge['avoidedBy']>} change */
function changeText({ t, f, log }, change) {
  const catalog = log.answer?.request.catalog
  const { grants } = log.answer?.answer.estimate ?? { grants: [] }
  const grant = grants.find((it) => it.id === change.grant || it.id.startsWith(`${change.grant}.`) || it.id.startsWith(`${change.grant}/`))
  const id = change.package ?? grant?.package
  const row = catalog?.packages.find((it) => it.id === id)
  const size = row?.quota ?? log.answer?.request.entered?.packages?.find((it) => it.id === id)?.quota ?? grant?.quota
  const profile = catalog?.profiles?.find((it) => it.id === change.profile)
  const option = profile?.options.find((it) => it.id === change.option)
  return t(`avoid.${change.change}`, {
    what: (row && f.text(row.name)) || (size !== undefined && t('grant', { size: f.count(size), points: false })) || id || '',
    quantity: f.count(change.quantity ?? 1),
    one: (change.quantity ?? 1) === 1,
    region: (change.region && catalog && f.text(findRegion(catalog, change.region)?.name)) || change.region || '',
    api: (change.api && catalog && f.text(findApi(catalog, change.api)?.name)) || change.api || '',
    instead: (change.instead && catalog && f.text(findApi(catalog, change.instead)?.name)) || change.instead || '',
    project: change.project ?? '',
    user: change.user ?? '',
    at: change.at ? f.second(change.at) : '',
    earlier: change.earlier ? f.lasting(change.earlier) : '',
    reading: [change.profile, option && f.text(option.title)].filter(Boolean).join(' · '),
  })
}
