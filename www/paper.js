// What the pages around the calculator have in common: their language, their head, their links to one another.

import { h } from './dom.js'
import { LANGS, langOf } from './format.js'

/** @typedef {import('./format.js').Lang} Lang */

/** The language that the address asks for (`?lang=zh-CN`), else the reader's own. @returns {Lang} */
export function language() {
  return langOf(new URLSearchParams(location.search).get('lang')) ?? langOf(navigator.language) ?? 'en'
}

const NAMES = { en: 'English', 'zh-CN': '中文' }
const PAGES = {
  './': { en: 'Calculator', 'zh-CN': '计算器' },
  'replay.html': { en: 'Replay a call log', 'zh-CN': '日志核算' },
  'account.html': { en: 'Account over a year', 'zh-CN': '账户推演' },
  'proof.html': { en: 'Published examples', 'zh-CN': '官方示例验算' },
  'rules.html': { en: 'Rules', 'zh-CN': '计费规则' },
}

/** The address of a page in a language. @param {string} page @param {Lang} lang @param {string} [hash] */
export const address = (page, lang, hash = '') => (page === './' ? `./#lang=${lang}` : `${page}?lang=${lang}${hash}`)

/**
 * The head of a page: the other pages, the other language, its title.
 * @param {Lang} lang
 * @param {string} here the page's own file
 * @param {string} title
 */
export function head(lang, here, title) {
  document.documentElement.lang = lang
  document.title = title
  const links = Object.entries(PAGES).map(([page, name]) =>
    h('li', null, page === here ? h('span', { 'aria-current': 'page' }, name[lang]) : h('a', { href: address(page, lang) }, name[lang])),
  )
  const languages = LANGS.map((other) =>
    h('li', null, other === lang ? h('span', { lang: other, 'aria-current': 'true' }, NAMES[other]) : h('a', { lang: other, hreflang: other, href: address(here, other, location.hash) }, NAMES[other])),
  )
  return [
    h('nav', { 'aria-label': lang === 'en' ? 'Pages' : '页面' }, h('ul', null, links)),
    h('nav', { class: 'languages', 'aria-label': lang === 'en' ? 'Language' : '语言' }, h('ul', null, languages)),
  ]
}
