// What a person chose or typed, as typed: the shape, the worked example that it starts as, and what it means in a catalog.

import { packagesFor } from './catalog.js'
import { readInstant, readMonth } from './typed.js'

/** @typedef {import('./catalog.js').Catalog} Catalog */

/** Calls within a stretch of time, as typed. @typedef {{ start: string, end: string, calls: string }} PeriodText */
/**
 * Packages of one kind bought at one time. Empty: at the start. The time is kept twice, for calls by period and for calls by
 * month, so that looking at the other does not cost what was typed. `limited`: not empty for a limited-time package.
 * @typedef {{ package: string, quantity: number, when: { periods: string, months: string }, starts: string, limited: string }} Purchase
 */
/**
 * Prices that a person typed for one API in one region. `steps` come before `unitPrice`, which is then the price above them;
 * `points`: what a call takes out of packages that count points.
 * @typedef {{ unitPrice: string, points: string, steps: OwnStep[], packages: OwnPackage[], qps: OwnQps }} Own
 */
/** @typedef {{ upTo: string, unitPrice: string }} OwnStep */
/** Empty: counted in calls; of the first class that is bought; at all hours. @typedef {{ size: string, price: string, unit: string, class: string, from: string, to: string }} OwnPackage */
/** Queries per second: how many are included, and what one more costs. @typedef {{ included: string, price: string, per: string }} OwnQps */
/** @typedef {'periods' | 'same' | 'twelve'} Pattern */
/**
 * What a person chose or typed, as typed.
 * @typedef {{
 *   lang: import('./format.js').Lang, catalog: string, region: string, api: string, pattern: Pattern,
 *   periods: PeriodText[], same: string, twelve: string[], from: string, growth: string, busy: string, times: string,
 *   succeed: string, payPerUse: string, // 'off', where the provider has a switch for it; empty: not said
 *   purchases: Purchase[], own: Record<string, Own>,
 *   profile: Record<string, string>, // chosen readings where official texts disagree, by the id of the question
 *   at: string, // the instant of the call whose receipt is wanted
 *   qps: { peak: string, response: string, hours: string },
 * }} Inputs
 */
/** No list of inputs is longer, and no text. */
export const LIST_END = 50
export const TEXT_END = 400

/**
 * The published worked example: 5,000 calls, then a package of 100,000 used up within its year.
 * @type {Omit<Inputs, 'lang'>}
 */
export const EXAMPLE = {
  catalog: 'huawei-cn',
  region: 'cn-north-4',
  api: 'general-text',
  pattern: 'periods',
  periods: [
    { start: '2023-03-18 15:30:00', end: '2023-03-20 10:30:00', calls: '5,000' },
    { start: '2023-03-20 10:30:00', end: '2024-03-21 00:00:00', calls: '100,000' },
  ],
  same: '',
  twelve: [],
  from: '',
  growth: '0',
  busy: '',
  times: '2',
  succeed: '100',
  payPerUse: '',
  purchases: [{ package: 'general-text-100k', quantity: 1, when: { periods: '2023-03-20 10:30:00', months: '' }, starts: '', limited: '' }],
  own: {},
  profile: {},
  at: '',
  qps: { peak: '', response: '', hours: '' },
}

/** What is said of the provider's switch, as part of a request: only where it has one. @param {Inputs} inputs @param {Catalog} catalog */
export const switched = (inputs, catalog) => (catalog.payPerUseSwitch && inputs.payPerUse === 'off' ? { payPerUse: false } : {})

/** Whether error codes tell what succeeded, not the HTTP status. @param {Catalog | undefined} catalog */
export const byErrorCode = (catalog) => catalog?.success?.by === 'error-code'

/** Rows and prices with nothing typed into them. */
export const NO_STEP = { upTo: '', unitPrice: '' }
export const NO_PACKAGE = { size: '', price: '', unit: '', class: '', from: '', to: '' }
export const NO_PRICES = /** @type {Own} */ ({ unitPrice: '', points: '', steps: [], packages: [], qps: { included: '', price: '', per: '' } })

