// Small parts that several panels share: figures within sentences, swatches and bars of the sources, what unfolds, fields
// with their problems.

import { h } from '../dom.js'
import { lost } from '../state.js'
import { worded } from '../words.js'

/** @typedef {import('../dom.js').Child} Child */
/** @typedef {import('../dom.js').Described} Described */
/**
 * What every panel is given.
 * @typedef {{
 *   state: import('../state.js').State,
 *   catalog: import('../catalog.js').Catalog | undefined, // the chosen one
 *   answer: import('../question.js').Answer | null,
 *   stale: boolean, // the answer is to an older question
 *   t: import('../words.js').Words,
 *   f: import('../format.js').Formats,
 *   send: (event: any) => void,
 *   rules: import('../more.js').Rules | null | undefined, // the rulebook in the page's language, once it was wanted; null: there is none
 *   say: (text: import('../more.js').RuleText | undefined, args?: Record<string, any>) => string, // a text of the rulebook
 *   width: number, // of the answer's column, in pixels
 *   linked: boolean, // the state is kept in the page's address
 *   changed: boolean, // the inputs are not the published example
 * }} Page
 */

/** Who can pay for a call, in the order of draw-down; the same colour and pattern everywhere. */
export const SOURCES = /** @type {const} */ (['free', 'promotional', 'package', 'payPerUse'])

/** @param {typeof SOURCES[number] | 'rejected'} source */
export const swatch = (source) => h('span', { class: `swatch ${source}`, 'aria-hidden': 'true' })

/**
 * Text with *figures to remember*; its lines are broken between clauses first.
 * @param {string} text
 * @returns {Child}
 */
export function rich(text) {
  const clause = (/** @type {string} */ words) => words.split('*').map((part, index) => (index % 2 ? h('b', { figure: true }, part) : part))
  return text.split('\n').map((words) => [h('span', { class: 'clause' }, clause(words.trimEnd())), ' '])
}

/** The same as plain text. @param {string} text */
export const bare = (text) => text.replace(/[*\n]/g, '')

/**
 * A part of a bar: who paid, or something that nobody paid.
 * @typedef {{ source: typeof SOURCES[number] | 'rejected' | 'gap' | 'left' | 'expired' | 'none', of: number }} Part
 */

/**
 * A bar of parts; their lengths are shares of one whole.
 * @param {Part[]} parts
 * @param {number} whole
 */
export function bar(parts, whole) {
  const shown = parts.filter((part) => part.of > 0 && whole > 0)
  return h(
    'span',
    { class: 'bar', 'aria-hidden': 'true' },
    shown.map((part) => h('span', { class: `part ${part.source}`, style: { width: `${Math.min(100, (100 * part.of) / whole)}%` } })),
  )
}

/** A marker for something that is no published fact. @param {string} text @param {'missing' | 'own'} kind */
export const tag = (text, kind) => h('span', { class: `tag ${kind}` }, text)

/** Stands where an amount cannot be known. @param {Page} page */
export const unknown = ({ t }) =>
  h('span', { class: 'unknown', title: t('figures.noPrice') }, '?', h('span', { class: 'hidden' }, t('figures.noPrice')))

/** @param {string} field */
export const idOf = (field) => `field-${field.replace(/[^a-zA-Z0-9-]/g, '-')}`

/** @param {Page} page @param {string} field */
export const problemsOf = ({ state }, field) =>
  [...state.problems, ...(state.pasted?.problem ? [state.pasted.problem] : []), ...Object.entries(state.more).flatMap(([key, { problems = [] }]) => (state.opened[key] ? problems : []))].filter(
    (problem) => problem.field === field,
  )

/** @param {Page} page @param {import('../question.js').Problem} problem */
export function problemText({ t, f }, problem) {
  const key = `error.${problem.code}`
  const text = t(worded(key) ? key : 'error.other', { place: '', ...problem, ...meant(f, problem) })
  return problem.line === undefined ? text : t('paste.line', { line: f.count(problem.line), cell: problem.cell ?? '', text })
}

/** The two things that could be meant, and the days among them in words. @param {import('../format.js').Formats} f @param {import('../question.js').Problem} problem */
export const meant = (f, { code, either = ['', ''] }) => ({ either, days: code === 'date_unclear' ? either.map((it) => f.day(it.slice(0, 10))) : [] })

/** Problems that no field on the page is to blame for, in words; a catalog that cannot be had is one. @param {Page} page */
export const general = (page) =>
  page.state.problems
    .filter(({ field, code }) => !field || code === 'no_catalog')
    .map((problem) => problemText(page, problem))
    .join(' ')

/** What is said while problems stand, beside or instead of the latest answer: what to do. @param {Page} page */
export const staleText = (page) => {
  const { t, answer, state } = page
  const marked = state.problems.some(({ field, code }) => field && code !== 'no_catalog')
  return [answer && t(marked ? 'stale' : 'stale.before'), !answer && marked && t('stale.none'), general(page)].filter(Boolean).join(' ')
}

