// All that the account page knows, as one plain object, and the one function that changes it. Provider, API, calls and prices are
// the calculator's own state, inside. Nothing here draws or asks the engine.

import { LIST_END, purchasesInUse, TEXT_END } from '../inputs.js'
import { catalogOf, initial as calculator, next as calculate, unplaced } from '../state.js'

/** @typedef {import('../state.js').State} Calculator */
/** @typedef {import('../inputs.js').Inputs} Inputs */
/** @typedef {import('../catalog.js').Catalog} Catalog */
/** @typedef {import('../question.js').Problem} Problem */
/** @typedef {import('../ocr_pricing.js').History} History */
/** @typedef {import('../ocr_pricing.js').Request & { account: import('../ocr_pricing.js').Account }} AccountRequest */

/** A renewal by hand, as typed; `day`: the unified expiry day. @typedef {{ at: string, day: string, price: string }} Renewal */
/**
 * A purchase, as typed; `used`: drawn before the first call; `auto`: not empty where it renews itself.
 * @typedef {{ package: string, quantity: string, when: string, starts: string, project: string, used: string, limited: string, auto: string, lead: string, times: string, renewals: Renewal[] }} Buy
 */
/** More calls a month, of another API, region, project or user. @typedef {{ api: string, region: string, project: string, user: string, calls: string }} Stream */
/** @typedef {{ on: string, over: string }} BudgetAlert */
/** `amount`: one, or several with semicolons between them, a period each. @typedef {{ every: string, from: string, until: string, amount: string, kind: string, api: string, region: string, project: string, alerts: BudgetAlert[] }} Budget */
/** Lengths in days, as typed. @typedef {{ packageGrace: string, packageRetention: string, useGrace: string, useRetention: string }} Days */
/**
 * An answer, with what it was asked; `lasting`: one more top-up with which nothing stops, at the instant by which the first is needed.
 * @typedef {{ request: AccountRequest, history: History, inputs: Inputs, lasting?: { at: string, amount: string } }} Answered
 */

/**
 * @typedef {{
 *   calc: Calculator, // provider, API, calls, prices, readings, language
 *   buys: Buy[], streams: Stream[],
 *   money: { balance: string, credit: string, vouchers: string, other: string },
 *   tier: string, days: Days, // a tier of the catalog, or `typed` for days typed in
 *   topUps: { at: string, amount: string }[],
 *   alerts: { below: string, left: string, days: string },
 *   budgets: Budget[],
 *   question: number, // grows with everything that changes the answer
 *   answered: number, // the question answered or refused last
 *   answer: Answered | null,
 *   problems: Problem[],
 *   view: 'line' | 'table',
 *   mark: string, // the mark whose sentence is shown
 *   first: number, each: boolean, // movements: the first row shown; whether each cycle is a row
 * }} State
 */

export const NO_BUY = { package: '', quantity: '1', when: '', starts: '', project: '', used: '', limited: '', auto: '', lead: '7', times: '', renewals: /** @type {Renewal[]} */ ([]) }

/** Nothing to fill in first: a package that is used up too early, a balance that does not last, a top-up that comes too late. */
const EXAMPLE = {
  calls: { pattern: /** @type {const} */ ('same'), same: '24,000', from: '2026-03', purchases: [] },
  buys: [{ ...NO_BUY, package: 'general-text-100k', when: '2026-03-02 10:30:00', auto: 'yes' }],
  money: { balance: '5,000', credit: '', vouchers: '', other: '' },
  topUps: [{ at: '2026-08-18 10:00:00', amount: '15,000' }],
  alerts: { below: '500', left: '20', days: '30' },
  budgets: [{ every: 'month', from: '2026-03', until: '', amount: '2,000', kind: 'pay-per-use', api: '', region: '', project: '', alerts: [{ on: 'forecast', over: '80' }, { on: 'actual', over: '100' }] }],
}

/** The tier that the example has. */
const EXAMPLE_TIER = 'V4'

/** @param {Partial<Inputs>} chosen by a link, or only the language @param {boolean} linked @param {import('./link.js').Typed} [typed] what the link says of the account @returns {State} */
export function initial(chosen, linked, typed) {
  const { calls, ...example } = structuredClone(EXAMPLE)
  return {
    calc: calculator(linked ? chosen : { ...calls, ...chosen }),
    ...example,
    ...(linked ? { buys: [] } : {}),
    streams: [],
    tier: EXAMPLE_TIER,
    days: { packageGrace: '', packageRetention: '', useGrace: '', useRetention: '' },
    question: 0,
    answered: -1,
    answer: null,
    ...typed,
    problems: [],
    view: 'line',
    mark: '',
    first: 0,
    each: false,
  }
}

/** The state after an event. @param {State} state @param {any} event @returns {State} */
export function next(state, event) {
  switch (event.type) {
    case 'answered':
      return event.question === state.question ? { ...state, answered: event.question, answer: event.answer, problems: [], first: 0 } : state
    case 'refused':
      return event.question === state.question ? { ...state, answered: event.question, problems: event.problems } : state
    case 'unplaced':
      return { ...state, problems: unplaced(state.problems, event.fields) }
    case 'view':
      return { ...state, view: event.view }
    case 'mark':
      return { ...state, mark: event.mark }
    case 'rows':
      return { ...state, first: event.first ?? 0, each: event.each ?? state.each }
    case 'add':
      return asked(listed(state, event.list.split('.'), (rows) => (rows.length < LIST_END ? [...rows, fresh(state, event.list.split('.').at(-1))] : rows)))
    case 'drop':
      return asked(listed(state, event.list.split('.'), (rows) => rows.filter((_, index) => index !== event.index)))
    case 'type':
      return typed(state, event) ?? inside(state, event)
  }
  return inside(state, event)
}

