// All that the page knows, as one plain object, and the one function that changes it. The part a person chose or typed,
// `inputs`, has a serial form: `link.js`. Nothing here draws, fetches or asks the engine.

import { nextMonth, sameApi, sameRegion } from './catalog.js'
import { EXAMPLE, LIST_END, monthsFrom, NO_PACKAGE, NO_STEP, ownPrices, scopeOf, TEXT_END } from './inputs.js'
import { placeRows, readPaste } from './paste.js'
import { readCount, readMoney, readShare, slideCount, writeCount } from './typed.js'

/** @typedef {import('./catalog.js').Catalog} Catalog */
/** @typedef {import('./inputs.js').Inputs} Inputs */
/** @typedef {import('./inputs.js').Pattern} Pattern */
/** @typedef {import('./inputs.js').PeriodText} PeriodText */
/** @typedef {import('./inputs.js').Purchase} Purchase */
/** @typedef {import('./question.js').Answer} Answer */
/** @typedef {import('./question.js').Problem} Problem */

/** Into which field something was pasted: what is wrong with it, or how many months it filled. @typedef {{ field: string, problem?: Problem, count?: number }} Pasted */

/**
 * @typedef {{
 *   inputs: Inputs,
 *   question: number, // grows with everything that changes the answer
 *   byPerson: boolean, // whether a person asked the present question
 *   catalogs: Record<string, Catalog | null>, // fetched; null: there is none
 *   engine: { at: 'loading' | 'ready' } | { at: 'missing', why: string },
 *   answer: Answer | null, // the latest, to the present question or, while problems stand, to the last sound one
 *   problems: Problem[],
 *   listed: string[], // catalogs in the menu
 *   open: boolean, // whether the inputs are unfolded on a narrow screen
 *   search: { text: string | null, active: number } | null, // the API field while its list is open; null: nothing typed yet
 *   opened: Record<string, string>, // what is unfolded, by its place; of several things that a place can show, which
 *   more: Record<string, import('./more.js').More>, // what was worked out for it
 *   rules: Partial<Record<import('./format.js').Lang, import('./more.js').Rules | null>>, // fetched when first wanted; null: there are none
 *   pasted: Pasted | null, // what came of the latest paste, until something else is done
 *   near: boolean, // whether the curve shows the surroundings of the present volume or all that was searched
 * }} State
 */

/** @param {Partial<Inputs>} chosen @returns {State} */
export function initial(chosen) {
  return {
    inputs: { lang: 'en', ...structuredClone(EXAMPLE), ...chosen },
    question: 0,
    byPerson: false,
    catalogs: {},
    engine: { at: 'loading' },
    answer: null,
    problems: [],
    listed: [],
    open: false,
    search: null,
    opened: {},
    more: {},
    rules: {},
    pasted: null,
    near: true,
  }
}

/**
 * The state after an event. Events of a person ask a new question; what comes back to an older question is dropped.
 * @param {State} state @param {any} event @returns {State}
 */
export function next(state, event) {
  switch (event.type) {
    case 'fetched': {
      const catalogs = { ...state.catalogs, [event.id]: event.catalog }
      return event.id === state.inputs.catalog ? settle({ ...state, catalogs, question: state.question + 1 }) : { ...state, catalogs }
    }
    case 'engine':
      return { ...state, engine: event.engine, question: state.question + 1 }
    case 'answered':
      return event.question === state.question ? { ...state, answer: event.answer, problems: [] } : state
    case 'refused':
      return event.question === state.question ? { ...state, problems: event.problems } : state
    case 'unplaced': // fields that are nowhere on the page: their problems are told without them
      return { ...state, problems: unplaced(state.problems, event.fields) }
    case 'language':
      return { ...state, inputs: { ...state.inputs, lang: event.lang } }
    case 'search':
      return { ...state, search: event.search }
    case 'open':
      return { ...state, open: event.open }
    case 'unfold': {
      if ((state.opened[event.key] ?? '') === event.to) return state
      // What was worked out is worked out anew the next time.
      const { [event.key]: _, ...more } = state.more
      return { ...state, opened: { ...state.opened, [event.key]: event.to }, more }
    }
    case 'more':
      return { ...state, more: { ...state.more, [event.key]: event.more } }
    case 'rules':
      return { ...state, rules: { ...state.rules, [event.lang]: event.rules } }
    case 'retry': // of whatever could not be loaded
      return {
        ...state,
        engine: state.engine.at === 'missing' ? { at: 'loading' } : state.engine,
        catalogs: Object.fromEntries(Object.entries(state.catalogs).filter(([, catalog]) => catalog !== null)),
        question: state.question + 1,
      }
    case 'again': {
      const { [event.key]: _, ...more } = state.more
      return { ...state, more }
    }
    case 'near':
      return { ...state, near: event.near }
    case 'attributes': // the page around it asks, not a person
      return settle({ ...state, inputs: event.inputs, search: null, question: state.question + 1, byPerson: false })
    case 'link':
      return settle({ ...state, inputs: event.inputs, search: null, question: state.question + 1, byPerson: true })
  }
  if (event.type === 'paste') return pasted(state, event)
  return changed(state, change(state, event))
}

