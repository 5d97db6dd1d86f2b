// Cost against volume: two lines, the ranges in which packages win, and where the present volume stands. Positions are
// computed for the screen; every amount written is the engine's.

import { h } from '../dom.js'
import { bundle, wins as winsText } from './sentence.js'
import { rich, swatch } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../question.js').Comparison} Comparison */

const HEIGHT = 300
const EDGE = { top: 28, right: 12, bottom: 44, left: 64 }
/** The surroundings of the present volume reach to so many times it. */
const NEAR = 2
/** The table has about so many rows. */
const ROWS = 12
/** The caption names so many ranges at most. */
const CAPTION_RANGES = 8

/** @param {Page} page */
export function curveView(page) {
  const { t, answer, state, send } = page
  const comparison = answer?.comparison
  const choices = /** @type {const} */ (['near', 'all']).map((it) =>
    h(
      'label',
      { class: 'choice', key: it },
      h('input', {
        type: 'radio',
        name: 'curve',
        value: it,
        checked: (it === 'near') === state.near,
        onChange: () => send({ type: 'near', near: it === 'near' }),
      }),
      h('span', null, t(`curve.${it}`)),
    ),
  )
  const drawn = comparison && comparison.curve.length > 1
  return h(
    'section',
    { class: 'block curve', 'aria-label': t('curve'), part: 'curve', key: 'curve' },
    h(
      'div',
      { class: 'block-head' },
      h('h3', null, t('curve')),
      drawn && h('div', { class: 'choices small', role: 'radiogroup', 'aria-label': t('curve.show') }, choices),
    ),
    drawn
      ? [
          legend(page),
          chart(page, comparison),
          caption(page, answer, comparison),
          h('details', { class: 'as-table', key: 'table' }, h('summary', null, t('curve.table')), table(page, comparison)),
        ]
      : h('p', { class: 'none', style: { 'min-height': answer ? '0' : `${HEIGHT}px` } }, answer ? t('curve.unknown') : '\u00a0'),
  )
}

/** @param {Page} page */
function legend({ t }) {
  return h(
    'p',
    { class: 'legend', 'aria-hidden': 'true' },
    h('span', null, h('i', { class: 'key alone' }), t('curve.alone')),
    h('span', null, h('i', { class: 'key with' }), t('curve.with')),
    h('span', null, h('i', { class: 'key wins' }), t('curve.winning')),
  )
}

/**
 * What the sentence says of volumes, with every range that the chart can show apart.
 * @param {Page} page @param {import('../question.js').Answer} answer @param {Comparison} comparison
 */
function caption(page, answer, comparison) {
  const { bundle: text, one } = bundle(page, answer)
  return text && h('p', { class: 'caption', key: 'caption' }, rich(page.t('curve.caption', { bundle: text, wins: winsText(page, comparison, one, CAPTION_RANGES) })))
}

/** @param {Page} page @param {Comparison} comparison */
function chart({ t, f, width, state }, comparison) {
  const { curve, packagesWin, volume } = comparison
  const end = curve[curve.length - 1].calls
  const xEnd = state.near ? Math.min(end, Math.max(NEAR * volume, 1.25 * (packagesWin[0]?.from ?? 0), 10)) : end
  const cost = (/** @type {Comparison['curve'][number]} */ point) => [Number(point.withPackages), Number(point.payPerUse)]
  const yEnd = Math.max(1e-9, ...curve.filter((point) => point.calls <= xEnd * 1.001).flatMap(cost), ...between(curve, xEnd).flatMap(cost))
  const inner = { width: Math.max(160, width - EDGE.left - EDGE.right), height: HEIGHT - EDGE.top - EDGE.bottom }
  const x = (/** @type {number} */ calls) => EDGE.left + (inner.width * Math.min(calls, end)) / xEnd
  const y = (/** @type {number} */ sum) => EDGE.top + inner.height * (1 - sum / yEnd)
  const line = (/** @type {0 | 1} */ which) =>
    curve.map((point) => `${x(point.calls).toFixed(1)},${y(cost(point)[which]).toFixed(1)}`).join(' ')
  const inside = (/** @type {number} */ calls) => Math.min(Math.max(calls, 0), xEnd)
  const bottom = EDGE.top + inner.height
  const nowX = x(inside(volume))
  const nowAnchor = nowX > EDGE.left + inner.width - 90 ? 'end' : nowX < EDGE.left + 60 ? 'start' : 'middle'

  return h(
    'svg',
    {
      class: 'chart',
      role: 'img',
      'aria-label': t('curve.chart'),
      width: String(width),
      height: String(HEIGHT),
      viewBox: `0 0 ${width} ${HEIGHT}`,
    },
    h(
      'defs',
      null,
      h('clipPath', { id: 'inside' }, h('rect', { x: EDGE.left, y: EDGE.top - 2, width: inner.width, height: inner.height + 4 })),
    ),
    packagesWin
      .filter(({ from }) => from <= xEnd)
      .map(({ from, upTo }) => {
        const left = x(inside(from))
        return h('rect', {
          class: 'winning',
          x: left,
          y: EDGE.top,
          width: Math.max(1, x(inside(upTo ?? end)) - left),
          height: inner.height,
        })
      }),
    ticks(yEnd, inner.height / 52).map((sum) => [
      h('line', { class: 'grid', x1: EDGE.left, x2: EDGE.left + inner.width, y1: y(sum), y2: y(sum) }),
      h('text', { class: 'tick', x: EDGE.left - 8, y: y(sum) + 4, 'text-anchor': 'end' }, f.axis(sum, yEnd)),
    ]),
    ticks(xEnd, inner.width / 90).map((calls) => [
      h('line', { class: 'grid short', x1: x(calls), x2: x(calls), y1: bottom, y2: bottom + 5 }),
      h(
        'text',
        { class: 'tick', x: x(calls), y: bottom + 18, 'text-anchor': x(calls) > EDGE.left + inner.width - 24 ? 'end' : 'middle' },
        f.axis(calls, xEnd),
      ),
    ]),
    h('text', { class: 'tick', x: EDGE.left - 8, y: EDGE.top - 12, 'text-anchor': 'end' }, f.unit(comparison.withPackages.currency)),
    h('text', { class: 'tick axis', x: EDGE.left + inner.width, y: HEIGHT - 6, 'text-anchor': 'end' }, t('curve.x')),
    h('polyline', { class: 'line alone', points: line(1), 'clip-path': 'url(#inside)' }),
    h('polyline', { class: 'line with', points: line(0), 'clip-path': 'url(#inside)' }),
    volume <= xEnd && [
      h('line', { class: 'now', x1: nowX, x2: nowX, y1: EDGE.top - 6, y2: bottom }),
      h('text', { class: 'now', x: nowX, y: EDGE.top - 12, 'text-anchor': nowAnchor }, t('curve.now', { calls: f.count(volume) })),
      curve
        .filter((point) => point.calls === volume)
        .map((point) => cost(point).map((sum, which) => h('circle', { class: which ? 'alone' : 'with', cx: nowX, cy: y(sum), r: 4 }))),
    ],
  )
}

