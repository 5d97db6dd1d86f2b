// Turns what was typed into the question about the account, and says which field a problem belongs to.

import { hasLimited } from '../catalog.js'
import { filled, monthsFrom, startOf } from '../inputs.js'
import { question as calls, problemOf } from '../question.js'
import { catalogOf } from '../state.js'
import { readCount, readInstant, readMoney, readMonth, readShare } from '../typed.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').AccountRequest} AccountRequest */
/** @typedef {import('../question.js').Problem} Problem */
/** @typedef {(place: string, field: string, typed: string, read: { value: any } | { code: string }) => any} Take */

/** @param {State} state @returns {{ request: AccountRequest, fields: Map<string, string> } | { problems: Problem[] }} */
export function question(state) {
  const catalog = catalogOf(state.calc)
  const asked = calls({ ...state.calc, inputs: { ...state.calc.inputs, purchases: [] } })
  if (!catalog) return 'problems' in asked ? asked : { problems: [] }
  const problems = 'problems' in asked ? [...asked.problems] : []
  const fields = 'fields' in asked ? asked.fields : /** @type {Map<string, string>} */ (new Map())
  const take = /** @type {Take} */ ((place, field, typed, read) => {
    fields.set(place, field)
    if ('value' in read) return read.value
    problems.push({ ...read, field, typed })
  })
  const start = startOf(state.calc.inputs, catalog.utcOffset)
  const grants = grantsOf(state, catalog, take, fields)
  const streams = start ? streamsOf(state, start, 'request' in asked ? (asked.request.usage ?? []).length : 0, take, fields) : []
  const account = /** @type {any} */ (accountOf(state, catalog, take, fields))
  if (!('request' in asked) || problems.length > 0 || !start) return { problems }
  const usage = [...(asked.request.usage ?? []), ...streams]
  return { request: { ...asked.request, usage, grants, period: periodOf(state, start), detail: 'draw', account }, fields }
}

/** The months of the answer: a year from the first calls on, longer where calls are. @param {State} state @param {string} start */
function periodOf({ calc: { inputs } }, start) {
  const offset = start.slice(19)
  const ends = inputs.pattern === 'periods' ? inputs.periods.map((it) => readInstant(it.end, offset)) : []
  const last = ends.flatMap((it) => ('value' in it && !Number.isNaN(Date.parse(it.value)) ? [it.value.slice(0, 7)] : [])).sort().at(-1) ?? ''
  const year = after(monthsFrom(start.slice(0, 7))[11])
  const end = last >= year ? after(last) : year
  return { start: `${start.slice(0, 7)}-01T00:00:00${offset}`, end: `${end}-01T00:00:00${offset}` }
}

/** The next month. @param {string} month */
const after = (month) => monthsFrom(month)[1]

/** @param {State} state @param {import('../catalog.js').Catalog} catalog @param {Take} take @param {Map<string, string>} fields */
function grantsOf({ buys, calc }, catalog, take, fields) {
  const { region } = calc.inputs
  return filled(buys, ['when']).map(({ row, index }, at) => {
    const place = `request.grants[${at}]`
    const name = (/** @type {string} */ field) => `buys.${index}.${field}`
    const instant = (/** @type {string} */ to, /** @type {'when' | 'starts'} */ of) => take(`${place}.${to}`, name(of), row[of], readInstant(row[of], catalog.utcOffset))
    fields.set(place, name('package')).set(`${place}.limited`, name('limited'))
    return {
      id: idOfBuy(index),
      package: row.package,
      region,
      quantity: take(`${place}.quantity`, name('quantity'), row.quantity, readCount(row.quantity)),
      created: instant('created', 'when'),
      ...(catalog.startChoice && row.starts.trim() ? { effective: instant('effective', 'starts') } : {}),
      ...(row.project.trim() ? { project: row.project.trim() } : {}),
      ...(row.used.trim() ? { used: take(`${place}.used`, name('used'), row.used, readCount(row.used)) } : {}),
      ...(row.limited && hasLimited(catalog) ? { limited: true } : {}),
      ...(row.renewals.length > 0 ? { renewals: filled(row.renewals, ['at']).map((it, at) => renewal(it.row, `${place}.renewals[${at}]`, `${name('renewals')}.${it.index}`)) } : {}),
    }
  })

  /** @param {import('./state.js').Renewal} row @param {string} place @param {string} name */
  function renewal(row, place, name) {
    fields.set(place, `${name}.at`)
    return {
      at: take(`${place}.at`, `${name}.at`, row.at, readInstant(row.at, catalog.utcOffset)),
      ...(row.price.trim() ? { price: take(`${place}.price`, `${name}.price`, row.price, readMoney(row.price)) } : (fields.set(`${place}.price`, `${name}.price`), {})),
      ...(row.day.trim() ? { expiryDay: take(`${place}.expiryDay`, `${name}.day`, row.day, readCount(row.day)) } : {}),
    }
  }
}

