// What is worked out only when a person unfolds it: who paid what, the receipt of one call, other readings of the rules,
// queries per second, and an example behind a cause.

import { monthsFrom, ownPrices, readingsChosen } from './inputs.js'
import { problemOf } from './question.js'
import { readCount, readInstant, readMoney } from './typed.js'

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./ocr_pricing.js').Request} Request */
/** @typedef {import('./ocr_pricing.js').DrawLine} DrawLine */
/** @typedef {import('./ocr_pricing.js').Receipt} Receipt */
/** @typedef {import('./question.js').Answer} Answer */
/** @typedef {import('./question.js').Problem} Problem */
/** What was worked out behind an answer, or why it was not. @typedef {{ answer: Answer, value?: any, problems?: Problem[] }} More */
/** A text that may need the provider's nouns. @typedef {string | ((nouns: Record<string, any>) => string)} RuleText */
/** @typedef {{ title: RuleText, text: RuleText, documents: { title: string, section?: string, date?: string }[] }} Rule */
/**
 * The rulebook in one language.
 * @typedef {{
 *   rules: Record<string, Rule>, causes: Record<string, { rule: string, text: RuleText }>, keys: Record<string, RuleText>,
 *   reasons: Record<string, RuleText>, refused: Record<string, { rule: string, text: RuleText }>,
 * }} Rules
 */

const WORK = /** @type {Record<string, (engine: Engine, answer: Answer, rest: string[]) => any>} */ ({ payers, call, readings, qps, why })

/** @param {Engine} engine @param {string} key of the unfolded place @param {Answer} answer @returns {More} */
export function workOut(engine, key, answer) {
  const [what, ...rest] = key.split(' ')
  try {
    return { answer, value: WORK[what](engine, answer, rest) }
  } catch (error) {
    const { code, field, place, message, either } = /** @type {any} */ (error)
    return { answer, problems: [field ? { code, field, either } : problemOf({ code, place, message }, new Map(Object.entries(FIELDS)))] }
  }
}

/** The field behind a place of what is asked here. */
const FIELDS = {
  'call.at': 'at',
  'request.peakFactor': 'qps.peak',
  'request.responseSeconds': 'qps.response',
  'request.hoursPerDay': 'qps.hours',
  'request.entered.qps[0].included': 'own.qps.included',
  'request.entered.qps[0].steps': 'own.qps.price',
}

/**
 * The value of a field, or its problem thrown.
 * @template T
 * @param {string} field
 * @param {{ value: T } | { code: string }} read
 */
function take(field, read) {
  if ('code' in read) throw { ...read, field }
  return read.value
}

/**
 * Who paid what: draws that follow each other and say the same are one.
 * @param {Engine} engine @param {Answer} answer
 */
function payers(engine, { request }) {
  const runs = /** @type {DrawLine[]} */ ([])
  for (const draw of engine.estimate({ ...request, detail: 'draw' }).draws ?? []) {
    const run = runs.at(-1)
    const same = run && run.grant === draw.grant && run.because.key === draw.because.key && run.because.over === draw.because.over
    if (same) Object.assign(run, { to: draw.to, calls: run.calls + draw.calls, left: draw.left })
    else runs.push({ ...draw })
  }
  return runs
}

/**
 * The receipt of the call at the instant typed, or of the next one after it; nothing typed: of the first.
 * @param {Engine} engine @param {Answer} answer
 */
function call(engine, { request, inputs }) {
  const spans = spansOf(request)
  const typed = inputs.at.trim()
  const wanted = typed ? take('at', readInstant(typed, request.catalog.utcOffset)) : undefined
  const at = wanted === undefined ? Math.min(...spans.map((span) => span.start)) : seconds(wanted)
  // What is no instant is refused by the engine; after the last call comes none.
  const next = Math.min(...spans.map((span) => callFrom(span, at)))
  return engine.receipt(request, { ...where(request), at: Number.isFinite(next) ? instant(next, request) : (wanted ?? '') })
}

/** @param {Engine} engine @param {Answer} answer */
function readings(engine, { request }) {
  return engine.readings(request)
}