/**
 * The point on either side of the right edge: the lines go on between them.
 * @param {Comparison['curve']} curve
 * @param {number} xEnd
 */
function between(curve, xEnd) {
  const next = curve.findIndex((point) => point.calls >= xEnd)
  if (next <= 0) return []
  const [a, b] = [curve[next - 1], curve[next]]
  const share = (xEnd - a.calls) / (b.calls - a.calls || 1)
  const part = (/** @type {'withPackages' | 'payPerUse'} */ name) => String(Number(a[name]) + share * (Number(b[name]) - Number(a[name])))
  return [{ ...b, withPackages: part('withPackages'), payPerUse: part('payPerUse') }]
}

/** Whether one more call makes a cost fall: there, a cheaper step begins for all calls. @type {(a: Comparison['curve'][number], b: Comparison['curve'][number]) => boolean} */
const falls = (a, b) =>
  b.calls === a.calls + 1 && (Number(b.withPackages) < Number(a.withPackages) || Number(b.payPerUse) < Number(a.payPerUse))

/** Round numbers from 0 to the end, about so many. @param {number} end @param {number} count */
function ticks(end, count) {
  const rough = end / Math.max(2, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((it) => it * power >= rough) ?? 10)
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step)
}

/**
 * The present volume, both sides of every change of winner and of every cliff, the end of what is known, and regular volumes between.
 * @param {Page} page
 * @param {Comparison} comparison
 */
function table({ t, f, state }, comparison) {
  const { curve, packagesWin, volume, searchedUpTo, withPackages } = comparison
  const cliffs = curve.flatMap((point, index) => (index > 0 && falls(curve[index - 1], point) ? [curve[index - 1].calls, point.calls] : []))
  const ends = new Set([volume, searchedUpTo, ...(cliffs.length > 2 * ROWS ? [] : cliffs), ...packagesWin.flatMap(({ from, upTo }) => [from - 1, from, ...(upTo == null ? [] : [upTo, upTo + 1])])])
  const limit = state.near ? Math.max(NEAR * volume, 1.25 * (packagesWin[0]?.from ?? 0), 10) : Number.POSITIVE_INFINITY
  const near = curve.filter((point) => point.calls <= limit)
  const stride = Math.max(1, Math.ceil(near.length / ROWS))
  const rows = near.filter((point, index) => ends.has(point.calls) || index % stride === 0)
  const wins = (/** @type {number} */ calls) => packagesWin.some(({ from, upTo }) => from <= calls && (upTo == null || calls <= upTo))
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'lines' },
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('th', { scope: 'col', class: 'sum' }, t('col.calls')),
          h('th', { scope: 'col', class: 'sum' }, t('curve.alone'), h('small', null, f.unit(withPackages.currency))),
          h('th', { scope: 'col', class: 'sum' }, t('curve.with'), h('small', null, f.unit(withPackages.currency))),
          h('th', { scope: 'col' }, t('curve.cheaper')),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((point) =>
          h(
            'tr',
            { key: point.calls, class: point.calls === volume ? 'now' : '' },
            h('th', { scope: 'row', class: 'sum' }, f.count(point.calls)),
            h('td', { class: 'sum' }, f.sum(point.payPerUse)),
            h('td', { class: 'sum' }, f.sum(point.withPackages)),
            h(
              'td',
              null,
              point.payPerUse === point.withPackages
                ? t('curve.equal')
                : wins(point.calls)
                  ? [swatch('package'), t('source.package')]
                  : [swatch('payPerUse'), t('source.payPerUse')],
            ),
          ),
        ),
      ),
    ),
  )
}
