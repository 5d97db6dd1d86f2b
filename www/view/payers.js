// Who paid what, and why: every draw-down of the period.

import { h } from '../dom.js'
import { folded } from './parts.js'
import { becauseView, grantName } from './receipt.js'
import { ruleAt, ruleTag } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../ocr_pricing.js').DrawLine} DrawLine */

/** More rows than this are counted, not shown. */
const ROWS_END = 100

/** @param {Page} page */
export function payersView(page) {
  const { t, answer } = page
  return answer && folded(page, 'payers', t('payers'), t('payers.hint'), (draws) => table(page, draws))
}

/** @param {Page} page @param {DrawLine[]} draws */
function table(page, draws) {
  const { t, f } = page
  if (draws.length === 0) return h('p', { class: 'none' }, t('payers.none'))
  const head = [
    h('th', { scope: 'col' }, t('payers.when')),
    h('th', { scope: 'col' }, t('payers.who')),
    h('th', { scope: 'col', class: 'sum' }, t('col.calls')),
    h('th', { scope: 'col', class: 'sum' }, t('grants.left')),
  ]
  return [
    h(
      'div',
      { class: 'scroll' },
      h('table', { class: 'lines' }, h('thead', null, h('tr', null, head)), h('tbody', null, draws.slice(0, ROWS_END).map((draw, index) => row(page, draw, `draw ${index}`)))),
    ),
    draws.length > ROWS_END && h('p', { class: 'fine' }, t('more.rows', { count: f.count(draws.length - ROWS_END) })),
  ]
}

/** @param {Page} page @param {DrawLine} draw @param {string} place */
function row(page, { from, to, grant, calls, left, because }, place) {
  const { f } = page
  return h(
    'tr',
    { key: place },
    h('td', { class: 'term' }, h('span', null, f.second(from)), h('span', { class: 'dash' }, ' – '), h('span', null, f.lastSecond(to))),
    h(
      'td',
      null,
      h('div', null, grantName(page, grant)),
      h(
        'div',
        { class: 'because' },
        becauseView(page, because),
        ' ',
        ruleTag(page, because.rule, place),
      ),
      ruleAt(page, place),
    ),
    h('td', { class: 'sum' }, f.count(calls)),
    h('td', { class: 'sum' }, f.count(left)),
  )
}