/** The engine's name of a purchase. @param {number} index */
export const idOfBuy = (index) => `g${index}`

/** @param {State} state @param {string} start @param {number} before rows of calls before these @param {Take} take @param {Map<string, string>} fields */
function streamsOf({ streams }, start, before, take, fields) {
  return filled(streams, ['calls']).map(({ row, index }, at) => {
    const place = `request.usage[${before + at}]`
    const name = (/** @type {string} */ field) => `streams.${index}.${field}`
    fields.set(place, name('calls')).set(`${place}.api`, name('api')).set(`${place}.region`, name('region'))
    const each = take(`${place}.monthly`, name('calls'), row.calls, readCount(row.calls))
    return /** @type {any} */ ({
      kind: 'months',
      from: start.slice(0, 7),
      monthly: Array(12).fill(each),
      api: row.api,
      region: row.region,
      ...(row.project.trim() ? { project: row.project.trim() } : {}),
      ...(row.user.trim() ? { user: row.user.trim() } : {}),
    })
  })
}

/** @param {State} state @param {import('../catalog.js').Catalog} catalog @param {Take} take @param {Map<string, string>} fields */
function accountOf(state, catalog, take, fields) {
  const { money, topUps, alerts, budgets, buys, tier, days } = state
  const at = 'request.account'
  fields.set(at, 'money.balance').set(`${at}.tier`, 'tier').set(`${at}.alerts`, 'alerts.below')
  /** @param {string} name @param {string} field @param {string} typed @param {(text: string) => any} read what is left empty is left out */
  const given = (name, field, typed, read) => (typed.trim() === '' ? {} : { [name.split('.').at(-1) ?? '']: take(`${at}.${name}`, field, typed, read(typed)) })
  const day = (/** @type {keyof import('./state.js').Days} */ field, /** @type {string} */ place) => take(`${at}.lifecycle.${place}`, `days.${field}`, days[field], readCount(days[field]))
  const alertsGiven = {
    ...given('alerts.balanceBelow', 'alerts.below', alerts.below, readMoney),
    ...given('alerts.leftAtMost', 'alerts.left', alerts.left, readShare),
    ...given('alerts.expiresWithinDays', 'alerts.days', alerts.days, readCount),
  }
  const auto = filled(buys, ['when']).filter(({ row }) => row.auto)
  const paid = filled(topUps, ['at', 'amount'])
  const limits = filled(budgets, ['from', 'amount'])
  return {
    balance: take(`${at}.balance`, 'money.balance', money.balance, readMoney(money.balance)),
    ...given('credit', 'money.credit', money.credit, readMoney),
    ...given('vouchers', 'money.vouchers', money.vouchers, readMoney),
    ...(money.other ? { otherPayment: true } : {}),
    ...(tier === 'typed'
      ? { lifecycle: { package: { grace: day('packageGrace', 'package.grace'), retention: day('packageRetention', 'package.retention') }, payPerUse: catalog.overdue ? { grace: 0, retention: 0 } : { grace: day('useGrace', 'payPerUse.grace'), retention: day('useRetention', 'payPerUse.retention') } } }
      : tier
        ? { tier }
        : {}),
    ...(paid.length > 0
      ? {
          topUps: paid.map(({ row, index }, place) => ({
            at: take(`${at}.topUps[${place}].at`, `topUps.${index}.at`, row.at, readInstant(row.at, catalog.utcOffset)),
            amount: take(`${at}.topUps[${place}].amount`, `topUps.${index}.amount`, row.amount, readMoney(row.amount)),
          })),
        }
      : {}),
    ...(auto.length > 0
      ? {
          autoRenew: auto.map(({ row, index }, place) => {
            fields.set(`${at}.autoRenew[${place}]`, `buys.${index}.auto`)
            return {
              grant: idOfBuy(index),
              ...given(`autoRenew[${place}].leadDays`, `buys.${index}.lead`, row.lead, readCount),
              ...given(`autoRenew[${place}].times`, `buys.${index}.times`, row.times, readCount),
            }
          }),
        }
      : {}),
    ...(Object.keys(alertsGiven).length > 0 ? { alerts: alertsGiven } : {}),
    ...(limits.length > 0 ? { budgets: limits.map(budget) } : {}),
  }

  /** @param {{ row: import('./state.js').Budget, index: number }} of @param {number} nth */
  function budget({ row, index }, nth) {
    const place = `${at}.budgets[${nth}]`
    const name = (/** @type {string} */ field) => `budgets.${index}.${field}`
    fields.set(place, name('amount')).set(`${place}.scope.apis`, name('api')).set(`${place}.scope.regions`, name('region')).set(`${place}.every`, name('every')).set(`${place}.amount`, name('amount'))
    const amounts = row.amount.split(/[;；\t\n]/).map((text) => text.trim())
    const amount = (/** @type {string} */ text, /** @type {string} */ of) => take(of, name('amount'), text, readMoney(text))
    const scope = {
      ...(row.api ? { apis: [row.api] } : {}),
      ...(row.region ? { regions: [row.region] } : {}),
      ...(row.project.trim() ? { projects: [row.project.trim()] } : {}),
      ...(row.kind ? { kinds: [row.kind] } : {}),
    }
    return {
      id: `b${index + 1}`,
      every: row.every,
      from: take(`${place}.from`, name('from'), row.from, readMonth(row.from)),
      ...(row.until.trim() ? { until: take(`${place}.until`, name('until'), row.until, readMonth(row.until)) } : {}),
      amount: amounts.length > 1 ? amounts.map((text, of) => amount(text, `${place}.amount[${of}]`)) : amount(row.amount, `${place}.amount`),
      ...(Object.keys(scope).length > 0 ? { scope } : {}),
      alerts: filled(row.alerts, ['over']).map(({ row: alert, index: nth }, of) => {
        fields.set(`${place}.alerts[${of}]`, `${name('alerts')}.${nth}.over`)
        return { on: alert.on, over: take(`${place}.alerts[${of}].over`, `${name('alerts')}.${nth}.over`, alert.over, readShare(alert.over)) }
      }),
    }
  }
}

