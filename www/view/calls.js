// How many calls, and when: by period, the same every month, or twelve numbers.

import { h } from '../dom.js'
import { byErrorCode, monthsFrom } from '../inputs.js'
import { readPaste } from '../paste.js'
import { readCount, readMoney, readShare, SLIDER_END, slideCount, slideStop } from '../typed.js'
import { idOf, labelled, problems, typing } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */

const PATTERNS = /** @type {const} */ (['periods', 'same', 'twelve'])

/** @param {Page} page */
export function callsView(page) {
  const { state, t, send } = page
  const { pattern } = state.inputs
  const choices = PATTERNS.map((it) =>
    h(
      'label',
      { class: 'choice', key: it },
      h('input', {
        type: 'radio',
        name: 'pattern',
        value: it,
        checked: it === pattern,
        onChange: () => send({ type: 'pattern', pattern: it }),
      }),
      h('span', null, t(`pattern.${it}`)),
    ),
  )
  const body = { periods: periodsView, same: sameView, twelve: twelveView }[pattern](page)
  return h(
    'div',
    { class: 'panel calls', key: 'calls', id: idOf('calls') },
    h('div', { class: 'panel-head' }, h('h3', null, t('calls')), h('small', null, t('calls.hint'))),
    h('div', { class: 'choices', role: 'radiogroup', 'aria-label': t('pattern') }, choices),
    h('div', { key: pattern }, body),
    problems(page, 'calls'),
    succeedView(page),
  )
}

/** @param {Page} page */
function periodsView(page) {
  const { state, t, send } = page
  const { periods } = state.inputs
  const rows = periods.map((period, index) => {
    const name = `periods.${index}`
    const number = String(index + 1)
    return h(
      'div',
      { class: 'period', role: 'group', 'aria-label': t('period', { number }), key: index },
      labelled(page, `${name}.start`, t('period.start'), typing(page, `${name}.start`, period.start, { class: 'time' })),
      labelled(page, `${name}.end`, t('period.end'), typing(page, `${name}.end`, period.end, { class: 'time' })),
      labelled(page, `${name}.calls`, t('period.calls'), callsField(page, `${name}.calls`, period.calls, 0)),
      slider(page, `${name}.calls`, period.calls, `${t('period', { number })}: ${t('period.calls')}`),
      periods.length > 1 &&
        h(
          'button',
          {
            type: 'button',
            class: 'drop',
            key: 'drop',
            'aria-label': t('period.drop', { number }),
            title: t('period.drop', { number }),
            onClick: () => send({ type: 'period-drop', index }),
          },
          '×',
        ),
    )
  })
  return [
    rows,
    h(
      'p',
      { class: 'under' },
      h('button', { type: 'button', class: 'plain', onClick: () => send({ type: 'period-add' }) }, t('period.add')),
      h('small', null, t('period.hint')),
    ),
  ]
}

/** @param {Page} page */
function sameView(page) {
  const { same, from } = page.state.inputs
  const { t } = page
  return h(
    'div',
    { class: 'same' },
    labelled(page, 'same', t('same'), callsField(page, 'same', same, 0)),
    labelled(page, 'from', t('from'), typing(page, 'from', from, { class: 'month' })),
    slider(page, 'same', same, t('same')),
  )
}

/** @param {Page} page */
function twelveView(page) {
  const { state, t, f } = page
  const { twelve, from, same, growth, busy, times } = state.inputs
  const months = monthsFrom(from)
  const done = state.pasted?.count
  const cells = months.map((month, index) =>
    labelled(page, `twelve.${index}`, f.month(month), callsField(page, `twelve.${index}`, twelve[index] ?? '', index)),
  )
  const onBusy = (/** @type {any} */ event) => page.send({ type: 'type', field: 'busy', text: event.target.value })
  return [
    labelled(page, 'from', t('from'), typing(page, 'from', from, { class: 'month' })),
    h('div', { class: 'twelve' }, cells),
    h('p', { class: 'under', role: 'status' }, h('small', null, done ? t('twelve.pasted', { count: done }) : t('twelve.hint'))),
    h(
      'fieldset',
      { class: 'write' },
      h('legend', null, t('twelve.write')),
      writing(page, 'same', t('twelve.first'), same, readCount(same)),
      writing(page, 'growth', t('twelve.growth'), growth, readShare(growth)),
      labelled(
        page,
        'busy',
        t('twelve.busy'),
        h(
          'select',
          { id: idOf('busy'), value: busy, onChange: onBusy },
          h('option', { value: '' }, t('twelve.none')),
          months.map((month, index) => h('option', { value: String(index + 1) }, f.month(month))),
        ),
      ),
      writing(page, 'times', t('twelve.times'), times, readMoney(times)),
    ),
  ]
}

/**
 * A field that writes the twelve numbers; it changes nothing while it is empty or cannot be read.
 * @param {Page} page @param {string} field @param {string} label @param {string} text @param {{ value: any } | { code: string }} read
 */
function writing(page, field, label, text, read) {
  const wrong = 'code' in read && text.trim() !== '' ? [{ ...read, field }] : []
  const here = { ...page, state: { ...page.state, problems: wrong } }
  return labelled(here, field, label, typing(here, field, text))
}

/** @param {Page} page */
function succeedView(page) {
  const { t, state, catalog } = page
  const hint = t(byErrorCode(catalog) ? 'succeed.byCode' : 'succeed.hint')
  return h(
    'div',
    { class: 'succeed', key: 'succeed' },
    labelled(page, 'succeed', t('succeed'), typing(page, 'succeed', state.inputs.succeed, { class: 'short' }), hint),
  )
}

/**
 * A field for calls; several cells pasted into it become the twelve months.
 * @param {Page} page
 * @param {string} field
 * @param {string} value
 * @param {number} month
 */
function callsField(page, field, value, month) {
  /** @param {ClipboardEvent} event */
  const onPaste = (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (readPaste(text) === null) return
    event.preventDefault()
    page.send({ type: 'paste', field, text, at: month })
  }
  return typing(page, field, value, { class: 'number', onPaste })
}

/** @param {Page} page @param {string} field @param {string} value @param {string} label */
function slider(page, field, value, label) {
  const read = readCount(value)
  const stop = 'value' in read ? slideStop(read.value) : 0
  const onInput = (/** @type {any} */ event) => page.send({ type: 'slide', field, stop: Number(event.target.value) })
  return h('input', {
    type: 'range',
    class: 'slider',
    min: '0',
    max: String(SLIDER_END),
    step: '1',
    value: String(stop),
    'aria-label': page.t('calls.slider', { label }),
    'aria-valuetext': page.f.count(slideCount(stop)),
    onInput,
  })
}
