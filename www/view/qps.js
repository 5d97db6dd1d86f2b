// How many calls a second are needed, and what that costs beyond what is included.

import { h } from '../dom.js'
import { ownPrices } from '../inputs.js'
import { choosing, folded, labelled, tag, typing, unknown } from './parts.js'
import { ruleAt, ruleTag } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../ocr_pricing.js').Concurrency} Concurrency */

const PER = /** @type {const} */ (['month', 'day', 'year'])

/** @param {Page} page */
export function qpsView(page) {
  const { t, state, answer } = page
  if (!answer) return null
  const { peak, response, hours } = state.inputs.qps
  const { included, price, per } = ownPrices(state.inputs).qps
  const number = (/** @type {string} */ field, /** @type {string} */ value, /** @type {string} */ placeholder) =>
    typing(page, field, value, { class: 'number', inputmode: 'decimal', placeholder })
  const asked = [
    h(
      'div',
      { class: 'asked' },
      labelled(page, 'qps.peak', t('qps.peak'), number('qps.peak', peak, '1')),
      labelled(page, 'qps.hours', t('qps.hours'), number('qps.hours', hours, '24')),
      labelled(page, 'qps.response', t('qps.response'), number('qps.response', response, '')),
    ),
    h(
      'fieldset',
      { class: 'asked' },
      h('legend', null, t('qps.own')),
      labelled(page, 'own.qps.included', t('qps.included'), number('own.qps.included', included, '0')),
      labelled(page, 'own.qps.price', t('qps.price'), number('own.qps.price', price, '')),
      labelled(
        page,
        'own.qps.per',
        t('qps.per'),
        choosing(
          page,
          'own.qps.per',
          per || 'month',
          PER.map((it) => [it, t(`qps.${it}`)]),
        ),
      ),
    ),
  ]
  return folded(page, 'qps', t('qps'), t('qps.hint'), (found) => result(page, found), asked)
}

/** @param {Page} page @param {Concurrency} found */
function result(page, { perSecond, needed, concurrent, options }) {
  const { t, f, answer, catalog } = page
  const source = (/** @type {string} */ id) => (catalog && Object.hasOwn(catalog.sources, id) ? catalog.sources[id].title : '')
  const row = (/** @type {Concurrency['options'][number]} */ option, /** @type {number} */ index) =>
    h(
      'tr',
      { key: index },
      h('th', { scope: 'row' }, t(`qps.${option.per}`), ' ', option.entered ? tag(t('tag.own'), 'own') : h('small', { class: 'each' }, source(option.source))),
      h('td', { class: 'sum' }, f.count(option.included)),
      h('td', { class: 'sum' }, f.count(option.extra), !option.enough && h('small', { class: 'each' }, t('qps.tooMany', { max: f.count(option.max ?? 0) }))),
      h('td', { class: 'sum' }, option.extra === 0 ? '–' : option.unitPrice == null ? unknown(page) : f.price(option.unitPrice)),
      h('td', { class: 'sum' }, option.price == null ? unknown(page) : f.sum(option.price)),
    )
  return [
    h(
      'p',
      null,
      t('qps.needed', { perSecond: f.price(perSecond ?? '0'), needed: f.count(needed), concurrent: concurrent == null ? '' : f.price(concurrent) }),
      ' ',
      ruleTag(page, 'Q1', 'rule qps'),
    ),
    ruleAt(page, 'rule qps'),
    options.length === 0
      ? h('p', { class: 'none' }, t('qps.none'))
      : h(
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
                h('th', { scope: 'col' }, t('qps.per')),
                h('th', { scope: 'col', class: 'sum' }, t('qps.included')),
                h('th', { scope: 'col', class: 'sum' }, t('qps.extra')),
                h('th', { scope: 'col', class: 'sum' }, t('qps.price')),
                h('th', { scope: 'col', class: 'sum' }, t('slices.amount'), h('small', null, f.unit(answer?.estimate.currency ?? ''))),
              ),
            ),
            h('tbody', null, options.map(row)),
          ),
        ),
  ]
}
