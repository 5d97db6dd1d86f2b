// All that the replay page knows, as one plain object, and the one function that changes it. What is chosen and typed about
// prices is the calculator's own state, inside. Nothing here draws, reads files or asks the engine.

import { LIST_END, purchasesInUse, TEXT_END } from '../inputs.js'
import { catalogOf, initial as calculator, next as calculate } from '../state.js'

/** @typedef {import('../state.js').State} Calculator */
/** @typedef {import('../inputs.js').Inputs} Inputs */
/** @typedef {import('../catalog.js').Catalog} Catalog */
/** @typedef {import('./log.js').Head} Head */
/** @typedef {import('../ocr_pricing.js').LogColumn} LogColumn */
/** @typedef {import('../ocr_pricing.js').ReplayRequest} ReplayRequest */
/** @typedef {import('../ocr_pricing.js').ReplayAnswer} ReplayAnswer */
/** @typedef {import('../question.js').Problem} Problem */
/** @typedef {import('./log.js').Progress} Progress */

/** What a column can mean, in the order in which it is asked for. */
export const COLUMNS = /** @type {const} */ (['at', 'api', 'region', 'status', 'errorCode', 'project', 'user', 'calls', 'id'])

/** A purchase, as typed. @typedef {{ package: string, quantity: string, region: string, when: string, project: string, starts: string, limited: string }} Buy */
/** When a service was open, as typed. @typedef {{ region: string, api: string, user: string, from: string, until: string }} Opened */
/** Another question to the same log: other prices, readings or purchases. @typedef {{ catalog: string, region: string, profile: Record<string, string>, buys: Buy[] }} Other */
/** One call, as typed. @typedef {{ at: string, api: string, region: string, project: string, user: string }} CallText */
/** What is known of a reading of the file. @typedef {{ at: 'none' | 'waiting' | 'cancelled' } | { at: 'reading', progress?: Progress, began: number } | { at: 'failed', problem: Problem }} Work */
/** An answer, with what it was asked. @typedef {{ request: ReplayRequest, answer: ReplayAnswer, inputs: Inputs }} Answered */
/** The provider's bill: its rows with the line of each, what its columns mean, whether it is judged without the lines that have no place, and what came of it. @typedef {{ name: string, rows: string[][], lines: number[], separator: string, columns: Record<string, number | null>, zone: string, without?: boolean, problem?: Problem, result?: any, of?: Answered }} Bill */

/**
 * @typedef {{
 *   calc: Calculator, // prices, readings, language
 *   file: File | null,
 *   head: Head | null, // of the file, once its first lines were read
 *   columns: Partial<Record<LogColumn, number | null>>, // mapped by hand
 *   zone: string, region: string, api: string, // where the log says nothing
 *   apiNames: Record<string, string>, regionNames: Record<string, string>, // by the names in the log
 *   buys: Buy[], opened: Opened[],
 *   work: Work, answer: Answered | null,
 *   other: Other | null, otherWork: Work, otherAnswer: Answered | null,
 *   bill: Bill | null,
 *   saving: { what: string, problem?: Problem } | null, // a file of the answer that is being written, or could not be
 *   call: CallText, receipt: { value?: any, problem?: Problem } | null, // one call, and what became of it
 *   problems: Problem[], otherProblems: Problem[], // with what was typed
 * }} State
 */

export const NO_BUY = { package: '', quantity: '1', region: '', when: '', project: '', starts: '', limited: '' }
const NO_CALL = { at: '', api: '', region: '', project: '', user: '' }
export const NO_OPENED = { region: '', api: '', user: '', from: '', until: '' }