/** @param {Engine} engine @param {Answer} answer */
function qps(engine, { request, inputs, estimate }) {
  const { api } = where(request)
  const { peak, response, hours } = inputs.qps
  const { included, price, per } = ownPrices(inputs).qps
  const number = (/** @type {string} */ field, /** @type {string} */ text) => take(field, readMoney(text))
  const steps = [{ upTo: null, unitPrice: price.trim() ? number('own.qps.price', price) : null }]
  const row = { apis: [api], included: included.trim() ? take('own.qps.included', readCount(included)) : 0, per: per || 'month', steps, source: 'typed in' }
  return engine.qps(
    /** @type {any} */ ({
      catalog: request.catalog,
      api,
      profile: readingsChosen(inputs, request.catalog),
      callsPerMonth: Math.max(0, ...estimate.months.map((month) => month.calls.requests)),
      ...(peak.trim() ? { peakFactor: number('qps.peak', peak) } : {}),
      ...(response.trim() ? { responseSeconds: number('qps.response', response) } : {}),
      ...(hours.trim() ? { hoursPerDay: take('qps.hours', readCount(hours)) } : {}),
      ...(price.trim() || included.trim() ? { entered: { qps: [row] } } : {}),
    }),
  )
}

/** Calls tried in search of an example. */
const TRIES = 6
/** The bill of a request by its cycles, for all its reasons. @type {WeakMap<Request, import('./question.js').Estimate['lines']>} */
const cycles = new WeakMap()

/**
 * A call that was charged for this cause, at this step if one is given, within these cycles, as an example; undefined where none is
 * found quickly.
 * @param {Engine} engine @param {Answer} answer @param {string[]} rest
 * @returns {Receipt | undefined}
 */
function why(engine, { request }, [start, end, code, step]) {
  const [from, until] = [seconds(start), seconds(end)]
  const atStep = (/** @type {{ from: number }} */ slice) => step === '' || slice.from === Number(step)
  const lines = cycles.get(request) ?? engine.estimate({ ...request, detail: 'cycle' }).lines
  cycles.set(request, lines)
  const inside = lines.find((line) => {
    const at = seconds(line.cycle.start)
    return at >= from && at < until && line.causes.some((cause) => cause.code === code) && line.slices.some(atStep)
  })
  if (!inside) return undefined
  const [first, last] = [seconds(inside.used.start), seconds(inside.used.end)]
  const spans = spansOf(request)
  for (let part = 0; part <= TRIES; part++) {
    // From the start on, the last second included: within a cycle the cause may change.
    const from = Math.min(first + Math.floor(((last - first) * part) / TRIES), last - 1)
    const at = Math.min(...spans.map((span) => callFrom(span, from)))
    if (at >= last) continue
    const many = spans.reduce((sum, span) => sum + before(span, at + 1) - before(span, at), 0)
    for (const nth of new Set([1, many])) {
      const receipt = tried(() => engine.receipt(request, { ...where(request), at: instant(at, request), nth }))
      if (receipt?.charged?.cause === code && atStep(receipt.charged)) return receipt
    }
  }
  return undefined
}

/** @template T @param {() => T} work @returns {T | undefined} */
function tried(work) {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** The page asks about one API in one region. @param {Request} request */
function where({ usage }) {
  const { api = '', region = '' } = usage?.[0] ?? {}
  return { api, region }
}

// Where calls lie in time: request k of n within s seconds is made floor(k × s ÷ n) seconds after the start.

/** @typedef {{ start: number, end: number, calls: number }} Span */

/** @param {Request} request @returns {Span[]} */
function spansOf({ usage = [], catalog }) {
  const midnight = (/** @type {string} */ month) => seconds(`${month}-01T00:00:00${catalog.utcOffset}`)
  return usage
    .flatMap(({ start, end, calls, from, monthly }) => {
      if (start && end) return [{ start: seconds(start), end: seconds(end), calls: calls ?? 0 }]
      const months = monthsFrom(from ?? '')
      const ends = [...months.slice(1), months[0].replace(/^\d+/, (year) => String(Number(year) + 1))]
      return (monthly ?? []).map((calls, at) => ({ start: midnight(months[at]), end: midnight(ends[at]), calls }))
    })
    .filter((span) => span.calls > 0)
}

/** Calls of a span made before a second. @param {Span} span @param {number} at */
const before = ({ start, end, calls }, at) =>
  at <= start ? 0 : at >= end ? calls : Math.min(calls, Math.ceil(((at - start) * calls) / (end - start)))

/** The second of the first call at or after a second. @param {Span} span @param {number} at */
function callFrom(span, at) {
  const k = before(span, at)
  return k >= span.calls ? Number.POSITIVE_INFINITY : span.start + Math.floor((k * (span.end - span.start)) / span.calls)
}

/** @param {string} instant */
const seconds = (instant) => Date.parse(instant) / 1000

/** @param {number} at @param {Request} request */
function instant(at, { catalog: { utcOffset } }) {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(utcOffset) ?? ['', '+', '0', '0']
  const shift = Number(`${sign}1`) * (3600 * Number(hours) + 60 * Number(minutes))
  return new Date((at + shift) * 1000).toISOString().slice(0, 19) + utcOffset
}