/** Credit enough for anything. */
const ENDLESS = '1000000000'

/**
 * One more top-up with which nothing stops, if there is a single one: as much as the account would lack at worst if nothing ever stopped,
 * at the instant by which money is first needed. The engine is asked whether it is enough.
 * @param {import('../engine.js').Engine} engine
 * @param {AccountRequest} request @param {import('../ocr_pricing.js').History} history
 */
export function lastingOf(engine, request, history) {
  const first = history.todo.find((it) => it.do === 'top_up')
  if (!first) return
  const { account } = request
  const asked = { ...request, detail: /** @type {const} */ ('month') }
  const { movements } = engine.account({ ...asked, account: { ...account, credit: ENDLESS } })
  const worst = movements.reduce((low, it) => (Number(it.balance) < Number(low) ? it.balance : low), '0')
  if (!worst.startsWith('-')) return
  const lasting = { at: first.by, amount: worst.slice(1) }
  const then = engine.account({ ...asked, account: { ...account, topUps: [...(account.topUps ?? []), lasting] } })
  return then.todo.some((it) => it.do === 'top_up') ? undefined : lasting
}

/**
 * The engine's error with its field. A price that is missing belongs to what is priced, not to the provider.
 * @param {any} error @param {{ request: AccountRequest, fields: Map<string, string> }} asked @returns {Problem}
 */
export function problemIn(error, { request, fields }) {
  const problem = problemOf(error, fields)
  if (problem.code !== 'no_published_price') return problem
  const row = request.catalog.packages[Number(/^catalog\.packages\[(\d+)\]/.exec(error.place)?.[1])]
  const buy = (request.grants ?? []).find((it) => it.package === row?.id)
  return { ...problem, field: buy?.id ? `buys.${buy.id.slice(1)}.package` : (problem.field?.startsWith('buys.') ? problem.field : 'own.unitPrice') }
}