/**
 * The purchases that the chosen API and region can use, with their place in the list. The others are set aside, not lost.
 * @param {Inputs} inputs
 * @param {Catalog} catalog
 */
export function purchasesInUse(inputs, catalog) {
  const sold = new Set([...packagesFor(catalog, inputs.api, inputs.region).map((it) => it.id), ...ownPackages(inputs).map((it) => it.id)])
  return inputs.purchases.map((purchase, index) => ({ purchase, index })).filter(({ purchase }) => sold.has(purchase.package))
}

/** Where the own prices of the chosen API and region are kept. @param {Inputs} inputs */
export const scopeOf = (inputs) => `${inputs.catalog} ${inputs.region} ${inputs.api}`

/** @param {Inputs} inputs @returns {Own} */
export const ownPrices = (inputs) =>
  Object.hasOwn(inputs.own, scopeOf(inputs)) ? inputs.own[scopeOf(inputs)] : NO_PRICES

/** The packages that a person typed in here; a row without its size is none yet. @param {Inputs} inputs */
export function ownPackages(inputs) {
  return ownPrices(inputs)
    .packages.map((row, index) => ({ ...row, index, id: `own-${inputs.api}-${inputs.region}-${index + 1}` }))
    .filter((row) => row.size.trim() !== '')
}

/** The steps that a person typed in here; a row without its end is none yet. @param {Inputs} inputs */
export function ownSteps(inputs) {
  return ownPrices(inputs)
    .steps.map((row, index) => ({ ...row, index }))
    .filter((row) => row.upTo.trim() !== '')
}

/** Whether anything counts here that a person typed in. @param {Inputs} inputs */
export const ownUsed = (inputs) =>
  ownPrices(inputs).unitPrice.trim() !== '' ||
  ownSteps(inputs).length > 0 ||
  ownPackages(inputs).some(({ id }) => inputs.purchases.some((purchase) => purchase.package === id))

/**
 * The rows of a list that can count, with their places in it. A new row is empty, and what is empty is yet to be typed: no mistake.
 * @template {Record<string, any>} Row
 * @param {Row[]} rows @param {(keyof Row & string)[]} needed what a row cannot be without
 */
export const filled = (rows, needed) =>
  rows.map((row, index) => ({ row, index })).filter(({ row }) => needed.every((name) => row[name].trim() !== ''))

/** The chosen readings that are no default, as far as the catalog offers them. @param {Inputs} inputs @param {Catalog} catalog */
export function readingsChosen(inputs, catalog) {
  const chosen = (catalog.profiles ?? []).flatMap(({ id, options }) =>
    Object.hasOwn(inputs.profile, id) && options.slice(1).some((option) => option.id === inputs.profile[id])
      ? [[id, inputs.profile[id]]]
      : [],
  )
  return /** @type {Record<string, string>} */ (Object.fromEntries(chosen))
}

/** The twelve months from the first: "2026-12", "2027-01", … @param {string} from */
export function monthsFrom(from) {
  const typed = readMonth(from)
  const [year, month] = ('value' in typed ? typed.value : '2000-01').split('-').map(Number)
  return Array.from({ length: 12 }, (_, index) => {
    const count = year * 12 + month - 1 + index
    return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
  })
}

/**
 * The first instant of the calls as typed, or none while it cannot be read.
 * @param {Inputs} inputs
 * @param {string} offset
 */
export function startOf(inputs, offset) {
  if (inputs.pattern !== 'periods') {
    const month = readMonth(inputs.from)
    return 'value' in month ? `${month.value}-01T00:00:00${offset}` : undefined
  }
  const starts = inputs.periods.flatMap((period) => {
    const start = readInstant(period.start, offset)
    return 'value' in start && !Number.isNaN(Date.parse(start.value)) ? [start.value] : []
  })
  return starts.sort((a, b) => Date.parse(a) - Date.parse(b))[0]
}