/** Problems that fields which are not on the page cannot show. @param {Problem[]} problems @param {string[]} fields */
export const unplaced = (problems, fields) => problems.map(({ field, ...problem }) => (field && !fields.includes(field) ? { ...problem, field } : problem))

/** A question that a person asks with other inputs. @param {State} state @param {Inputs} inputs @returns {State} */
function changed(state, inputs) {
  return inputs === state.inputs ? state : { ...state, inputs, search: null, pasted: null, question: state.question + 1, byPerson: true }
}

/**
 * The chosen catalog, or another; none while it is on its way, or when there is none.
 * @param {State} state
 * @param {string} [id]
 * @returns {Catalog | undefined}
 */
export function catalogOf(state, id = state.inputs.catalog) {
  return (Object.hasOwn(state.catalogs, id) && state.catalogs[id]) || undefined
}

/** Whether the chosen catalog could not be loaded. @param {State} state */
export const lost = ({ catalogs, inputs }) => Object.hasOwn(catalogs, inputs.catalog) && catalogs[inputs.catalog] === null

/** Whether something must be worked out for an unfolded place; `more.js` does it. @param {string} key */
export const needsWork = (key) => ['payers', 'call', 'readings', 'qps', 'why'].includes(key.split(' ')[0])

/** A catalog that has just come decides what was left open. @param {State} state @returns {State} */
function settle(state) {
  const catalog = catalogOf(state)
  if (!catalog) return state
  const { inputs } = state
  const api = inputs.api || sameApi(catalog, undefined, '')
  const region = inputs.region || sameRegion(catalog, api, '')
  return { ...state, inputs: { ...inputs, api, region, from: inputs.from || nextMonth(catalog) } }
}

/** @param {State} state @param {any} event @returns {Inputs} */
function change(state, event) {
  const { inputs } = state
  switch (event.type) {
    case 'type':
      return grown(typedInto(inputs, event.field.split('.'), event.text.slice(0, TEXT_END)), event.field)
    case 'catalog': {
      const to = catalogOf(state, event.id)
      if (!to) return { ...inputs, catalog: event.id, api: '', region: '' }
      const api = sameApi(
        to,
        catalogOf(state)?.apis.find((it) => it.id === inputs.api),
        inputs.api,
      )
      return { ...inputs, catalog: event.id, api, region: sameRegion(to, api, inputs.region), from: inputs.from || nextMonth(to) }
    }
    case 'region':
      return { ...inputs, region: event.id }
    case 'api': {
      const catalog = catalogOf(state)
      const known = catalog?.apis.some((api) => api.id === event.id)
      return {
        ...inputs,
        api: event.id.slice(0, TEXT_END),
        region: catalog && known ? sameRegion(catalog, event.id, inputs.region) : inputs.region,
      }
    }
    case 'pattern':
      return inputs.pattern === event.pattern ? inputs : turned(inputs, event.pattern)
    case 'slide':
      return grown(typedInto(inputs, event.field.split('.'), writeCount(slideCount(event.stop))), event.field)
    case 'period-add':
      return inputs.periods.length >= LIST_END ? inputs : { ...inputs, periods: [...inputs.periods, following(inputs.periods)] }
    case 'period-drop':
      return { ...inputs, periods: inputs.periods.filter((_, index) => index !== event.index) }
    case 'reading':
      return { ...inputs, profile: read(inputs.profile, event, catalogOf(state)) }
    case 'buy':
      return { ...inputs, purchases: bought(inputs.purchases, event.package, event.by) }
    case 'buy-again':
      if (inputs.purchases.length >= LIST_END) return inputs
      return {
        ...inputs,
        purchases: [...inputs.purchases, { package: event.package, quantity: 1, when: { periods: '', months: '' }, starts: '', limited: '' }],
      }
    case 'example':
      return { lang: inputs.lang, ...structuredClone(EXAMPLE), from: inputs.from }
  }
  return inputs
}

/**
 * Text typed into a field: `same`, `periods.0.calls`, `own.packages.1.size`.
 * @param {Inputs} inputs
 * @param {string[]} path
 * @param {string} text
 * @returns {Inputs}
 */
