// What was bought: its term, what was used, what is left, what expires and when.

import { h } from '../dom.js'
import { bar, tag } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */

/** More rows than this are counted, not shown. */
const ROWS_END = 40

/** @typedef {import('../question.js').Estimate['grants'][number]} Grant */

/** @param {Page} page @param {string} [note] what has to be said of the figures */
export function grantsView(page, note = '') {
  const { t, f, answer } = page
  const runs = alike(answer?.estimate.grants ?? [])
  const head = h(
    'tr',
    null,
    h('th', { scope: 'col', class: 'sum' }, t('grants.size')),
    h('th', { scope: 'col' }, t('grants.term')),
    h('td', { class: 'drawn' }),
    h('th', { scope: 'col', class: 'sum' }, t('grants.used')),
    h('th', { scope: 'col', class: 'sum' }, t('grants.left')),
    h('th', { scope: 'col', class: 'sum' }, t('grants.expired')),
  )
  const rows = answer
    ? runs.slice(0, ROWS_END).map(({ grant, count }) => row(page, grant, count))
    : h('tr', null, h('td', { colspan: '6' }, '\u00a0'))
  return h(
    'section',
    { class: 'block grants', 'aria-label': t('grants'), part: 'grants', key: 'grants' },
    h('h3', null, t('grants')),
    answer && runs.length === 0
      ? h('p', { class: 'none' }, t('grants.none'))
      : h('div', { class: 'scroll' }, h('table', { class: 'lines' }, h('thead', null, head), h('tbody', null, rows))),
    note && h('p', { class: 'fine', key: 'note' }, note),
    runs.length > ROWS_END && h('p', { class: 'fine' }, t('grants.more', { count: f.count(runs.length - ROWS_END) })),
  )
}

/** Copies bought together that fared alike are one row. @param {Grant[]} grants */
function alike(grants) {
  const runs = /** @type {{ grant: Grant, count: number, says: string }[]} */ ([])
  for (const grant of grants) {
    const says = JSON.stringify([grant.package, grant.start, grant.end, grant.used, grant.left, grant.expired])
    const run = runs.at(-1)
    if (run?.says === says) run.count += 1
    else runs.push({ grant, count: 1, says })
  }
  return runs
}

/** @param {Page} page @param {Grant} grant @param {number} count */
function row({ t, f }, grant, count) {
  const calls = (/** @type {number} */ value) => h('td', { class: value === 0 ? 'sum nil' : 'sum', figure: true }, f.count(value))
  return h(
    'tr',
    { key: grant.id },
    h(
      'th',
      { scope: 'row', class: 'sum' },
      count > 1 && `${f.count(count)} × `,
      f.count(grant.quota),
      grant.unit === 'point' && ` ${t('grants.points')}`,
      grant.entered && [' ', tag(t('tag.own'), 'own')],
      count > 1 && h('small', { class: 'each' }, t('grants.each')),
    ),
    h(
      'td',
      { class: 'term' },
      h('span', null, f.second(grant.start)),
      h('span', { class: 'dash' }, ' – '),
      h('span', null, f.lastSecond(grant.end)),
    ),
    h(
      'td',
      { class: 'drawn' },
      bar(
        [
          { source: 'package', of: grant.used },
          { source: 'left', of: grant.left },
          { source: 'expired', of: grant.expired },
        ],
        grant.quota,
      ),
    ),
    calls(grant.used),
    calls(grant.left),
    calls(grant.expired),
  )
}