/** The problems of a field, beside it. @param {Page} page @param {string} field @returns {Child} */
export function problems(page, field) {
  const found = problemsOf(page, field)
  return (
    found.length > 0 &&
    h('p', { class: 'problem', id: `${idOf(field)}-problem` }, found.map((problem) => problemText(page, problem)).join(' '))
  )
}

/** What marks a control as the one with a problem. @param {Page} page @param {string} field */
export function marks(page, field) {
  const wrong = problemsOf(page, field).length > 0
  return { id: idOf(field), 'aria-invalid': wrong && 'true', 'aria-describedby': wrong && `${idOf(field)}-problem` }
}

/**
 * A field for typing; what is typed stays as it is.
 * @param {Page} page @param {string} field @param {string} value @param {Record<string, any>} [more]
 */
export function typing(page, field, value, more = {}) {
  const onInput = (/** @type {any} */ event) => page.send({ type: 'type', field, text: event.target.value })
  // A field would run several lines or cells together.
  const onPaste = (/** @type {ClipboardEvent} */ event) => {
    const text = event.clipboardData?.getData('text/plain').trim() ?? ''
    if (!/[\t\r\n]/.test(text)) return
    event.preventDefault()
    page.send({ type: 'paste', field, text })
  }
  return h('input', {
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    inputmode: 'text',
    ...marks(page, field),
    value,
    onInput,
    onPaste,
    ...more,
  })
}

/** Whether pay-per-use is off: asked only where the provider has a switch for it. @param {Page} page */
export function switchView(page) {
  const { t, state, catalog, send } = page
  if (!catalog?.payPerUseSwitch) return null
  const onChange = (/** @type {any} */ event) => send({ type: 'type', field: 'payPerUse', text: event.target.checked ? 'off' : '' })
  return h(
    'div',
    { class: 'field switch', key: 'payPerUse' },
    h('label', null, h('input', { type: 'checkbox', ...marks(page, 'payPerUse'), checked: state.inputs.payPerUse === 'off', onChange }), ' ', t('switch.off')),
    h('small', null, t('switch.hint')),
    problems(page, 'payPerUse'),
  )
}

/**
 * A label above its control, the problem below.
 * @param {Page} page
 * @param {string} field
 * @param {string} label
 * @param {Child} control
 * @param {Child} [hint]
 */
export function labelled(page, field, label, control, hint) {
  return h(
    'div',
    { class: 'field', key: field },
    h('label', { for: idOf(field) }, label, hint && h('small', null, hint)),
    control,
    problems(page, field),
  )
}

/** Loads again what could not be loaded. @param {Pick<Page, 't' | 'send'>} page @param {any} [event] */
export const againView = ({ t, send }, event = { type: 'retry' }) => h('button', { type: 'button', class: 'plain', key: 'again', onClick: () => send(event) }, t('engine.again'))

/** What the same question may have another answer to. */
const PASSING = ['engine_not_loaded', 'engine_restarted']

/** The same, where that is what is wrong. @param {Page} page */
export const retryView = (page) => (lost(page.state) || page.state.problems.some(({ field, code }) => !field && PASSING.includes(code))) && againView(page)

/**
 * What a row still lacks before it counts.
 * @param {Page} page @param {[string, string][]} needed labels and what is typed there
 */
export function pending({ t }, needed) {
  const empty = needed.filter(([, text]) => text.trim() === '').map(([label]) => label)
  return empty.length > 0 && h('p', { class: 'fine whole', key: 'pending' }, t('pending', { empty }))
}

/**
 * A section that is worked out when a person unfolds it.
 * @param {Page} page @param {'payers' | 'call' | 'readings' | 'qps'} key
 * @param {string} title @param {string} hint
 * @param {(value: any) => Child} body from what was worked out
 * @param {Child} [asked] fields above it
 */
export function folded(page, key, title, hint, body, asked) {
  const { state, send, answer } = page
  const more = state.more[key]
  const unplaced = (more?.problems ?? []).filter((problem) => !problem.field)
  return h(
    'details',
    {
      class: `block folded ${key}`,
      part: key,
      key,
      open: Boolean(state.opened[key]),
      onToggle: (/** @type {any} */ event) => send({ type: 'unfold', key, to: event.target.open ? key : '' }),
    },
    h('summary', null, h('h3', null, title), h('small', null, hint)),
    state.opened[key] &&
      h(
        'div',
        { class: more?.answer === answer ? 'body' : 'body old' },
        asked,
        more?.value !== undefined && body(more.value),
        unplaced.map((problem) => h('p', { class: 'problem', role: 'alert' }, problemText(page, problem), ' ', PASSING.includes(problem.code) && againView(page, { type: 'again', key }))),
      ),
  )
}

/**
 * A choice among a few.
 * @param {Page} page @param {string} field @param {string} value @param {[string, string][]} options value and text @param {Record<string, any>} [more]
 */
export function choosing(page, field, value, options, more = {}) {
  const onChange = (/** @type {any} */ event) => page.send({ type: 'type', field, text: event.target.value })
  return h(
    'select',
    { ...marks(page, field), onChange, value, ...more },
    options.map(([id, text]) => h('option', { value: id, key: id }, text)),
  )
}
