// The year on one line: packages with what is left in them, states, balance, charges and alerts, one above the other, with a
// mark for everything that happens. On a narrow screen the same, month below month. Positions are computed for the screen; every
// amount written is the engine's.

import { h } from '../dom.js'
import { bar } from '../view/parts.js'
import { ruleAt, ruleTag } from '../view/rules.js'
import { glyph, patternOf, sign, swatch } from './shapes.js'
import { marksOf, namesOf, stateText } from './story.js'
import { tablesView } from './view-table.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('./state.js').Answered} Answered */
/** @typedef {import('./story.js').Mark} Mark */
/** @typedef {import('../dom.js').Child} Child */
/** A term of a package: when it serves, and what was left when. @typedef {{ start: number, end: number, quota: number, left: number, points: { at: number, left: number }[] }} Term */
/** @typedef {{ id: string, terms: Term[] }} Chain */

/** From here on the year fits on one line. */
const WIDE = 640
const LEFT = 136
const RIGHT = 14
/** No more packages than these have a line of their own. */
const CHAINS_END = 8

/** @param {Page} page @param {Answered} answer */
export function lineView(page, answer) {
  const { t, account, send, wide } = page
  const drawn = () => {
    const marks = marksOf(page, answer)
    return [chart(page, answer, marks), legend(page, answer, marks), chosenView(page, marks)]
  }
  const choices = /** @type {const} */ (['line', 'table']).map((it) =>
    h(
      'label',
      { class: 'choice', key: it },
      h('input', { type: 'radio', name: 'view', value: it, checked: account.view === it, onChange: () => send({ type: 'view', view: it }) }),
      h('span', null, t(`line.${it}`)),
    ),
  )
  return h(
    'section',
    { class: 'block line', 'aria-label': t('line'), part: 'line', key: 'line' },
    h(
      'div',
      { class: 'block-head' },
      h('h3', null, t('line'), h('small', null, t('figures.unit', { currency: page.f.unit(answer.request.catalog.currency) }))),
      h('div', { class: 'choices small', role: 'radiogroup', 'aria-label': t('line.as') }, choices),
    ),
    account.view === 'table' ? tablesView(page, answer) : wide >= WIDE ? drawn() : monthsView(page, answer),
  )
}

/** What the states and signs look like that occur. @param {Page} page @param {Answered} answer @param {Mark[]} marks */
function legend(page, answer, marks) {
  const { t } = page
  const { states } = answer.history
  const kinds = marks.map(({ kind }) => kind)
  const signs = /** @type {[string, string, (kind: string) => boolean, string][]} */ ([
    ['package', 'paid', (it) => it.endsWith(' paid'), t('key.paid')],
    ['package', 'unpaid', (it) => it.endsWith(' unpaid'), t('key.unpaid')],
    ['balance', 'top-up', (it) => it === 'top-up', t('key.topUp')],
    ['alert', 'package_left', (it) => it.startsWith('package_'), t('key.alert.package')],
    ['alert', 'budget_actual', (it) => it.startsWith('budget_'), t('key.alert.budget')],
    ['alert', 'balance_below', (it) => it === 'balance_below' || it === 'arrears', t('key.alert.balance')],
  ])
  const key = (/** @type {string} */ lane, /** @type {string} */ kind, /** @type {string} */ text) => h('span', { key: text }, glyph(/** @type {any} */ ({ lane, kind })), text)
  return h(
    'p',
    { class: 'legend', key: 'legend', 'aria-hidden': 'true' },
    h('span', null, h('i', { class: 'key left' }), t('key.left')),
    h('span', null, h('i', { class: 'key use' }), t('source.payPerUse')),
    ['active', 'grace', 'frozen', 'stopped', 'released', 'arrears'].filter((it) => states.some(({ of, state }) => of !== 'package' && state === it)).map((it) => h('span', { key: it }, swatch(it), stateText(page, { of: 'pay-per-use', state: it }))),
    signs.filter(([, , shows]) => kinds.some(shows)).map(([lane, kind, , text]) => key(lane, kind, text)),
  )
}

