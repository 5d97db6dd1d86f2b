// What every panel of the account page is given, and the words and figures that only this page needs.

import { formats } from '../format.js'
import { worded, words } from '../words.js'
import en from './en.js'
import zhCN from './zh-CN.js'

/** @typedef {import('../words.js').Words & { has: (key: string) => boolean }} Words */
/** @typedef {import('../format.js').Formats & { when: (instant: string) => string, moment: (instant: string) => string, last: (end: string) => string, shortDay: (instant: string) => string, shortMonth: (month: string) => string }} Formats */
/**
 * The calculator's page, as its panels know it, and what the account adds.
 * @typedef {Omit<import('../view/parts.js').Page, 't' | 'f'> & {
 *   t: Words, f: Formats,
 *   account: import('./state.js').State,
 *   history: import('../ocr_pricing.js').History | null,
 *   save: () => void, // the calendar file
 *   wide: number, // of the whole element, in pixels
 * }} AccountPage
 */

const TEXTS = { en, 'zh-CN': zhCN }

/** @param {import('../format.js').Lang} lang @param {string} family @returns {Words} */
export const accountWords = (lang, family) =>
  Object.assign(words(lang, family, TEXTS[lang]), { has: (/** @type {string} */ key) => Object.hasOwn(en, key) || worded(key) })

/** @param {import('../format.js').Lang} lang @returns {Formats} */
export function accountFormats(lang) {
  const f = formats(lang)
  const short = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const months = new Intl.DateTimeFormat(lang, { month: 'short', timeZone: 'UTC' })
  const when = (/** @type {string} */ instant) => {
    const time = instant.slice(11, instant.slice(17, 19) === '00' ? 16 : 19)
    return lang === 'en' ? `${f.day(instant)} at ${time}` : `${f.day(instant)} ${time}`
  }
  return Object.assign(f, {
    /** An instant in words. */
    when,
    /** The same, the day alone where it begins. @param {string} instant */
    moment: (instant) => (instant.slice(11, 19) === '00:00:00' ? f.day(instant) : when(instant)),
    /** The last day of what ends, exclusively, here. @param {string} end */
    last: (end) => f.day(f.lastSecond(end)),
    /** A month without its year: "2026-03". @param {string} month */
    shortMonth: (month) => months.format(new Date(`${month}-01T00:00:00Z`)),
    /** A day without its year. @param {string} instant */
    shortDay: (instant) => short.format(new Date(`${instant.slice(0, 10)}T00:00:00Z`)),
  })
}
