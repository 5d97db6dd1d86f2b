// What happens to the account, in sentences: what is to be done, what fires, what is bought, paid and topped up, and how states turn.

import { findApi, findRegion } from '../catalog.js'
import { sign } from '../format.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('../ocr_pricing.js').Alert} Alert */
/** @typedef {import('../ocr_pricing.js').Todo} Todo */
/** @typedef {import('../ocr_pricing.js').StateLine} StateLine */
/** @typedef {import('../ocr_pricing.js').OrderLine} OrderLine */
/**
 * Something that happens at an instant. `lane`: where the timeline draws it; `grant`: of which purchase.
 * @typedef {{ key: string, at: string, lane: 'todo' | 'package' | 'state' | 'balance' | 'alert', kind: string, text: string, rule?: string, number?: number, grant?: string, amount?: string }} Mark
 */

/** The rule behind an alert. */
const ALERT_RULES = /** @type {Record<string, string>} */ ({ arrears: 'L1', balance_below: 'L7', package_left: 'L7', package_expires: 'L7', budget_actual: 'L8', budget_forecast: 'L8' })
const TODO_RULES = /** @type {Record<string, string>} */ ({ packages_run_out: 'T5', package_ends: 'L5', arrears: 'L1', frozen: 'L3', stopped: 'L11', renewal_unpaid: 'T6', purchase_unpaid: 'P7' })