/** @param {Partial<Inputs>} chosen by a link, or only the language @param {boolean} linked @returns {State} */
export function initial(chosen, linked) {
  // What the published example buys, nobody has bought.
  const calc = calculator(linked ? chosen : { ...chosen, purchases: [] })
  return {
    calc,
    file: null,
    head: null,
    columns: {},
    zone: '',
    region: linked ? calc.inputs.region : '',
    api: '',
    apiNames: {},
    regionNames: {},
    buys: [],
    opened: [],
    work: { at: 'none' },
    answer: null,
    other: null,
    otherWork: { at: 'none' },
    otherAnswer: null,
    bill: null,
    saving: null,
    call: NO_CALL,
    receipt: null,
    problems: [],
    otherProblems: [],
  }
}

/** What is forgotten with a file. */
const NO_FILE = /** @type {const} */ ({ head: null, columns: {}, apiNames: {}, regionNames: {}, zone: '', work: { at: 'waiting' }, answer: null, otherWork: { at: 'none' }, otherAnswer: null, call: NO_CALL, receipt: null, saving: null })

/** The state after an event. @param {State} state @param {any} event @returns {State} */
export function next(state, event) {
  switch (event.type) {
    case 'file':
      return { ...state, ...NO_FILE, file: event.file }
    case 'head':
      return { ...state, head: event.head, columns: event.columns ?? state.columns, ...(event.names ?? {}), ...(state.head ? {} : { work: { at: 'waiting' } }) }
    case 'work':
      return { ...state, work: event.work }
    case 'answer':
      return { ...state, answer: event.answer, work: { at: 'none' } }
    case 'problems':
      return { ...state, [event.of]: event.problems }
    case 'column':
      return { ...state, columns: { ...state.columns, [event.column]: event.to } }
    case 'name': {
      const { [event.name]: _, ...others } = state[/** @type {'apiNames' | 'regionNames'} */ (event.of)]
      return { ...state, [event.of]: event.to ? { ...others, [event.name]: event.to } : others }
    }
    case 'add':
      return listed(state, event.list, (rows) => (rows.length < LIST_END ? [...rows, fresh(state, event.list)] : rows))
    case 'drop':
      return listed(state, event.list, (rows) => rows.filter((_, index) => index !== event.index))
    case 'other':
      return { ...state, other: event.open ? same(state) : null, otherProblems: [], otherAnswer: null, otherWork: { at: 'none' } }
    case 'other-catalog': {
      const catalog = catalogOf(state.calc, event.id)
      return state.other ? { ...state, other: { catalog: event.id, region: catalog?.regions[0]?.id ?? '', profile: {}, buys: [] } } : state
    }
    case 'other-reading':
      return state.other ? { ...state, other: { ...state.other, profile: { ...state.other.profile, [event.profile]: event.option } } } : state
    case 'other-work':
      return { ...state, otherWork: event.work }
    case 'other-answer':
      return { ...state, otherAnswer: event.answer, otherWork: { at: 'none' } }
    case 'saving':
      return { ...state, saving: event.saving }
    case 'receipt':
      return { ...state, receipt: event.receipt }
    case 'bill':
      return { ...state, bill: event.bill }
    case 'bill-without':
      return state.bill ? { ...state, bill: { ...state.bill, without: event.without } } : state
    case 'bill-column':
      return state.bill ? { ...state, bill: { ...state.bill, columns: { ...state.bill.columns, [event.column]: event.to }, without: false } } : state
    case 'type':
      return typed(state, event) ?? inside(state, event)
  }
  return inside(state, event)
}

/** Whatever concerns prices is the calculator's. @param {State} state @param {any} event @returns {State} */
function inside(state, event) {
  const calc = calculate(state.calc, event)
  if (calc === state.calc) return state
  const after = { ...state, calc }
  // The purchases of a link are known by their packages: once the catalog is there.
  if (event.type === 'fetched' && event.id === calc.inputs.catalog) return taken(after)
  return event.type === 'catalog' ? { ...after, region: '', api: '', buys: [], opened: [], apiNames: {}, regionNames: {}, other: null, otherAnswer: null } : after
}

