// Where the official documents disagree: each reading with what it would change.

import { h } from '../dom.js'
import { sign, unsigned } from '../format.js'
import { readingsChosen } from '../inputs.js'
import { folded, problemText, tag } from './parts.js'
import { ruleAt, ruleTag } from './rules.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../ocr_pricing.js').Reading} Reading */
/** @typedef {NonNullable<import('../catalog.js').Catalog['profiles']>[number]} Profile */

/** @param {Page} page */
export function readingsView(page) {
  const { t, f, catalog, state } = page
  const profiles = catalog?.profiles ?? []
  if (!catalog || profiles.length === 0) return null
  // What is not read as usual is seen without unfolding.
  const chosen = readingsChosen(state.inputs, catalog)
  const other = profiles.flatMap(({ id, options }) => options.filter((option) => option.id === chosen[id]).map(({ title }) => `${id} ${f.text(title)}`))
  return folded(page, 'readings', t('readings'), other.join(' · ') || t('readings.hint'), (found) => profiles.map((profile) => profileView(page, profile, found)))
}

/** @param {Page} page @param {Profile} profile @param {Reading[]} found */
function profileView(page, profile, found) {
  const { t, f, state, send, catalog } = page
  const { id, title, options } = profile
  const place = `reading ${id}`
  const chosen = (catalog && readingsChosen(state.inputs, catalog)[id]) ?? options[0].id
  return h(
    'fieldset',
    { class: 'reading', key: id },
    h('legend', null, f.text(title), ' ', ruleTag(page, id, place)),
    ruleAt(page, place),
    options.map((option) => {
      const source = catalog?.sources[option.source]
      const reading = found.find((it) => it.profile === id && it.option === option.id)
      return h(
        'label',
        { class: 'option', key: option.id },
        h('input', {
          type: 'radio',
          name: place,
          value: option.id,
          checked: option.id === chosen,
          onChange: () => send({ type: 'reading', profile: id, option: option.id }),
        }),
        h('span', { class: 'says' }, f.text(option.title), h('small', null, [source?.title, source?.date && f.day(source.date)].filter(Boolean).join(f.comma))),
        h('span', { class: 'changes' }, option.id === chosen ? t('readings.chosen') : reading && changes(page, reading)),
      )
    }),
  )
}

/** @param {Page} page @param {Reading} reading */
function changes(page, { error, total, difference, moved }) {
  const { t, f, answer } = page
  if (error) return h('span', { class: 'problem' }, problemText(page, error))
  const currency = answer?.estimate.currency ?? ''
  return [
    difference == null || total == null
      ? tag(t('figures.noPrice'), 'missing')
      : h('b', null, sign(difference) === 0 ? t('readings.same') : `${sign(difference) > 0 ? '+' : '−'}${f.money(unsigned(difference), currency)}`),
    h('small', null, total != null && t('readings.total', { money: f.money(total, currency) }), ' ', t('readings.moved', { calls: f.count(moved), none: moved === 0 })),
  ]
}
