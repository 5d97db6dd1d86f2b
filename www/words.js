// Finds the words for a key: in the reader's language, and in the provider's own vocabulary where it has one.

import en from './text/en.js'
import zhCN from './text/zh-CN.js'

/** @typedef {(key: string, args?: Record<string, any>) => string} Words */

const TEXTS = /** @type {Record<import('./format.js').Lang, Record<string, string | ((args: Record<string, any>) => string)>>} */ ({
  en,
  'zh-CN': zhCN,
})
const NOUNS = ['package', 'packages', 'Packages', 'payPerUse', 'PayPerUse']

/**
 * @param {import('./format.js').Lang} lang
 * @param {string} family of catalogs
 * @param {Record<string, string | ((args: Record<string, any>) => string)>} [more] words of a page of its own
 * @returns {Words}
 */
export function words(lang, family, more = {}) {
  const given = nouns(lang, family)
  return (key, args) => {
    const found = Object.hasOwn(more, key) ? more[key] : find(lang, family, key)
    return typeof found === 'function' ? found({ ...given, ...args }) : (found ?? key)
  }
}

/** The provider's own nouns. @param {import('./format.js').Lang} lang @param {string} family @returns {Record<string, any>} */
export const nouns = (lang, family) => Object.fromEntries(NOUNS.map((noun) => [noun, find(lang, family, `noun.${noun}`)]))

/** @param {import('./format.js').Lang} lang @param {string} family @param {string} key */
function find(lang, family, key) {
  const text = TEXTS[lang]
  return [`${key}@${family}`, key].filter((it) => Object.hasOwn(text, it)).map((it) => text[it])[0]
}

/** Whether there are words for a key at all. @param {string} key */
export const worded = (key) => Object.hasOwn(en, key)
