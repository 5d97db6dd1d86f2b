// What every panel of the replay page is given, and the words and figures that only this page needs.

import { formats } from '../format.js'
import { worded, words } from '../words.js'
import en from './en.js'
import zhCN from './zh-CN.js'

/** @typedef {import('../words.js').Words & { has: (key: string) => boolean }} Words */
/** @typedef {import('../format.js').Formats & { bytes: (bytes: number) => string, lasting: (seconds: number) => string }} Formats */
/**
 * The calculator's page, as its panels know it, and what the replay adds.
 * @typedef {Omit<import('../view/parts.js').Page, 't' | 'f'> & {
 *   t: Words, f: Formats,
 *   log: import('./state.js').State,
 *   take: (file: File) => void, // a log
 *   takeBill: (file: File) => void,
 *   go: (css: string) => void, // brings a part of the page into sight and gives it the focus
 *   again: () => void, cancel: () => void,
 *   download: (name: string, text: string, type: string) => void,
 *   save: (what: string, name: string, type: string) => void, // what the engine writes of the answer shown
 * }} ReplayPage
 */

const TEXTS = { en, 'zh-CN': zhCN }

/** @param {import('../format.js').Lang} lang @param {string} family @returns {Words} */
export const replayWords = (lang, family) =>
  Object.assign(words(lang, family, TEXTS[lang]), { has: (/** @type {string} */ key) => Object.hasOwn(en, key) || worded(key) })

/** @param {import('../format.js').Lang} lang @returns {Formats} */
export function replayFormats(lang) {
  const unit = (/** @type {string} */ unit, /** @type {'short' | 'long'} */ unitDisplay = 'long', maximumFractionDigits = 0) => new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay, maximumFractionDigits })
  const sizes = /** @type {const} */ ([[1e9, unit('gigabyte', 'short', 1)], [1e6, unit('megabyte', 'short', 1)], [1e3, unit('kilobyte', 'short')], [1, unit('byte')]])
  const lengths = /** @type {const} */ ([[86_400, unit('day')], [3_600, unit('hour')], [60, unit('minute')], [1, unit('second')]])
  return Object.assign(formats(lang), {
    /** A size of a file. @param {number} bytes */
    bytes(bytes) {
      const [size, format] = sizes.find(([size]) => bytes >= size) ?? sizes[3]
      return format.format(bytes / size)
    },
    /** A length of time in its two largest units. @param {number} seconds */
    lasting(seconds) {
      const parts = []
      let left = seconds
      for (const [length, format] of lengths) {
        const whole = Math.floor(left / length)
        left -= whole * length
        if (whole > 0 && parts.length < 2) parts.push(format.format(whole))
      }
      return parts.join(lang === 'en' ? ' ' : '')
    },
  })
}
