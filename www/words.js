// Finds the words for a key: in the reader's language, and in the provider's own vocabulary where it has one.

import en from './text/en.js'
import zhCN from './text/zh-CN.js'

/** @typedef {(key: string, args?: Record<string, any>) => string} Words */

const TEXTS = /** @type {Record<import('./format.js').Lang, Record<string, string | ((args: Record<string, any>) => string)>>} */ ({
  en,
  'zh-CN': zhCN,
})
const NOUNS = ['package', 'packages', 'Packages', 'payPerUse', 'PayPerUse']

/** @param {import('./format.js').Lang} lang @param {string} family of catalogs @returns {Words} */
export function words(lang, family) {
  const text = TEXTS[lang]
  const find = (/** @type {string} */ key) =>
    Object.hasOwn(text, `${key}@${family}`) ? text[`${key}@${family}`] : Object.hasOwn(text, key) ? text[key] : undefined
  const nouns = Object.fromEntries(NOUNS.map((noun) => [noun, find(`noun.${noun}`)]))
  return (key, args) => {
    const found = find(key)
    return typeof found === 'function' ? found({ ...nouns, ...args }) : (found ?? key)
  }
}

/** Whether there are words for a key at all. @param {string} key */
export const worded = (key) => Object.hasOwn(en, key)