function typedInto(inputs, path, text) {
  if (path[0] !== 'own') return put(inputs, path, text)
  const own = put(ownPrices(inputs), path.slice(1), text)
  const packages = own.packages.map((row) => ({ ...NO_PACKAGE, ...row }))
  const steps = own.steps.map((row) => ({ ...NO_STEP, ...row }))
  return { ...inputs, own: { ...inputs.own, [scopeOf(inputs)]: { ...own, steps, packages } } }
}

/**
 * Readings with another one chosen; the default of a question is not written down.
 * @param {Record<string, string>} profile
 * @param {{ profile: string, option: string }} event
 * @param {Catalog} [catalog]
 */
function read(profile, { profile: id, option }, catalog) {
  const { [id]: _, ...others } = profile
  return catalog?.profiles?.find((it) => it.id === id)?.options[0].id === option ? others : { ...others, [id]: option }
}

/**
 * A copy with another value at a path.
 * @template T
 * @param {T} holder
 * @param {string[]} path
 * @param {any} value
 * @returns {T}
 */
function put(holder, [step, ...rest], value) {
  const copy = /** @type {any} */ (Array.isArray(holder) ? [...holder] : { ...holder })
  copy[step] = rest.length === 0 ? value : put(copy[step], rest, value)
  return copy
}

/**
 * Growth and season write the twelve numbers, which stay as visible and as typed as any others.
 * @param {Inputs} inputs
 * @param {string} field
 * @returns {Inputs}
 */
function grown(inputs, field) {
  if (!['growth', 'busy', 'times', 'same'].includes(field) || inputs.pattern !== 'twelve') return inputs
  const first = readCount(inputs.same)
  const growth = readShare(inputs.growth || '0')
  const times = readMoney(inputs.times || '1')
  if (!('value' in first) || !('value' in growth) || !('value' in times)) return inputs
  const rate = 1 + Number(growth.value)
  const twelve = Array.from({ length: 12 }, (_, month) => {
    const calls = first.value * rate ** month * (String(month + 1) === inputs.busy ? Number(times.value) : 1)
    return writeCount(Math.max(0, Math.min(Math.round(calls), Number.MAX_SAFE_INTEGER)))
  })
  return { ...inputs, twelve }
}

/**
 * The other way of giving volumes, beginning with what the former one said.
 * @param {Inputs} inputs
 * @param {Pattern} pattern
 * @returns {Inputs}
 */
function turned(inputs, pattern) {
  const total = inputs.periods
    .map((period) => readCount(period.calls))
    .reduce((sum, calls) => sum + ('value' in calls ? calls.value : 0), 0)
  const same = inputs.same || writeCount(Math.floor(total / 12))
  const twelve = inputs.twelve.length === 12 ? inputs.twelve : Array(12).fill(same)
  return { ...inputs, pattern, same, twelve: pattern === 'twelve' ? twelve : inputs.twelve }
}

/**
 * Several cells: into a field for calls they fill the twelve months, whole or not at all; no other field takes them.
 * @param {State} state @param {{ field: string, text: string, at?: number }} event `at`: the month pasted into, of a field for calls
 * @returns {State}
 */
function pasted(state, { field, text, at }) {
  const refused = (/** @type {Problem} */ problem) => ({ ...state, pasted: { field, problem: { ...problem, field } } })
  const read = at === undefined ? { problem: { code: 'paste_one' } } : readPaste(text)
  if (!read) return state
  if ('problem' in read) return refused(read.problem)
  const inputs = turned(state.inputs, 'twelve')
  const placed = placeRows(read.rows, { months: monthsFrom(inputs.from), twelve: inputs.twelve, at: at ?? 0 })
  if ('problem' in placed) return refused(placed.problem)
  return { ...changed(state, { ...inputs, ...placed }), pasted: { field, count: read.rows.length } }
}

/** A period that starts where the last one ends. @param {PeriodText[]} periods @returns {PeriodText} */
function following(periods) {
  const start = periods.at(-1)?.end ?? ''
  const year = Number(start.slice(0, 4))
  return { start, end: year ? `${year + 1}${start.slice(4)}` : '', calls: '0' }
}

/**
 * One more or one fewer: of the purchase made last.
 * @param {Purchase[]} purchases
 * @param {string} id
 * @param {number} by
 * @returns {Purchase[]}
 */
function bought(purchases, id, by) {
  const at = purchases.findLastIndex((purchase) => purchase.package === id)
  if (at < 0)
    return by > 0 && purchases.length < LIST_END
      ? [...purchases, { package: id, quantity: by, when: { periods: '', months: '' }, starts: '', limited: '' }]
      : purchases
  return purchases.map((it, index) => (index === at ? { ...it, quantity: it.quantity + by } : it)).filter((it) => it.quantity > 0)
}
