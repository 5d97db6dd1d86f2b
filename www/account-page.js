// The account page around its element: the ways to the other pages, and the language, which changes without losing what was typed.

import { patch } from './dom.js'
import { langOf } from './format.js'
import { readLink } from './link.js'
import { head, language } from './paper.js'
import './account.js'
import { accountWords } from './account/page.js'

const element = /** @type {HTMLElement} */ (document.querySelector('ocr-account'))
const header = /** @type {HTMLElement} */ (document.querySelector('header'))

/** @param {import('./format.js').Lang} lang */
function show(lang) {
  element.setAttribute('lang', lang)
  patch(header, head(lang, 'account.html', accountWords(lang, '')('title')))
}

header.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[hreflang]') : null
  const lang = langOf(link?.getAttribute('hreflang'))
  if (!lang || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  history.replaceState(history.state, '', `?lang=${lang}${location.hash}`)
  show(lang)
})
// The address goes before the link, the link before the reader's own language.
show(langOf(new URLSearchParams(location.search).get('lang')) ?? readLink(location.hash).lang ?? language())
