// What the log comes to: the sum, who paid for how many calls, and why each of the others was charged.

import { findApi, findRegion } from '../catalog.js'
import { h } from '../dom.js'
import { sign } from '../format.js'
import { breakdownView } from '../view/breakdown.js'
import { grantsView } from '../view/grants.js'
import { notesView } from '../view/notes.js'
import { lost } from '../state.js'
import { againView, bare, idOf, rich, staleText, unknown } from '../view/parts.js'
import { ruleAt, ruleTag } from '../view/rules.js'
import { lacking } from './request.js'
import { gapsOf, stale } from './state.js'
import { badView, jump, namesView } from './view-log.js'

/** @typedef {import('./page.js').ReplayPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('./state.js').ReplayAnswer} ReplayAnswer */
/** @typedef {import('../ocr_pricing.js').Charge} Charge */

/** More APIs and regions without a price are counted, not shown. */
const UNPRICED_END = 20

/** @param {Page} page */
export function headView(page) {
  const { t, log } = page
  const { answer } = log
  const missing = answer && stale(log)
  return [
    h('h2', { class: 'sentence', part: 'sentence' }, answer ? [rich(sentence(page, answer)), gapsView(page)] : rich(t(waiting(page)))),
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
export const spoken = (page, answer) => [bare(sentence(page, answer)), ...gaps(page).map(({ text }) => text), context(page, answer)].join(' ')

/** What is in no figure, each in words, with the part of the page that says more. @param {Page} page */
function gaps({ t, f, log }) {
  const { rows, names, lines } = gapsOf(log)
  const gap = (/** @type {string} */ what, /** @type {number} */ count, /** @type {string} */ to) => (count > 0 ? [{ to, text: t(`gap.${what}`, { count: f.count(count) }) }] : [])
  return [...gap('rows', rows, '.bad'), ...gap('names', names, '.names'), ...gap('lines', lines, '.bill')]
}

/** The same in the headline, each a link to it. @param {Page} page */
function gapsView(page) {
  const found = gaps(page)
  return found.length > 0 && h('span', { class: 'gaps', key: 'gaps' }, page.t('gaps'), found.map(({ to, text }) => [' ', jump(page, to, text)]))
}

/** @param {Page} page @param {Answered} answered */
function sentence({ t, f, log }, { answer: { estimate } }) {
  const { total, calls, currency } = estimate
  if (calls.requests === 0) return t('sentence.nothing')
  const says = { calls: f.count(calls.counted), charged: calls.payPerUse > 0 ? f.count(calls.payPerUse) : '', refused: calls.rejected > 0 ? f.count(calls.rejected) : '' }
  if (total == null) {
    const unpriced = unpricedOf(estimate).reduce((sum, it) => sum + it.calls, 0)
    return unpriced > 0 ? t('sentence.asked', { ...says, unpriced: f.count(unpriced), all: unpriced === calls.payPerUse }) : t('sentence.unpriced')
  }
  const { rows, names } = gapsOf(log)
  return t('sentence.total', { ...says, money: f.money(total, currency), part: rows + names > 0 })
}

/** Calls without a price, by API and region. @param {import('../question.js').Estimate} estimate */
function unpricedOf({ lines }) {
  const found = /** @type {Map<string, { api: string, region: string, calls: number }>} */ (new Map())
  for (const { kind, api, region, slices } of lines) {
    const calls = kind === 'pay-per-use' ? slices.filter((it) => it.amount == null).reduce((sum, it) => sum + it.calls, 0) : 0
    const key = `${api} ${region}`
    if (calls > 0) found.set(key, { api, region, calls: calls + (found.get(key)?.calls ?? 0) })
  }
  return [...found.values()]
}

/** Prices that nobody published, asked for where they are missing. @param {Page} page @param {Answered} answered */
function unpricedView(page, { answer: { estimate }, request: { catalog } }) {
  const { t, f, send } = page
  const rows = unpricedOf(estimate)
  if (rows.length === 0) return null
  const ask = (/** @type {string} */ api, /** @type {string} */ region) => () => {
    send({ type: 'open', open: true })
    send({ type: 'api', id: api })
    send({ type: 'region', id: region })
    page.go(`#${idOf('own.unitPrice')}`)
  }
  return h(
    'section',
    { class: 'block unpriced wanted', 'aria-label': t('unpriced'), key: 'unpriced' },
    h('h3', null, t('unpriced')),
    h(
      'ul',
      null,
      rows.slice(0, UNPRICED_END).map(({ api, region, calls }) => {
        const what = [f.text(findApi(catalog, api)?.name) || api, catalog.regions.length > 1 && (f.text(findRegion(catalog, region)?.name) || region)].filter(Boolean).join(' · ')
        return h('li', { key: `${api} ${region}` }, h('span', null, h('b', null, what), ' ', h('small', null, t('charges.calls', { calls: f.count(calls) }))), h('button', { type: 'button', class: 'plain', 'aria-label': t('unpriced.for', { what }), onClick: ask(api, region) }, t('unpriced.type')))
      }),
    ),
    rows.length > UNPRICED_END && h('p', { class: 'fine' }, t('more.rows', { count: f.count(rows.length - UNPRICED_END) })),
  )
}

/** @param {Page} page @param {Answered} answered */
function context({ t, f }, { answer, request }) {
  const { rows, bytes, estimate } = answer
  const called = estimate.months.filter((month) => month.calls.requests > 0)
  const span = called.length > 0 ? f.span(called[0].month, called[called.length - 1].month) : ''
  return t('context.rows', { provider: f.text(request.catalog.name), rows: f.count(rows), bytes: f.bytes(bytes), span })
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
    some((answer) => unpricedView(page, answer)),
    some((answer) => figuresView(page, answer)),
    some((answer) => chargesView(page, answer)),
    some(() => breakdownView(page)),
    some((answer) => grantsView(page, leftAt(page, answer))),
    () => answer && badView(page, answer.answer),
    () => !wanted && names(),
    () => answer && notesView(page),
  ]
}

/** When what is left was left. @param {Page} page @param {Answered} answered */
function leftAt({ t, f }, { answer: { estimate } }) {
  const { grants, months, period } = estimate
  if (grants.every((grant) => grant.left === 0)) return ''
  return t((months.at(-1)?.calls.requests ?? 0) > 0 ? 'grants.leftWithLog' : 'grants.leftWithAnswer', { at: f.lastSecond(period.end) })
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
