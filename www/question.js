// Turns what was typed into a request, asks the engine, and says which field a problem belongs to.

import { hasLimited, stepShape } from './catalog.js'
import { monthsFrom, ownPackages, ownPrices, ownSteps, purchasesInUse, readingsChosen, startOf, switched } from './inputs.js'
import { catalogOf } from './state.js'
import { readCount, readInstant, readMoney, readMonth, readShare } from './typed.js'

/** @typedef {import('./ocr_pricing.js').Request} Request */
/** @typedef {import('./ocr_pricing.js').Estimate} Estimate */
/** @typedef {import('./ocr_pricing.js').Comparison} Comparison */
/** @typedef {import('./engine.js').FirstEngine} Engine */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./inputs.js').Inputs} Inputs */

/**
 * Something wrong with a field (`periods.0.calls`), or with the whole (no field). `either`: the two things that could be meant; `line` and
 * `cell`: of what was pasted; `count` and `room`: so many values, so many fit.
 * @typedef {{ code: string, field?: string, place?: string, typed?: string, message?: string, either?: [string, string], line?: number, cell?: string, count?: number, room?: number }} Problem
 */
/**
 * What the engine said, with the inputs it was asked about. Without a comparison, `lacks` says why there is none.
 * @typedef {{ inputs: Inputs, request: Request, estimate: Estimate, comparison?: Comparison, lacks?: 'no_published_price' | 'no_pay_per_use' }} Answer
 */

/**
 * @param {State} state
 * @returns {{ request: Request, fields: Map<string, string> } | { problems: Problem[] }} `fields`: the field behind a place of the request
 */
export function question(state) {
  const { inputs } = state
  const catalog = catalogOf(state)
  if (!catalog)
    return {
      problems: Object.hasOwn(state.catalogs, inputs.catalog) ? [{ code: 'no_catalog', field: 'catalog', typed: inputs.catalog }] : [],
    }

  const problems = /** @type {Problem[]} */ ([])
  const fields = new Map([
    ['catalog', 'catalog'],
    ['request.payPerUse', 'payPerUse'],
    ['request.usage[0]', inputs.pattern === 'periods' ? 'periods.0.end' : 'from'],
  ])
  /**
   * The value of a field, filed under the place that the engine will know it by.
   * @template T @param {string} place @param {string} field @param {string} typed @param {{ value: T } | { code: string }} read @returns {any}
   */
  const take = (place, field, typed, read) => {
    fields.set(place, field)
    if ('value' in read) return read.value
    problems.push({ ...read, field, typed })
  }
  const offset = catalog.utcOffset
  const { api, region } = inputs

  const byMonth = inputs.pattern !== 'periods'
  const succeed = take('request.usage[0].succeed', 'succeed', inputs.succeed, readShare(inputs.succeed))
  const rows = byMonth ? [monthly()] : inputs.periods.map(window)
  const usage = rows.map((row, index) => {
    const place = `request.usage[${index}]`
    fields.set(`${place}.api`, 'api').set(`${place}.region`, 'region')
    fields.set(`${place}.succeed`, 'succeed')
    return { ...row, region, api, ...(succeed === '1' ? {} : { succeed }) }
  })
  if (rows.length === 0) problems.push({ code: 'no_period', field: 'calls' })

  function monthly() {
    const from = take('request.usage[0].from', 'from', inputs.from, readMonth(inputs.from))
    const calls = (/** @type {number} */ month) => {
      const place = `request.usage[0].monthly[${month}]`
      if (inputs.pattern === 'twelve')
        return take(place, `twelve.${month}`, inputs.twelve[month] ?? '', readCount(inputs.twelve[month] ?? ''))
      if (month === 0) return take(place, 'same', inputs.same, readCount(inputs.same))
      fields.set(place, 'same')
      const same = readCount(inputs.same)
      return 'value' in same ? same.value : 0
    }
    return { kind: 'months', from, monthly: monthsFrom(inputs.from).map((_, month) => calls(month)) }
  }

  /** @param {import('./inputs.js').PeriodText} period @param {number} index */
  function window(period, index) {
    const place = `request.usage[${index}]`
    fields.set(place, `periods.${index}.end`)
    const instant = (/** @type {'start' | 'end'} */ name) =>
      take(`${place}.${name}`, `periods.${index}.${name}`, period[name], readInstant(period[name], offset))
    const calls = take(`${place}.calls`, `periods.${index}.calls`, period.calls, readCount(period.calls))
    return { kind: 'window', start: instant('start'), end: instant('end'), calls }
  }

  const start = startOf(inputs, offset)
  const grants = purchasesInUse(inputs, catalog).map(({ purchase, index }, row) => {
    const place = `request.grants[${row}]`
    const when = purchase.when[byMonth ? 'months' : 'periods']
    fields.set(place, `purchases.${index}.when`)
    // Bought at the start: while that cannot be read, nothing else is wrong.
    const atStart = when.trim() === ''
    const created = take(`${place}.created`, atStart ? startField(inputs, offset) : `purchases.${index}.when`, when, atStart ? { value: start } : readInstant(when, offset))
    const starts = purchase.starts.trim() !== '' && catalog.startChoice
    const effective = starts
      ? take(`${place}.effective`, `purchases.${index}.starts`, purchase.starts, readInstant(purchase.starts, offset))
      : undefined
    fields.set(`${place}.limited`, `purchases.${index}.limited`)
    return {
      id: `p${index + 1}`,
      package: purchase.package,
      region,
      quantity: purchase.quantity,
      created,
      ...(effective ? { effective } : {}),
      ...(purchase.limited && hasLimited(catalog) ? { limited: true } : {}),
    }
  })

  const { ladders: ownLadders, packages: ownRows, points } = typedPrices(inputs, catalog, take, (place, field) => fields.set(place, field))
  // How many points a call takes is part of the catalog; a person knows it where the catalog does not.
  const priced = points === undefined ? catalog : { ...catalog, apis: catalog.apis.map((it) => (it.id === api ? { ...it, points } : it)) }
  if (problems.length > 0) return { problems }

  const entered = { ...(ownLadders.length > 0 ? { ladders: ownLadders } : {}), ...(ownRows.length > 0 ? { packages: ownRows } : {}) }
  const profile = readingsChosen(inputs, catalog)
  for (const id of Object.keys(profile)) fields.set(`request.profile.${id}`, `reading.${id}`)
  const request = /** @type {any} */ ({ catalog: priced, ...(Object.keys(profile).length > 0 ? { profile } : {}), ...switched(inputs, catalog), usage, grants, ...(Object.keys(entered).length > 0 ? { entered } : {}) })
  return { request, fields }
}