/** The sentence of the mark that was chosen. @param {Page} page @param {Mark[]} marks */
function chosenView(page, marks) {
  const { t, f, account } = page
  const mark = marks.find((it) => it.key === account.mark)
  const place = `mark ${mark?.key}`
  return h(
    'div',
    { class: mark ? 'chosen-mark' : 'chosen-mark none', key: 'chosen', role: 'status' },
    mark
      ? [h('p', null, glyph(mark), h('b', null, f.when(mark.at)), ' ', mark.text, ' ', mark.rule && ruleTag(/** @type {any} */ (page), mark.rule, place)), ruleAt(/** @type {any} */ (page), place)]
      : h('p', null, t('line.hint')),
  )
}

/** Packages by copy, with all their terms. @param {Answered} answer @returns {Chain[]} */
function chainsOf({ history: { estimate } }) {
  const chains = /** @type {Map<string, Chain>} */ (new Map())
  for (const grant of estimate.grants) {
    const id = grant.id.split('+')[0]
    const draws = (estimate.draws ?? []).filter((it) => it.grant === grant.id)
    // What a carried term had left before its first draw is what that draw took and left.
    const first = draws[0] ? draws[0].left + draws[0].units : grant.left
    const points = [{ at: Date.parse(grant.start), left: grant.paidBefore ? first : grant.quota }, ...draws.map((it) => ({ at: Date.parse(it.to), left: it.left }))]
    const chain = chains.get(id) ?? { id, terms: [] }
    chain.terms.push({ start: Date.parse(grant.start), end: Date.parse(grant.end), quota: grant.quota, left: grant.left, points })
    chains.set(id, chain)
  }
  return [...chains.values()]
}

/**
 * Places as near as can be to where they belong, so far apart that all are seen.
 * @param {number[]} wanted rising @param {number} gap @param {number} from @param {number} to
 */
export function spread(wanted, gap, from, to) {
  const apart = Math.min(gap, (to - from) / Math.max(1, wanted.length - 1))
  // Those that would meet form a group around the middle of where they belong.
  const groups = /** @type {{ sum: number, count: number }[]} */ ([])
  for (const [index, at] of wanted.entries()) {
    let group = { sum: at - index * apart, count: 1 }
    for (let last = groups.at(-1); last && last.sum / last.count > group.sum / group.count; last = groups.at(-1)) {
      groups.pop()
      group = { sum: last.sum + group.sum, count: last.count + group.count }
    }
    groups.push(group)
  }
  const starts = groups.flatMap(({ sum, count }) => Array(count).fill(sum / count))
  return starts.map((start, index) => Math.min(Math.max(start, from), to - (wanted.length - 1) * apart) + index * apart)
}

