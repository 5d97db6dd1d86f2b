// What was assumed or decided, with the rule behind it, and the documents that the prices come from.

import { h } from '../dom.js'
import { writeLink } from '../link.js'
import { worded } from '../words.js'
import { pageOf, ruleAt, ruleTag } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */

const ORDER = ['warning', 'assumption', 'info']

/** @param {Page} page */
export function notesView(page) {
  const { t, answer } = page
  if (!answer) return null
  const notes = [...answer.estimate.notes, ...(answer.comparison?.notes ?? [])].sort(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  )
  const codes = [...new Set(notes.map((note) => note.code))]
  return h(
    'section',
    { class: 'block notes', 'aria-label': t('notes'), part: 'notes', key: 'notes' },
    h('h3', null, t('notes')),
    h(
      'ul',
      null,
      codes.map((code) => {
        const same = notes.filter((note) => note.code === code)
        const rules = [...new Set(same.map((note) => note.rule))]
        return h(
          'li',
          { class: same[0].severity, key: code },
          h('span', { class: 'severity' }, t(`severity.${same[0].severity}`)),
          h('span', null, worded(`note.${code}`) ? t(`note.${code}`) : t('note.other', { code })),
          h(
            'span',
            { class: 'rules' },
            rules.map((rule) => [ruleTag(page, rule, `note ${code}`), ' ']),
          ),
          ruleAt(page, `note ${code}`),
        )
      }),
    ),
  )
}

/** @param {Page} page */
export function sourcesView({ t, f, catalog }) {
  if (!catalog) return null
  const link = (/** @type {{ title: string, address?: string }} */ { title, address }) =>
    address && /^https?:\/\//.test(address) ? h('a', { href: address, rel: 'noreferrer' }, title) : title
  const rows = [...catalog.ladders, ...catalog.packages, ...(catalog.qps ?? [])]
  const priced = Object.entries(catalog.sources).filter(([id]) => rows.some((row) => row.source === id))
  if (priced.length === 0) return null
  return h(
    'section',
    { class: 'block sources', 'aria-label': t('sources'), part: 'sources', key: 'sources' },
    h('h3', null, t('sources')),
    h(
      'ul',
      null,
      priced.map(([id, source]) => h('li', { key: id }, link(source), source.date && `, ${f.day(source.date)}`)),
    ),
    h('p', { class: 'fine' }, t('sources.checked', { day: f.day(catalog.checkedOn) })),
  )
}

/** The way to the whole rulebook, to the published examples worked out anew, and with the same prices and purchases to a call log and to an account over a year. @param {Page} page */
export function booksView(page) {
  const { t, state } = page
  const link = writeLink(state.inputs)
  return h(
    'p',
    { class: 'block books', key: 'books' },
    h('a', { href: `${pageOf(page, 'replay.html')}${link && `#${link}`}` }, t('books.replay')),
    h('a', { href: `${pageOf(page, 'account.html')}${link && `#${link}`}` }, t('books.account')),
    h('a', { href: pageOf(page, 'rules.html') }, t('books.rules')),
    h('a', { href: pageOf(page, 'proof.html') }, t('books.proof')),
  )
}