/** The purchases of a link become purchases here. @param {State} state @returns {State} */
function taken(state) {
  const { inputs } = state.calc
  const catalog = catalogOf(state.calc)
  if (!catalog || state.buys.length > 0 || inputs.purchases.length === 0) return state
  const buys = purchasesInUse(inputs, catalog).map(({ purchase }) => ({
    package: purchase.package,
    quantity: String(purchase.quantity),
    region: inputs.region,
    when: purchase.when[inputs.pattern === 'periods' ? 'periods' : 'months'],
    project: '',
    starts: purchase.starts,
    limited: purchase.limited,
  }))
  return { ...state, buys, calc: { ...state.calc, inputs: { ...inputs, purchases: [] } } }
}

/** Text typed into a field of the replay's own: `buys.0.when`, `opened.1.user`, `zone`, `bill.zone`. @param {State} state @param {any} event */
function typed(state, { field, text }) {
  const [list, index, name] = field.split('.')
  const value = text.slice(0, TEXT_END)
  if (['zone', 'region', 'api'].includes(field)) return { ...state, [field]: value }
  if (field === 'bill.zone') return state.bill ? { ...state, bill: { ...state.bill, zone: value } } : state
  if (field === 'other.region') return state.other ? { ...state, other: { ...state.other, region: value } } : state
  if (list === 'call') return { ...state, call: { ...state.call, [index]: value } }
  if (!['buys', 'opened', 'otherBuys'].includes(list)) return undefined
  return listed(state, list, (rows) => rows.map((row, at) => (String(at) === index ? { ...row, [name]: value } : row)))
}

/** A state with another list. @param {State} state @param {string} list @param {(rows: any[]) => any[]} change @returns {State} */
function listed(state, list, change) {
  if (list === 'otherBuys') return state.other ? { ...state, other: { ...state.other, buys: change(state.other.buys) } } : state
  return { ...state, [list]: change(state[/** @type {'buys' | 'opened'} */ (list)]) }
}

/** A new row, with what is probably meant. @param {State} state @param {string} list */
function fresh(state, list) {
  const id = list === 'otherBuys' ? state.other?.catalog : undefined
  const catalog = catalogOf(state.calc, id)
  const region = (list === 'otherBuys' ? state.other?.region : state.region) || catalog?.regions[0]?.id || ''
  if (list === 'opened') return { ...NO_OPENED, region, api: state.calc.inputs.api }
  return { ...NO_BUY, region, package: catalog?.packages[0]?.id ?? '' }
}

/** The present question, to be changed. @param {State} state @returns {Other} */
function same({ calc: { inputs }, buys, region }) {
  return { catalog: inputs.catalog, region: region || inputs.region, profile: { ...inputs.profile }, buys: structuredClone(buys) }
}

/** The call as typed; where nothing was chosen, what was charged first. @param {State} state @returns {CallText} */
export function calledOf({ call, answer, region, api }) {
  const line = answer?.answer.estimate.lines.find((it) => it.kind === 'pay-per-use')
  const catalog = answer?.request.catalog
  return { ...call, api: call.api || api || line?.api || catalog?.apis[0].id || '', region: call.region || region || line?.region || catalog?.regions[0].id || '' }
}

/** What is in no figure: rows that could not be read, calls under names that are not known, lines of the bill without a place; and lines of either side for a time that the other says nothing about. @param {State} state */
export function gapsOf({ answer, bill }) {
  const { problemCounts = [], unmatched = [] } = answer?.answer ?? {}
  const left = bill?.result && !bill.without ? bill.result.leftOut : undefined
  return {
    rows: problemCounts.reduce((sum, it) => sum + it.rows, 0),
    names: unmatched.reduce((sum, it) => sum + it.calls, 0),
    lines: left ? left.foreign.length + left.refunds.length : 0,
    beyond: bill?.result ? bill.result.beyond : { ours: 0, theirs: 0 },
  }
}

/** Whether what is shown answers an older question. @param {State} state */
export const stale = ({ work, problems }) => work.at !== 'none' || problems.length > 0