/** @param {Page} page @param {Answered} answer @param {Mark[]} marks */
function chart(page, answer, marks) {
  const { t, f, account, send, wide } = page
  const { history } = answer
  const { period, months } = history.estimate
  const name = namesOf(page, answer)
  const start = Date.parse(period.start)
  const end = Date.parse(period.end)
  const width = wide
  const inner = width - LEFT - RIGHT
  const x = (/** @type {number} */ at) => LEFT + (inner * (Math.min(Math.max(at, start), end) - start)) / (end - start)
  const xOf = (/** @type {string} */ at) => x(Date.parse(at))
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10
  const monthStarts = months.map(({ month }) => ({ month, at: Date.parse(`${month}-01T00:00:00${period.start.slice(19)}`) }))
  const active = marks.some((it) => it.key === account.mark) ? account.mark : marks[0]?.key

  let y = 0
  const drawn = /** @type {Child[]} */ ([])
  const signs = /** @type {Child[]} */ ([])
  const label = (/** @type {string} */ text, /** @type {number} */ at) => h('text', { class: 'label', x: 0, y: at }, short(text, LEFT - 10))

  /** A sign that can be chosen; `at`: its place on the line of time. @param {Mark} mark @param {number} px @param {number} py @param {Child} [more] */
  const place = (mark, px, py, more) =>
    signs.push(
      h(
        'g',
        {
          class: mark.key === account.mark ? `mark at-${mark.lane} on` : `mark at-${mark.lane}`,
          role: 'button',
          tabindex: mark.key === active ? '0' : '-1',
          'aria-label': `${mark.number ? `${f.count(mark.number)} · ` : ''}${f.when(mark.at)}${f.colon}${mark.text}`,
          'aria-pressed': String(mark.key === account.mark),
          'data-mark': String(marks.indexOf(mark)),
          key: mark.key,
          onClick: () => send({ type: 'mark', mark: mark.key }),
        },
        h('title', null, `${f.when(mark.at)}${f.colon}${mark.text}`),
        more ?? [h('circle', { class: 'focus', cx: round(px), cy: py, r: 12 }), h('g', { transform: `translate(${round(px)} ${py})` }, sign(mark))],
      ),
    )

  /** Marks side by side on one line, each with a thread to its instant below or above. @param {Mark[]} list @param {number} py @param {number} gap @param {number} [thread] */
  const row = (list, py, gap, thread) => {
    const places = spread(list.map((it) => xOf(it.at)), gap, LEFT, width - RIGHT)
    list.forEach((mark, index) => {
      const at = xOf(mark.at)
      if (thread !== undefined) drawn.push(h('path', { class: `thread ${mark.lane}`, d: `M${round(places[index])} ${py} L${round(at)} ${thread}`, key: `thread ${mark.key}` }))
      place(mark, places[index], py)
    })
  }

  /** What turned into a state can be chosen where the state is drawn. @param {import('../ocr_pricing.js').StateLine} state @param {number} from @param {number} to @param {number} py @param {number} height */
  const turned = (state, from, to, py, height) => {
    const mark = marks.find((it) => it.key === `turn ${state.of} ${state.grant ?? ''} ${state.start}`)
    if (mark) place(mark, from, py, h('rect', { class: 'hit', x: round(from), y: py, width: Math.max(8, round(to - from)), height }))
  }

  // Months
  const head = 16
  y = head + 6
  const top = y

  // What to do
  const todos = marks.filter((it) => it.lane === 'todo')
  if (todos.length > 0) {
    drawn.push(label(t('line.todo'), y + 17))
    row(todos, y + 13, 23, y + 30)
    y += 32
  }
  const threadsFrom = y

  // Packages
  const chains = chainsOf(answer)
  for (const chain of chains.slice(0, CHAINS_END)) {
    const bar = 26
    drawn.push(label(name.grant(chain.id), y + 17))
    for (const term of chain.terms.filter((it) => it.start < end && it.end > start)) {
      const [from, to] = [x(term.start), x(term.end)]
      const level = (/** @type {number} */ left) => round(y + 2 + bar * (1 - left / Math.max(1, term.quota)))
      const bottom = y + 2 + bar
      const steps = thin(term.points.map(({ at, left }) => ({ px: x(at), py: level(left) })))
      const last = steps[steps.length - 1]
      drawn.push(
        h('rect', { class: 'term', x: round(from), y: y + 2, width: Math.max(1, round(to - from)), height: bar }),
        h('path', { class: 'fill', d: `M${round(from)} ${bottom} ${steps.map(({ px, py }) => `L${round(px)} ${py}`).join(' ')} L${round(to)} ${last.py} L${round(to)} ${bottom} Z` }),
      )
      const out = term.points.find(({ left }) => left === 0)
      const text = out ? t('line.usedUp', { day: f.shortDay(new Date(out.at + offsetOf(period.start)).toISOString()) }) : t('line.left', { left: f.count(term.points[term.points.length - 1].left) })
      const at = out ? x(out.at) + 6 : to - 6 - size(text)
      if (at > from && at + size(text) < width) drawn.push(h('text', { class: 'inside', x: round(at), y: y + 19 }, text))
    }
    for (const state of history.states.filter((it) => it.of === 'package' && it.grant === chain.id && it.state !== 'active')) {
      const [from, to] = [xOf(state.start), xOf(state.end)]
      const text = stateText(page, state)
      drawn.push(h('rect', { class: 'edge', x: round(from), y: y + 2, width: Math.max(1, round(to - from)), height: bar, fill: patternOf(state.state) }))
      if (to - from > size(text) + 8) drawn.push(h('text', { class: 'word', x: round(from) + 5, y: y + 19 }, text))
      turned(state, from, to, y + 2, bar)
    }
    y += bar + 4
    const own = marks.filter((it) => it.lane === 'package' && it.grant === chain.id)
    if (own.length > 0) {
      row(own, y + 7, 14, y - 2)
      y += 17
    }
    y += 4
  }
  // What was never bought has no line of its own.
  const none = marks.filter((it) => it.lane === 'package' && !chains.slice(0, CHAINS_END).some(({ id }) => id === it.grant))
  if (none.length > 0) {
    drawn.push(label(t('table.payments'), y + 14))
    row(none, y + 10, 14)
    y += 24
  }
  if (chains.length > CHAINS_END) {
    drawn.push(h('text', { class: 'label soft', x: LEFT, y: y + 12 }, t('line.more', { count: f.count(chains.length - CHAINS_END) })))
    y += 18
  }
  y += 4

  // States
  for (const of of /** @type {const} */ (['pay-per-use', 'account'])) {
    const rows = history.states.filter((it) => it.of === of)
    if (rows.length === 0) continue
    const height = 20
    const words = /** @type {Child[]} */ ([])
    drawn.push(label(t(of === 'account' ? 'line.account' : 'line.use'), y + 15))
    // What is too short for its word has it before it.
    const roomy = (/** @type {(typeof rows)[number]} */ it) => xOf(it.end) - xOf(it.start) > size(stateText(page, it)) + 8
    rows.forEach((state, index) => {
      if (roomy(state) || (index > 0 && !roomy(rows[index - 1]))) return
      const ends = rows.findIndex((it, after) => after > index && roomy(it))
      const text = rows.slice(index, ends < 0 ? undefined : ends).map((it) => stateText(page, it)).join(' → ')
      const before = index > 0 ? xOf(rows[index - 1].end) - xOf(rows[index - 1].start) - size(stateText(page, rows[index - 1])) : 0
      if (before > size(text) + 32) words.push(h('text', { class: 'word', x: round(xOf(state.start)) - 4, y: y + 14, 'text-anchor': 'end' }, `${text} ▸`))
    })
    for (const state of rows) {
      const [from, to] = [xOf(state.start), xOf(state.end)]
      const text = stateText(page, state)
      drawn.push(h('rect', { class: 'edge', x: round(from), y, width: Math.max(1, round(to - from)), height, fill: patternOf(state.state) }))
      if (to - from > size(text) + 8) drawn.push(h('text', { class: 'word', x: round(from) + 5, y: y + 14 }, text))
      turned(state, from, to, y, height)
    }
    drawn.push(words)
    y += height + 5
  }
  y += 8

  // Balance
  const balance = balanceOf(answer)
  const high = Math.max(...balance.map((it) => it.value), 1)
  const low = Math.min(...balance.map((it) => it.value), 0)
  const tall = 92
  const by = (/** @type {number} */ value) => round(y + (tall * (high - value)) / (high - low || 1))
  const zero = by(0)
  drawn.push(label(t('line.balance'), y + 12))
  for (const it of history.states.filter((row) => row.of === 'account' && row.state === 'arrears'))
    drawn.push(h('rect', { class: 'owing', x: round(xOf(it.start)), y: y - 4, width: Math.max(1, round(xOf(it.end) - xOf(it.start))), height: tall + 8, key: `owing ${it.start}` }))
  for (const sum of ticks(low, high)) {
    drawn.push(h('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: by(sum), y2: by(sum) }), h('text', { class: 'tick-text', x: LEFT - 8, y: by(sum) + 4, 'text-anchor': 'end' }, f.axis(sum, high)))
  }
  const path = thin(balance.flatMap(({ at, value }, index) => [...(index > 0 ? [{ px: x(at), py: by(balance[index - 1].value) }] : []), { px: x(at), py: by(value) }]))
  const stroke = path.map(({ px, py }) => `${round(px)} ${py}`).join(' L')
  const tail = path[path.length - 1]
  drawn.push(
    h('clipPath', { id: 'below-zero' }, h('rect', { x: LEFT, y: zero, width: inner, height: Math.max(0, y + tall - zero) + 2 })),
    h('path', { class: 'below', fill: 'url(#state-below)', 'clip-path': 'url(#below-zero)', d: `M${LEFT} ${zero} L${stroke} L${width - RIGHT} ${tail.py} L${width - RIGHT} ${zero} Z` }),
    h('line', { class: 'zero', x1: LEFT, x2: width - RIGHT, y1: zero, y2: zero }),
    h('path', { class: 'balance', d: `M${stroke} L${width - RIGHT} ${tail.py}` }),
  )
  let free = LEFT
  for (const mark of marks.filter((it) => it.lane === 'balance')) {
    const [at, level] = [xOf(mark.at), Math.max(y + 6, Math.min(zero, y + tall) - 10)]
    place(mark, at, level)
    const text = `+${f.plainSum(mark.amount ?? '')}`
    if (at - 9 < free || at + 12 + size(text) > width) continue
    drawn.push(h('text', { class: 'inside', x: round(at) + 11, y: level + 4 }, text))
    free = at + 12 + size(text)
  }
  y += tall + 16

  // Charges
  const most = Math.max(...months.map((it) => Number(it.total ?? 0)), 1)
  const room = 46
  drawn.push(label(t('line.charges'), y + 26))
  months.forEach((month, index) => {
    const from = x(monthStarts[index].at) + 5
    const to = x(monthStarts[index + 1]?.at ?? end) - 5
    const parts = /** @type {[string, number][]} */ ([['payPerUse', Number(month.payPerUse ?? 0)], ['package', Number(month.packages ?? 0)]])
    let level = y + 14 + room
    for (const [source, sum] of parts) {
      const height = round((room * sum) / most)
      if (height <= 0) continue
      level = round(level - height)
      drawn.push(h('rect', { class: `charge ${source}`, x: round(from), y: level, width: round(to - from), height, ...(source === 'payPerUse' ? { fill: 'url(#state-use)' } : {}) }))
    }
    const text = month.total == null ? '?' : f.plainSum(month.total)
    drawn.push(h('text', { class: 'amount', x: round((from + to) / 2), y: level - (index % 2 && size(text) > to - from ? 15 : 4), 'text-anchor': 'middle' }, text))
  })
  drawn.push(h('line', { class: 'grid short', x1: LEFT, x2: width - RIGHT, y1: y + 14 + room, y2: y + 14 + room }))
  y += 14 + room + 12

  // Alerts
  const alerts = marks.filter((it) => it.lane === 'alert')
  if (alerts.length > 0) {
    drawn.push(label(t('line.alerts'), y + 18))
    row(alerts, y + 14, 20, y - 6)
    y += 30
    const more = history.alerts.length - alerts.length
    if (more > 0) {
      drawn.push(h('text', { class: 'inside', x: LEFT, y: y + 10 }, t('line.more', { count: f.count(more) })))
      y += 16
    }
  }

  const bottom = y
  const threads = todos.map((mark) => h('line', { class: 'thread long', x1: round(xOf(mark.at)), x2: round(xOf(mark.at)), y1: threadsFrom - 2, y2: bottom, key: `long ${mark.key}` }))
  const axis = monthStarts.map(({ month, at }, index) => [
    h('line', { class: 'grid', x1: round(x(at)), x2: round(x(at)), y1: head - 12, y2: bottom }),
    h('text', { class: 'month', x: round(x(at)) + 4, y: head - 3 }, (index === 0 || month.endsWith('-01')) && size(f.month(month)) + 6 < inner / months.length ? f.month(month) : f.shortMonth(month)),
  ])

  /** @param {KeyboardEvent} event */
  const onKeydown = (event) => {
    const at = /** @type {Element} */ (event.target).closest('[data-mark]')
    if (!at) return
    const all = [.../** @type {any} */ (event.currentTarget).querySelectorAll('[data-mark]')].sort((a, b) => a.dataset.mark - b.dataset.mark)
    const now = all.indexOf(at)
    const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) all[Math.max(0, Math.min(all.length - 1, to))].focus()
    else if (event.key === 'Enter' || event.key === ' ') /** @type {any} */ (at).dispatchEvent(new MouseEvent('click', { bubbles: true }))
    else return
    event.preventDefault()
  }

  return h(
    'svg',
    { class: 'year', key: 'year', role: 'group', 'aria-label': t('line.label'), width: String(width), height: String(bottom + 2), viewBox: `0 0 ${width} ${bottom + 2}`, onKeydown },
    h('g', { 'aria-hidden': 'true' }, h('rect', { class: 'frame', x: LEFT, y: top - 4, width: inner, height: bottom - top + 4 }), axis, threads, drawn),
    signs,
  )
}

/** The zone's offset in milliseconds. @param {string} instant */
function offsetOf(instant) {
  const [, signed, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(instant) ?? ['', '+', '00', '00']
  return (signed === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** About how wide a text is. @param {string} text */
const size = (text) => [...text].reduce((sum, it) => sum + (/[\u2e80-\uffef]/.test(it) ? 12.5 : 6.6), 0)

/** @param {string} text @param {number} room */
function short(text, room) {
  let shown = text
  while (size(shown) > room) shown = `${shown.replace(/…$/, '').slice(0, -1)}…`
  return shown
}

/** Of many points in one column of pixels the first, the extremes and the last. @param {{ px: number, py: number }[]} points */
function thin(points) {
  const kept = /** @type {typeof points} */ ([])
  let column = /** @type {typeof points} */ ([])
  const flush = () => {
    if (column.length <= 4) kept.push(...column)
    else {
      const ys = column.map(({ py }) => py)
      const [low, high] = [ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys))]
      kept.push(...[...new Set([0, low, high, column.length - 1])].sort((a, b) => a - b).map((index) => column[index]))
    }
    column = []
  }
  for (const point of points) {
    if (column.length > 0 && Math.floor(column[0].px) !== Math.floor(point.px)) flush()
    column.push(point)
  }
  flush()
  return kept
}

/** The balance as it changes, for drawing. @param {Answered} answer */
function balanceOf({ history: { movements, estimate }, request: { account } }) {
  return [{ at: Date.parse(estimate.period.start), value: Number(account.balance) }, ...movements.map((it) => ({ at: Date.parse(it.at), value: Number(it.balance) }))]
}

/** A few round numbers between two. @param {number} low @param {number} high */
function ticks(low, high) {
  const rough = (high - low) / 3
  const power = 10 ** Math.floor(Math.log10(rough || 1))
  const step = power * ([1, 2, 5].find((it) => it * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => (first + index) * step)
}

/** The same month below month. @param {Page} page @param {Answered} answer */
function monthsView(page, answer) {
  const { t, f } = page
  const { history } = answer
  const { period, months } = history.estimate
  const name = namesOf(page, answer)
  const marks = marksOf(page, answer)
  const chains = chainsOf(answer)
  const begins = (/** @type {string} */ month) => Date.parse(`${month}-01T00:00:00${period.start.slice(19)}`)
  return h(
    'ol',
    { class: 'by-month', key: 'months' },
    months.map((month, index) => {
      const from = begins(month.month)
      const to = index + 1 < months.length ? begins(months[index + 1].month) : Date.parse(period.end)
      const inside = marks.filter((it) => {
        const at = Date.parse(it.at)
        return at >= from && (at < to || (index + 1 === months.length && at === to))
      })
      const last = history.movements.findLast((it) => Date.parse(it.at) < to)
      const use = history.states.filter((it) => it.of === 'pay-per-use' && Date.parse(it.end) > from && Date.parse(it.start) < to)
      return h(
        'li',
        { key: month.month },
        h(
          'div',
          { class: 'month-head' },
          h('h4', null, f.month(month.month)),
          h('p', null, t('month.line', { total: month.total == null ? '?' : name.money(month.total), balance: name.money(last?.balance ?? answer.request.account.balance) })),
        ),
        h('div', { class: 'band', 'aria-hidden': 'true' }, use.map((it) => h('span', { class: `state-${it.state}`, key: it.start, style: { 'flex-grow': String(Math.min(Date.parse(it.end), to) - Math.max(Date.parse(it.start), from)) } }))),
        use.some((it) => it.state !== 'active') && h('p', { class: 'states' }, [...new Set(use.map((it) => it.state))].map((state) => h('span', { key: state }, swatch(state), stateText(page, { of: 'pay-per-use', state })))),
        chains.slice(0, CHAINS_END).flatMap((chain) => {
          const term = chain.terms.findLast((it) => it.start < to && it.end > from)
          if (!term) return []
          const left = term.points.findLast(({ at }) => at <= to)?.left ?? term.quota
          return [h('div', { class: 'kept', key: chain.id }, bar([{ source: 'package', of: left }, { source: 'left', of: term.quota - left }], term.quota), h('small', null, t('month.left', { left: f.count(left), quota: f.count(term.quota) })))]
        }),
        inside.length > 0 &&
          h(
            'ul',
            null,
            inside.map((mark) => h('li', { class: `at-${mark.lane}`, key: mark.key }, glyph(mark), h('p', null, h('b', null, timeOf(page, mark.at)), ' ', mark.text))),
          ),
      )
    }),
  )
}

/** Day and time within a month. @param {Page} page @param {string} at */
function timeOf({ f }, at) {
  const time = at.slice(11, 16)
  return time === '00:00' ? f.shortDay(at) : `${f.shortDay(at)} ${time}`
}
