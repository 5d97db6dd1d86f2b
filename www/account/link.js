// The share link of the account page: the calculator's link, and behind `account=` what was typed about the account. Whatever comes back is
// narrowed to the shape that is known, and never trusted to make sense.

import { LIST_END, TEXT_END } from '../inputs.js'
import { writeLink } from '../link.js'
import { initial, NO_BUY } from './state.js'

/** @typedef {import('./state.js').State} State */

/** What is typed about the account: a text, a list of one shape, or named parts. */
const SHAPE = {
  buys: [{ ...NO_BUY, renewals: [{ at: '', day: '', price: '' }] }],
  streams: [{ api: '', region: '', project: '', user: '', calls: '' }],
  money: { balance: '', credit: '', vouchers: '', other: '' },
  tier: '',
  days: { packageGrace: '', packageRetention: '', useGrace: '', useRetention: '' },
  topUps: [{ at: '', amount: '' }],
  alerts: { below: '', left: '', days: '' },
  budgets: [{ every: 'month', from: '', until: '', amount: '', kind: '', api: '', region: '', project: '', alerts: [{ on: 'actual', over: '' }] }],
}

/** @typedef {Pick<State, keyof typeof SHAPE>} Typed */

/** No link is read further. */
const LINK_END = 60_000

/** @param {any} shape @param {any} value @returns {any} */
function narrow(shape, value) {
  if (typeof shape === 'string') return typeof value === 'string' ? value.slice(0, TEXT_END) : shape
  if (Array.isArray(shape)) return Array.isArray(value) ? value.slice(0, LIST_END).map((it) => narrow(shape[0], it)) : []
  return Object.fromEntries(Object.entries(shape).map(([key, of]) => [key, narrow(of, typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? value[key] : undefined)]))
}

/** @param {State} state */
const said = (state) => JSON.stringify(Object.fromEntries(Object.keys(SHAPE).map((name) => [name, state[/** @type {keyof typeof SHAPE} */ (name)]])))

/** The part of an address behind `#` that leads back to this state; empty for the example. @param {State} state */
export function writeAccount(state) {
  const { lang } = state.calc.inputs
  const example = initial({ lang }, false)
  const calls = writeLink(state.calc.inputs)
  if (calls === writeLink(example.calc.inputs) && said(state) === said(example)) return ''
  return `${calls || `lang=${lang}`}&account=${encodeURIComponent(said(state))}`
}

/** What a link says about the account; undefined: nothing. @param {string} link @returns {Typed | undefined} */
export function readAccount(link) {
  const text = /(?:^#?|&)account=([^&]*)/.exec(link.slice(0, LINK_END))?.[1]
  if (text === undefined) return
  try {
    return narrow(SHAPE, JSON.parse(decodeURIComponent(text)))
  } catch {
    return
  }
}
