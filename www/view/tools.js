// The row above the sentence: language and link.

import { h } from '../dom.js'
import { LANGS } from '../format.js'
import { writeLink } from '../link.js'

/** @typedef {import('./parts.js').Page} Page */

/** Each language by its own name. */
const NAMES = { en: 'English', 'zh-CN': '中文' }

/** @param {Page} page */
export function toolsView({ t, state, send, linked }) {
  const copy = async (/** @type {any} */ event) => {
    const button = event.currentTarget
    const link = writeLink(state.inputs)
    await navigator.clipboard.writeText(location.href.replace(/#.*$/, '') + (link && `#${link}`))
    button.dataset.done = 'yes'
    setTimeout(() => delete button.dataset.done, 1500)
  }
  return h(
    'div',
    { class: 'tools' },
    // Only pages from a safe origin may write to the clipboard.
    linked &&
      'clipboard' in navigator &&
      h(
        'button',
        { type: 'button', class: 'plain copy', onClick: copy },
        h('span', { class: 'before' }, t('link.copy')),
        h('span', { class: 'after' }, t('link.copied')),
      ),
    h(
      'div',
      { class: 'languages', role: 'group', 'aria-label': t('language') },
      LANGS.map((lang) =>
        h(
          'button',
          {
            type: 'button',
            class: 'plain',
            lang,
            key: lang,
            'aria-pressed': String(lang === state.inputs.lang),
            onClick: () => send({ type: 'language', lang }),
          },
          NAMES[lang],
        ),
      ),
    ),
  )
}