/** Names of things in the answer, as its request has them. @param {Page} page @param {Answered} answer */
export function namesOf({ t, f }, { request }) {
  const { catalog } = request
  const rows = [...(request.entered?.packages ?? []), ...catalog.packages]
  return {
    money: (/** @type {string | null | undefined} */ value) => (value == null ? '?' : f.money(value, catalog.currency).replace('-', '−')),
    api: (/** @type {string | undefined} */ id) => (id && f.text(findApi(catalog, id)?.name)) || id || '',
    region: (/** @type {string | undefined} */ id) => (id && catalog.regions.length > 1 && f.text(findRegion(catalog, id)?.name)) || '',
    /** A purchase, by the id of its order or of one of its terms. @param {string | undefined} id */
    grant(id) {
      const order = (id ?? '').replace(/[#+].*$/, '')
      const of = (request.grants ?? []).find((it) => it.id === order)
      const row = rows.find((it) => it.id === of?.package)
      return row ? t('grant', { size: f.count(row.quota), points: row.unit === 'point' }) : t('noun.package')
    },
  }
}

/** What to do, in a sentence. @param {Page} page @param {Answered} answer @param {Todo} todo @param {'todo' | 'head'} [of] @param {Record<string, any>} [more] */
export function todoText(page, answer, todo, of = 'todo', more = {}) {
  const { t } = page
  const name = namesOf(page, answer)
  const { lasting } = answer
  const carries = lasting?.at === todo.by && todo.do === 'top_up'
  const key = t.has(`${of}.${todo.why}`) ? `${of}.${todo.why}` : `${of}.other`
  // In the headline the sum that carries through stands for the least one.
  const amount = of === 'head' && carries ? lasting?.amount : todo.amount
  return t(key, {
    ...more,
    by: of === 'head' && todo.do === 'buy' ? page.f.last(todo.by) : byText(page, todo),
    amount: amount ? name.money(amount) : '',
    lasting: carries && lasting ? name.money(lasting.amount) : '',
    what: name.grant(todo.grant),
    api: name.api(todo.api),
    region: name.region(todo.region),
    why: todo.why,
    many: (answer.request.grants ?? []).reduce((sum, it) => sum + (it.quantity ?? 1), 0) > 1,
  })
}

/** By when: a package serves through its last day. @param {Page} page @param {{ by: string, why: string }} todo */
export const byText = ({ f }, { by, why }) => (why === 'package_ends' ? f.last(by) : f.when(by))

/** The rule that a to-do rests on. @param {Todo} todo */
export const todoRule = ({ why }) => TODO_RULES[why]

/** @param {Alert} alert */
export const alertRule = ({ code }) => ALERT_RULES[code]

/** @param {Page} page @param {Answered} answer @param {Alert} alert */
export function alertText(page, answer, alert) {
  const { t, f } = page
  const name = namesOf(page, answer)
  const money = !alert.code.startsWith('package')
  const value = money ? name.money(alert.value) : alert.code === 'package_left' ? f.share(alert.value) : f.count(Number(alert.value))
  const budget = answer.request.account.budgets?.find((it) => it.id === alert.of.budget)
  const on = alert.code.replace('budget_', '')
  const same = budget?.alerts.filter((it) => it.on === on) ?? []
  return t(t.has(`alert.${alert.code}`) ? `alert.${alert.code}` : 'alert.other', {
    value,
    threshold: money ? name.money(alert.threshold) : alert.threshold,
    amount: alert.amount ? name.money(alert.amount) : '',
    by: alert.by ? (alert.code === 'package_expires' ? f.last(alert.by) : f.when(alert.by)) : '',
    left: alert.code === 'package_expires' ? (alert.value === '0' ? '' : value) : alert.of.left === undefined ? '' : f.count(alert.of.left),
    quota: alert.of.quota === undefined ? '' : f.count(alert.of.quota),
    what: name.grant(alert.of.grant),
    api: (alert.of.apis ?? []).map(name.api).join(f.comma),
    region: name.region(alert.of.region),
    budget: budgetName(alert.of.budget),
    over: budget && same.length === 1 && typeof budget.amount === 'string' ? f.share(same[0].over) : '',
    of: budget && typeof budget.amount === 'string' ? name.money(budget.amount) : '',
    advice: alert.advice,
    code: alert.code,
  })
}

/** @param {string | undefined} id */
export const budgetName = (id) => (id ?? '').replace(/^b/, '')

/** What a purchase or renewal came to. @param {Page} page @param {Answered} answer @param {OrderLine} row @param {'purchase' | 'renewal'} of */
export function paymentText(page, answer, row, of) {
  const name = namesOf(page, answer)
  return page.t(`event.${of}.${row.outcome}`, {
    what: name.grant(row.grant),
    amount: name.money(row.amount),
    automatic: Boolean(row.automatic),
    end: row.term ? page.f.last(row.term.end) : '',
    days: row.extraDays ? page.f.count(row.extraDays) : '',
  })
}

/** What it means that a state begins. @param {Page} page @param {Answered} answer @param {StateLine} row */
export function turnText(page, answer, row) {
  const of = row.of === 'pay-per-use' ? 'use' : row.of
  const { overdue } = answer.request.catalog
  const key = of === 'use' && row.state === 'grace' && overdue ? 'turn.use.stopping' : `turn.${of}.${row.state}`
  const says = { what: namesOf(page, answer).grant(row.grant), hours: overdue ? page.f.count(overdue.stopAfterHours) : '', all: overdue?.packages === 'stop' }
  return page.t.has(key) ? page.t(key, says) : stateText(page, row)
}

/** @param {Page} page @param {{ of: string, state: string }} row */
export const stateText = ({ t }, { of, state }) => (of === 'account' && state === 'active' ? t('state.clear') : t.has(`state.${state}`) ? t(`state.${state}`) : state)

/** The rule behind a state. @param {Answered} answer @param {StateLine} row */
export function stateRule({ history, request: { account, catalog } }, { of, grant, state, start }) {
  const before = history.states.find((it) => it.of === of && it.grant === grant && it.end === start)?.state
  if (state === 'stopped' || before === 'stopped') return 'L11'
  if (of === 'account') return state === 'arrears' ? 'L1' : 'L3'
  if (of === 'package') return 'L5'
  if (catalog.overdue) return 'L11'
  return (account.lifecycle ?? account.tier ?? catalog.lifecycle) ? 'L3' : 'L10'
}

/** States that begin within the history, that is those that something turned into. @param {StateLine[]} states */
export const turns = (states) => states.filter((row, index) => states.slice(0, index).some((it) => it.of === row.of && it.grant === row.grant) || (row.state !== 'active' && row.of !== 'package'))

/** More of one lane than these are thinned out: of a kind, the first of each month is kept. */
const LANE_END = 60

/** @param {Mark[]} marks */
function few(marks) {
  if (marks.length <= LANE_END) return marks
  const seen = new Set()
  return marks.filter((it) => {
    const says = `${it.kind} ${it.grant ?? ''} ${it.at.slice(0, 7)}`
    return !seen.has(says) && seen.add(says)
  })
}

/** All that happens, in order of time. @param {Page} page @param {Answered} answer @returns {Mark[]} */
export function marksOf(page, answer) {
  const { history } = answer
  const name = namesOf(page, answer)
  const marks = /** @type {Mark[]} */ ([
    ...history.todo.map((it, index) => ({ key: `todo ${index}`, at: it.by, lane: 'todo', kind: it.do, text: todoText(page, answer, it), rule: todoRule(it), number: index + 1, grant: it.grant })),
    ...history.purchases.map((it, index) => ({ key: `purchase ${index}`, at: it.at, lane: 'package', kind: `purchase ${it.outcome}`, text: paymentText(page, answer, it, 'purchase'), rule: 'P7', grant: it.grant })),
    ...few(history.renewals.map((it, index) => ({ key: `renewal ${index}`, at: it.at, lane: 'package', kind: `renewal ${it.outcome}`, text: paymentText(page, answer, it, 'renewal'), rule: it.automatic ? 'T6' : 'T3', grant: it.grant }))),
    ...history.movements
      .filter((it) => it.kind === 'top-up')
      .map((it, index) => ({ key: `top-up ${index}`, at: it.at, lane: 'balance', kind: 'top-up', amount: it.amount, text: page.t('event.topUp', { amount: name.money(it.amount), balance: name.money(it.balance) }) })),
    ...turns(history.states)
      .filter((it) => it.of !== 'account')
      .map((it) => ({ key: `turn ${it.of} ${it.grant ?? ''} ${it.start}`, at: it.start, lane: 'state', kind: it.state, text: turnText(page, answer, it), rule: stateRule(answer, it), grant: it.grant })),
    ...few(history.alerts.map((it, index) => ({ key: `alert ${index}`, at: it.at, lane: 'alert', kind: it.code, text: alertText(page, answer, it), rule: alertRule(it) }))),
  ])
  const time = new Map(marks.map((it) => [it, Date.parse(it.at)]))
  return marks.sort((a, b) => /** @type {number} */ (time.get(a)) - /** @type {number} */ (time.get(b)))
}

/** The headline: the first thing to do, and the first of another kind. @param {Page} page @param {Answered} answer */
export function sentence(page, answer) {
  const { t, f } = page
  const { todo, estimate } = answer.history
  const first = todo[0]
  const { rejected, counted } = estimate.calls ?? {}
  if (!first && rejected > 0) return t('head.refused', { refused: f.count(rejected), calls: f.count(counted + rejected) })
  if (!first) return t('head.nothing', { end: f.last(estimate.period.end) })
  // A package that ends is one thing to do, whatever else is said of it.
  const ends = (/** @type {Todo} */ it) => ['package_ends', 'renewal_unpaid'].includes(it.why)
  const second = todo.find((it) => it.do !== first.do && !(ends(first) && (ends(it) || it.do === 'buy')))
  // What a purchase would change is said with what it would change.
  const clauses = [first, ...(second ? [second] : [])].map((it) => todoText(page, answer, it, 'head', { without: it === second && first.do === 'buy' }))
  return t('head.join', { clauses })
}

/** What the sentence is about, and how the year ends. @param {Page} page @param {Answered} answer */
export function context(page, answer) {
  const { t, f } = page
  const { history, request, inputs } = answer
  const name = namesOf(page, answer)
  const { months, total } = history.estimate
  return t('head.context', {
    provider: f.text(request.catalog.name),
    api: name.api(inputs.api),
    region: name.region(inputs.region),
    span: months.length > 0 ? f.span(months[0].month, months[months.length - 1].month) : '',
    total: total == null ? t('head.unpriced') : name.money(total),
    balance: name.money(history.closing.balance),
    refused: history.estimate.calls?.rejected > 0 ? f.count(history.estimate.calls.rejected) : '',
  })
}

/** What to do and when, for a calendar. @param {Page} page @param {Answered} answer */
export function calendarOf(page, answer) {
  const { t, f } = page
  const { catalog } = answer.request
  const provider = f.text(catalog.name)
  const entries = answer.history.todo.map((it) => ({
    at: it.by,
    key: [catalog.id, it.do, it.why, it.grant, it.region, it.api].filter(Boolean).join('-'),
    title: `${t(t.has(`do.${it.do}`) ? `do.${it.do}` : 'todo')} · ${provider}`,
    text: `${t('todo.by', { by: byText(page, it) })}${f.colon}${todoText(page, answer, it)}`,
  }))
  return { name: t('calendar.name', { provider }), entries }
}

/** Whether an amount is owed. @param {string} amount */
export const owed = (amount) => sign(amount) < 0
