// Signs and patterns of the timeline: each kind of thing has a shape, each state a pattern, wherever they are drawn.

import { h } from '../dom.js'

/** @typedef {import('../dom.js').Described} Described */
/** @typedef {import('./story.js').Mark} Mark */

/** States with a pattern of their own. */
const PATTERNS = /** @type {const} */ (['active', 'grace', 'frozen', 'stopped', 'released', 'arrears', 'expired'])

/** @param {string} state */
export const patternOf = (state) => `url(#state-${PATTERNS.some((it) => it === state) ? state : 'expired'})`

/** The patterns, once for all drawings beside it. */
export function patterns() {
  const pattern = (/** @type {string} */ id, /** @type {number} */ size, /** @type {Described[]} */ ...parts) =>
    h('pattern', { id: `state-${id}`, width: size, height: size, patternUnits: 'userSpaceOnUse' }, h('rect', { class: `ground ${id}`, width: size, height: size }), parts)
  const line = (/** @type {string} */ d) => h('path', { class: 'stroke', d })
  return h(
    'svg',
    { class: 'defs', width: '0', height: '0', 'aria-hidden': 'true', focusable: 'false', key: 'defs' },
    h(
      'defs',
      null,
      pattern('active', 8),
      h('g', { class: 'grace' }, pattern('grace', 8, line('M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6'))),
      h('g', { class: 'frozen' }, pattern('frozen', 6, line('M0 3 H6 M3 0 V6'))),
      h('g', { class: 'stopped' }, pattern('stopped', 7, line('M0 0 L7 7 M0 7 L7 0'))),
      h('g', { class: 'released' }, pattern('released', 6, h('circle', { class: 'dot', cx: 3, cy: 3, r: 1 }))),
      h('g', { class: 'arrears' }, pattern('arrears', 5, line('M2.5 0 V5'))),
      h('g', { class: 'expired' }, pattern('expired', 6, line('M0 3 H6'))),
      h('g', { class: 'use' }, pattern('use', 6, line('M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5'))),
      h('g', { class: 'below' }, pattern('below', 5, line('M-1 4 L1 6 M0 0 L5 5 M4 -1 L6 1'))),
    ),
  )
}

/** @param {string} state */
export const swatch = (state) => h('svg', { class: `swatch state-${state}`, width: '12', height: '12', viewBox: '0 0 12 12', 'aria-hidden': 'true' }, h('rect', { class: 'edge', x: 0.5, y: 0.5, width: 11, height: 11, fill: patternOf(state) }))

/** The sign of a mark, around the origin. @param {Mark} mark */
export function sign({ lane, kind, number }) {
  if (lane === 'todo') return [h('circle', { class: 'todo', r: 10 }), h('text', { class: 'number', y: 4, 'text-anchor': 'middle' }, String(number))]
  if (kind === 'top-up') return [h('path', { class: 'top-up', d: 'M0 -8 L7 1 H3 V8 H-3 V1 H-7 Z' })]
  if (lane === 'package') {
    if (kind.endsWith('unpaid')) return [h('circle', { class: 'unpaid', r: 6 }), h('path', { class: 'unpaid', d: 'M-2.5 -2.5 L2.5 2.5 M-2.5 2.5 L2.5 -2.5' })]
    if (kind.endsWith('stopped')) return [h('rect', { class: 'unpaid', x: -5.5, y: -5.5, width: 11, height: 11 })]
    return [h('circle', { class: 'paid', r: 6 }), h('path', { class: 'tick', d: 'M-3 0 L-1 2.5 L3 -2.5' })]
  }
  if (lane === 'state') return [h('rect', { class: 'edge', x: -6, y: -6, width: 12, height: 12, fill: patternOf(kind) })]
  if (kind.startsWith('package')) return [h('rect', { class: 'alert', x: -6.5, y: -6.5, width: 13, height: 13 }), bang()]
  if (kind.startsWith('budget')) return [h('circle', { class: 'alert', r: 7.5 }), bang()]
  return [h('path', { class: kind === 'arrears' ? 'alert worst' : 'alert', d: 'M0 -9 L8.5 7 H-8.5 Z' }), bang(1.5, kind === 'arrears')]
}

/** @param {number} [y] @param {boolean} [inverse] */
const bang = (y = 0, inverse = false) => h('path', { class: inverse ? 'bang inverse' : 'bang', d: `M0 ${y - 4} V${y + 1} M0 ${y + 3.2} V${y + 3.8}` })

/** The sign of a mark, to stand in a line of text. @param {Mark} mark */
export const glyph = (mark) => h('svg', { class: `glyph at-${mark.lane}`, width: '22', height: '22', viewBox: '-11 -11 22 22', 'aria-hidden': 'true' }, sign(mark))
