// What happens next and what to do about it: one sentence, the list of what to do, the alerts that will come.

import { h } from '../dom.js'
import { bare, problemText, retryView, rich, staleText } from '../view/parts.js'
import { ruleAt, ruleTag } from '../view/rules.js'
import { writeAccount } from './link.js'
import { alertRule, alertText, byText, context, sentence, todoRule, todoText } from './story.js'

/** @typedef {import('./page.js').AccountPage} Page */
/** @typedef {import('./state.js').Answered} Answered */

/** So many alerts are shown at once. */
const ALERTS_END = 6

/** @param {Page} page @param {Answered | null} answer */
export function headView(page, answer) {
  const { t, stale } = page
  return [
    h('h2', { class: 'sentence', part: 'sentence' }, answer ? rich(sentence(page, answer)) : stale ? staleText(/** @type {any} */ (page)) : h('span', { class: 'soft' }, t('head.waiting'))),
    h('p', { class: stale ? 'context stale' : 'context' }, stale ? [answer && staleText(/** @type {any} */ (page)), ' ', retryView(/** @type {any} */ (page))] : answer ? context(page, answer) : '\u00a0'),
  ]
}

/** Copies an address that leads back here. @param {Page} page */
export function copyView({ t, account }) {
  const copy = async (/** @type {any} */ event) => {
    const button = event.currentTarget
    const link = writeAccount(account)
    await navigator.clipboard.writeText(location.href.replace(/#.*$/, '') + (link && `#${link}`))
    button.dataset.done = 'yes'
    setTimeout(() => delete button.dataset.done, 1500)
  }
  // Only pages from a safe origin may write to the clipboard.
  return 'clipboard' in navigator && h('button', { type: 'button', class: 'plain copy', onClick: copy }, h('span', { class: 'before' }, t('link.copy')), h('span', { class: 'after' }, t('link.copied')))
}

/** What a screen reader hears. @param {Page} page @param {Answered | null} answer */
export function spoken(page, answer) {
  const problem = page.state.problems[0]
  if (problem) return problemText(page, problem)
  return answer ? `${bare(sentence(page, answer))} ${context(page, answer)}` : ''
}

/** @param {Page} page @param {Answered} answer */
export function todoView(page, answer) {
  const { t } = page
  const { todo } = answer.history
  return h(
    'section',
    { class: 'todos', 'aria-label': t('todo'), key: 'todo' },
    h('div', { class: 'block-head' }, h('h3', null, t('todo'), todo.length > 0 && h('small', null, t('todo.note'))), todo.length > 0 && h('button', { type: 'button', class: 'button', onClick: page.save }, t('todo.save'))),
    todo.length === 0
      ? h('p', { class: 'none' }, t('todo.none'))
      : h(
          'ol',
          null,
          todo.map((it, index) => {
            const place = `todo ${index}`
            const rule = todoRule(it)
            return h(
              'li',
              { key: place },
              h('span', { class: 'badge', 'aria-hidden': 'true' }, page.f.count(index + 1)),
              h('b', { class: 'by' }, t('todo.by', { by: byText(page, it) })),
              h('span', { class: 'what' }, todoText(page, answer, it), ' ', rule && ruleTag(/** @type {any} */ (page), rule, place)),
              ruleAt(/** @type {any} */ (page), place),
            )
          }),
        ),
  )
}

/** The alerts that will come, the first of them at once. @param {Page} page @param {Answered} answer */
export function alertsView(page, answer) {
  const { t, f } = page
  const { alerts } = answer.history
  const row = (/** @type {import('../ocr_pricing.js').Alert} */ alert, /** @type {number} */ index) => {
    const place = `alert ${index}`
    const rule = alertRule(alert)
    return h(
      'li',
      { key: place },
      h('time', { datetime: alert.at, title: f.when(alert.at) }, f.shortDay(alert.at)),
      h('span', null, alertText(page, answer, alert), ' ', rule && ruleTag(/** @type {any} */ (page), rule, place)),
      ruleAt(/** @type {any} */ (page), place),
    )
  }
  return h(
    'section',
    { class: 'block warnings', 'aria-label': t('alerts'), key: 'alerts' },
    h('h3', null, t('alerts')),
    alerts.length === 0 ? h('p', { class: 'none' }, t('alerts.none')) : h('ul', null, alerts.slice(0, ALERTS_END).map(row)),
    alerts.length > ALERTS_END &&
      h('details', { class: 'rest', key: 'rest' }, h('summary', null, t('alerts.more', { count: f.count(alerts.length - ALERTS_END) })), h('ul', null, alerts.slice(ALERTS_END).map((it, index) => row(it, index + ALERTS_END)))),
  )
}