/** @param {State} state @returns {State} */
const asked = (state) => ({ ...state, question: state.question + 1 })

/** Whatever concerns calls and prices is the calculator's. @param {State} state @param {any} event @returns {State} */
function inside(state, event) {
  const calc = calculate(state.calc, event)
  if (calc === state.calc) return state
  const after = { ...state, calc, question: calc.question === state.calc.question ? state.question : state.question + 1 }
  if (event.type === 'fetched' && event.id === calc.inputs.catalog) return settled(taken(after))
  return event.type === 'catalog' ? settled({ ...after, buys: [], streams: [], budgets: after.budgets.map((row) => ({ ...row, api: '', region: '' })) }) : after
}

/** A tier that the chosen provider has. @param {State} state @returns {State} */
function settled(state) {
  const catalog = catalogOf(state.calc)
  if (!catalog || state.tier === 'typed') return state
  const tiers = Object.keys(catalog.lifecycle?.tiers ?? {})
  return tiers.includes(state.tier) ? state : { ...state, tier: tiers.includes(EXAMPLE_TIER) ? EXAMPLE_TIER : (tiers[0] ?? '') }
}

/** The purchases of a link become purchases here, once the catalog is there to know them by. @param {State} state @returns {State} */
function taken(state) {
  const { inputs } = state.calc
  const catalog = catalogOf(state.calc)
  if (!catalog || state.buys.length > 0 || inputs.purchases.length === 0) return state
  const buys = purchasesInUse(inputs, catalog).map(({ purchase }) => ({
    ...structuredClone(NO_BUY),
    package: purchase.package,
    quantity: String(purchase.quantity),
    when: purchase.when[inputs.pattern === 'periods' ? 'periods' : 'months'],
    starts: purchase.starts,
    limited: purchase.limited,
  }))
  return { ...state, buys, calc: { ...state.calc, inputs: { ...inputs, purchases: [] } } }
}

/** The parts of the state that are typed into here. */
const TYPED = ['buys', 'streams', 'money', 'tier', 'days', 'topUps', 'alerts', 'budgets']

/** Text typed into a field of the account's own: `buys.0.renewals.1.at`, `money.balance`. @param {State} state @param {any} event */
function typed(state, { field, text }) {
  const path = field.split('.')
  if (!TYPED.includes(path[0])) return undefined
  const after = put(state, path, () => text.slice(0, TEXT_END))
  return asked(field === 'tier' && text === 'typed' ? { ...after, days: daysFrom(state) } : after)
}

/** Days to be typed over: as typed before, else those of the tier. @param {State} state @returns {Days} */
function daysFrom({ calc, tier, days }) {
  const of = catalogOf(calc)?.lifecycle?.tiers[tier]
  const [pack, use] = [of?.package, of?.payPerUse].map((it) => ({ grace: String(it?.grace ?? 0), retention: String(it?.retention ?? 0) }))
  return { packageGrace: days.packageGrace || pack.grace, packageRetention: days.packageRetention || pack.retention, useGrace: days.useGrace || use.grace, useRetention: days.useRetention || use.retention }
}

/** @param {State} state @param {string[]} path @param {(rows: any[]) => any[]} change */
const listed = (state, path, change) => put(state, path, change)

/**
 * A copy with another value at a path that exists; else the same.
 * @template T @param {T} holder @param {string[]} path @param {(value: any) => any} change @returns {T}
 */
function put(holder, [step, ...rest], change) {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return holder
  const copy = /** @type {any} */ (Array.isArray(holder) ? [...holder] : { ...holder })
  copy[step] = rest.length === 0 ? change(copy[step]) : put(copy[step], rest, change)
  return copy
}

/** A new row, with what is probably meant. @param {State} state @param {string | undefined} list */
function fresh(state, list) {
  const { inputs } = state.calc
  const catalog = catalogOf(state.calc)
  if (list === 'buys') {
    const sold = catalog?.packages.filter((it) => it.apis.includes(inputs.api) && (!it.regions || it.regions.includes(inputs.region))) ?? []
    return { ...structuredClone(NO_BUY), package: sold[0]?.id ?? catalog?.packages[0]?.id ?? '' }
  }
  if (list === 'renewals') return { at: '', day: '', price: '' }
  if (list === 'streams') return { api: inputs.api, region: inputs.region, project: '', user: '', calls: '' }
  if (list === 'topUps') return { at: '', amount: '' }
  if (list === 'alerts') return { on: 'actual', over: '100' }
  return { every: 'month', from: '', until: '', amount: '', kind: '', api: '', region: '', project: '', alerts: [{ on: 'actual', over: '80' }] }
}

/** Whether an answer is on its way. @param {State} state */
export const busy = ({ question, answered }) => question !== answered

/** Whether what is shown answers an older question. @param {State} state */
export const stale = ({ problems }) => problems.length > 0
