// Pay-per-use, month by month: how many calls at which step and price, and why they are charged at all.

import { inForce, ladders } from '../catalog.js'
import { h } from '../dom.js'
import { worded } from '../words.js'
import { stepText } from './packages.js'
import { tag, unknown } from './parts.js'
import { receiptView } from './receipt.js'
import { causeView, ruleTag, whyButton } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../question.js').Estimate['lines'][number]} Line */
/**
 * One row: a slice of a line, or the part of it that has one cause, or both where they are the same.
 * @typedef {{ slice?: Line['slices'][number], cause?: Line['causes'][number], part?: boolean }} Row
 */

/** @param {Page} page */
export function slicesView(page) {
  const { t, answer } = page
  const lines = answer?.estimate.lines.filter((line) => line.kind === 'pay-per-use') ?? []
  if (answer && !answer.request.catalog.payPerUse) return null
  return h(
    'section',
    { class: 'block slices', 'aria-label': t('slices'), part: 'slices', key: 'slices' },
    h('h3', null, t('slices')),
    answer && lines.length === 0 ? h('p', { class: 'none' }, t('slices.none')) : table(page, answer, lines),
  )
}

/** The month in which a line's cycles start. @param {Line} line */
const monthOf = (line) => line.cycle.start.slice(0, 7)

/** Months in a row that say the same are said once. @param {Line[]} lines */
function alike(lines) {
  const runs = /** @type {{ line: Line, last: Line, says: string }[]} */ ([])
  for (const line of lines) {
    const says = JSON.stringify([line.slices, line.causes])
    const run = runs.at(-1)
    if (run?.says === says) run.last = line
    else runs.push({ line, last: line, says })
  }
  return runs
}

/** @param {Line} line @returns {Row[]} */
function rowsOf({ slices, causes }) {
  if (causes.length === 1) return slices.map((slice) => ({ slice, cause: causes[0] }))
  if (slices.length === 1) return causes.map((cause) => ({ slice: { ...slices[0], calls: cause.calls, amount: cause.amount }, cause }))
  return [...slices.map((slice) => ({ slice })), ...causes.map((cause) => ({ cause, part: true }))]
}

/** @param {Page} page @param {import('../question.js').Answer | null} answer @param {Line[]} lines */
function table(page, answer, lines) {
  const { t, f } = page
  const per = (answer && inForce(ladders(answer.request.catalog, answer.inputs.api, answer.inputs.region), lines[0].cycle.start)?.per) ?? 1
  // A flat price has one step: nothing to say about it.
  const stepped = lines.some((line) => line.slices.some((slice) => slice.from !== 0 || slice.upTo != null))
  const rows = alike(lines).flatMap(({ line, last }, at) => {
    const [from, to] = [monthOf(line), monthOf(last)]
    const name = from === to ? f.month(from) : [f.span(from, to), h('small', { class: 'each' }, t('slices.each'))]
    return rowsOf(line).map((row, index) => {
      const place = row.cause && `why ${line.cycle.start} ${last.cycle.end} ${row.cause.code} ${row.slice?.from ?? ''}`
      return [
        rowView(page, row, `${at} ${index}`, index === 0 && name, stepped, place),
        place && page.state.opened[place] && row.cause && h('tr', { class: 'opened', key: place }, h('td', { colspan: '5' }, whyView(page, row.cause, place))),
      ]
    })
  })
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
          h('th', { scope: 'col' }, t('month')),
          h('th', { scope: 'col' }, stepped ? `${t('slices.step')} · ${t('slices.why')}` : t('slices.why')),
          h('th', { scope: 'col', class: 'sum' }, t('col.calls')),
          h('th', { scope: 'col', class: 'sum' }, per === 1 ? t('slices.unitPrice') : t('slices.unitPriceOf', { per: f.count(per) })),
          h(
            'th',
            { scope: 'col', class: 'sum' },
            t('slices.amount'),
            h('small', null, answer ? f.unit(answer.estimate.currency) : '\u00a0'),
          ),
        ),
      ),
      h('tbody', null, answer ? rows : h('tr', null, h('td', { colspan: '5' }, '\u00a0'))),
    ),
  )
}

/**
 * @param {Page} page
 * @param {Row} row
 * @param {string} key
 * @param {import('../dom.js').Child} name of the first row of a month
 * @param {boolean} stepped
 * @param {string} [place] where the reason is unfolded
 */
function rowView(page, { slice, cause, part }, key, name, stepped, place = '') {
  const { t, f } = page
  const { calls, amount } = slice ?? cause ?? { calls: 0, amount: undefined }
  return h(
    'tr',
    { key, class: part ? 'part-of' : '' },
    name ? h('th', { scope: 'row' }, name) : h('td', null),
    h(
      'td',
      null,
      stepped && h('div', null, slice ? stepText(t, f, slice.from, slice.upTo ?? null) : t('slices.ofThese')),
      cause && [
        causeText(page, cause.code),
        ' ',
        ruleTag(page, cause.rule, place, 'why'),
        ' ',
        whyButton(page, place, t('why.label', { cause: causeText(page, cause.code), calls: f.count(calls) })),
      ],
    ),
    h('td', { class: 'sum' }, f.count(calls)),
    h('td', { class: 'sum' }, slice && (slice.unitPrice == null ? unknown(page) : f.price(slice.unitPrice)), slice?.entered && [' ', tag(t('tag.own'), 'own')]),
    h('td', { class: 'sum', figure: true }, amount == null ? unknown(page) : f.sum(amount)),
  )
}

/** @param {Page} page @param {string} code */
const causeText = ({ t }, code) => (worded(`cause.${code}`) ? t(`cause.${code}`) : code)

/** @param {Page} page @param {Line['causes'][number]} cause @param {string} place */
function whyView(page, { code, rule }, place) {
  const example = page.state.more[place]?.value
  return h(
    'div',
    { class: 'because' },
    causeView(page, code, rule, example && [h('p', { class: 'example' }, page.t('why.example')), receiptView(page, example, place, true)]),
  )
}