/**
 * The prices that a person typed for the chosen API in the chosen region, as rows for the engine.
 * @param {Inputs} inputs
 * @param {import('./catalog.js').Catalog} catalog
 * @param {(place: string, field: string, typed: string, read: { value: any } | { code: string }) => any} take the value of a field, filed under its place
 * @param {(place: string, field: string) => void} file a place under its field
 * @param {{ ladders: number, packages: number }} [before] rows that stand before these
 */
export function typedPrices(inputs, catalog, take, file, before = { ladders: 0, packages: 0 }) {
  const { api, region } = inputs
  const own = ownPrices(inputs)
  const scope = { apis: [api], regions: [region], source: 'typed in' }
  const ladders = []
  const typedSteps = ownSteps(inputs)
  if (catalog.payPerUse && (own.unitPrice.trim() !== '' || typedSteps.length > 0)) {
    const place = `request.entered.ladders[${before.ladders}]`
    file(place, 'own.unitPrice')
    const steps = typedSteps.map(({ index, upTo, unitPrice }, row) => ({
      upTo: take(`${place}.steps[${row}].upTo`, `own.steps.${index}.upTo`, upTo, readCount(upTo)),
      unitPrice: take(`${place}.steps[${row}].unitPrice`, `own.steps.${index}.unitPrice`, unitPrice, priceOf(unitPrice)),
    }))
    const last = { upTo: null, unitPrice: take(`${place}.steps[${steps.length}].unitPrice`, 'own.unitPrice', own.unitPrice, priceOf(own.unitPrice)) }
    ladders.push({ ...scope, shape: steps.length > 0 ? stepShape(catalog) : 'flat', steps: [...steps, last] })
  }
  const pointed = `catalog.apis[${catalog.apis.findIndex((it) => it.id === api)}].points`
  const points = own.points.trim() === '' ? undefined : take(pointed, 'own.points', own.points, readCount(own.points))
  const packages = ownPackages(inputs).map((typed, row) => {
    const { id, index, size, price } = typed
    const place = `request.entered.packages[${before.packages + row}]`
    const field = (/** @type {string} */ name) => `own.packages.${index}.${name}`
    file(place, field('size'))
    file(`${place}.hours`, field('from'))
    const of = catalog.classes.find((it) => it.id === typed.class) ?? catalog.classes.find((it) => it.kind === 'package')
    const hour = (/** @type {'from' | 'to'} */ name) => take(`${place}.hours.${name}`, field(name), typed[name], readCount(typed[name]))
    return {
      ...scope,
      id,
      class: of?.id ?? '',
      quota: take(`${place}.quota`, field('size'), size, readCount(size)),
      ...(typed.unit === 'point' ? { unit: 'point' } : {}),
      // What is given away needs no price.
      price: of?.kind === 'free' && price.trim() === '' ? '0' : take(`${place}.price`, field('price'), price, priceOf(price)),
      term: { years: 1 },
      ...(hasLimited(catalog) && typed.from.trim() && typed.to.trim() ? { hours: { from: hour('from'), to: hour('to') } } : {}),
    }
  })
  return { ladders, packages, points }
}

/** A price, or none: what has none yet is said by the answer. @param {string} text */
const priceOf = (text) => (text.trim() === '' ? { value: null } : readMoney(text))

/** The field that says when the calls begin. @param {Inputs} inputs @param {string} offset */
function startField(inputs, offset) {
  if (inputs.pattern !== 'periods') return 'from'
  const start = startOf(inputs, offset)
  return `periods.${Math.max(0, inputs.periods.findIndex((period) => /** @type {any} */ (readInstant(period.start, offset)).value === start))}.start`
}

/**
 * Packages against pay-per-use; where that cannot be compared, what the calls take and what is missing.
 * @param {Engine} engine @param {Request} request @param {Inputs} inputs @returns {Answer}
 */
export function ask(engine, request, inputs) {
  try {
    const comparison = engine.compare(request)
    return { inputs, request, comparison, estimate: comparison.withPackages }
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error)
    if (code !== 'no_published_price' && code !== 'no_pay_per_use') throw error
    return { inputs, request, estimate: engine.estimate(request), lacks: code }
  }
}

/**
 * The engine's error with the field that its place means: the nearest place above it that came from one.
 * @param {{ code: string, place: string, message: string }} error
 * @param {Map<string, string>} fields
 * @returns {Problem}
 */
export function problemOf({ code, place, message }, fields) {
  for (let at = place; at; at = at.replace(/(\.[^.[]*|\[\d+\]|^[^.[]+)$/, '')) {
    const field = fields.get(at)
    if (field) return { code, field, place, message }
  }
  return { code, place, message }
}
