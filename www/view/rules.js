// The rule behind a figure, opened in place: in our own words, with the documents that state it.

import { h } from '../dom.js'

/** @typedef {import('./parts.js').Page} Page */
/** @typedef {import('../dom.js').Child} Child */

/** A page of its own beside this one. @param {Page} page @param {string} file @param {string} [rule] */
export const pageOf = ({ f }, file, rule) => new URL(`../${file}?lang=${f.lang}${rule ? `#${rule}` : ''}`, import.meta.url).href

/**
 * The id of a rule: opens the rule at its place, and leads to the rulebook.
 * @param {Page} page @param {string} rule
 * @param {string} place the key under which the place is unfolded
 * @param {string} [to] what is shown there then, if it is not the rule alone
 */
export function ruleTag(page, rule, place, to = rule) {
  const { t, state, send } = page
  const open = state.opened[place] === to
  const onClick = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    send({ type: 'unfold', key: place, to: open ? '' : to })
  }
  return h('a', { class: 'tag rule', href: pageOf(page, 'rules.html', rule), 'aria-label': t('rule', { rule }), 'aria-expanded': String(open), onClick }, rule)
}

/** The rule that a place has opened, if any. @param {Page} page @param {string} place */
export const ruleAt = (page, place) => {
  const rule = page.state.opened[place]
  return rule ? ruleView(page, rule) : null
}

/** @param {Page} page @param {string} id */
export function ruleView(page, id) {
  const { t, f, rules, say } = page
  const rule = rules?.rules[id]
  return h(
    'div',
    { class: 'rule-text', key: id },
    h('p', { class: 'rule-title' }, h('a', { href: pageOf(page, 'rules.html', id) }, rule ? `${id} · ${say(rule.title)}` : id)),
    !rule && h('p', null, t(rules === undefined ? 'rule.loading' : 'rule.none')),
    rule && h('p', null, say(rule.text)),
    rule &&
      h(
        'ul',
        { class: 'documents', 'aria-label': t('rule.documents') },
        documents(rule).map(({ title, sections, date }) =>
          h('li', null, [title, sections.length > 0 && t('rule.sections', { sections }), date && f.day(date)].filter(Boolean).join(f.comma)),
        ),
      ),
  )
}

/** Each document once, with all its sections. @param {import('../more.js').Rule} rule */
function documents(rule) {
  const found = /** @type {Map<string, { title: string, date?: string, sections: string[] }>} */ (new Map())
  for (const { title, section, date } of rule.documents) {
    const known = found.get(title) ?? { title, date, sections: [] }
    if (section) known.sections.push(section)
    found.set(title, known)
  }
  return [...found.values()]
}

/**
 * A disclosure button and what it opens.
 * @param {Page} page @param {string} place @param {string} label what a screen reader hears
 */
export function whyButton({ t, state, send }, place, label) {
  const open = Boolean(state.opened[place])
  return h(
    'button',
    { type: 'button', class: 'plain why', 'aria-expanded': String(open), 'aria-label': label, onClick: () => send({ type: 'unfold', key: place, to: open ? '' : 'why' }) },
    t('why'),
  )
}

/**
 * Why calls were charged for a cause: in a sentence, by an example, and by the rules.
 * @param {Page} page @param {string} code @param {string} rule @param {Child} [example]
 */
export function causeView(page, code, rule, example) {
  const cause = page.rules?.causes[code]
  const rules = [...new Set([...(cause ? [cause.rule] : []), rule])]
  return [cause && h('p', { class: 'cause' }, page.say(cause.text)), example, rules.map((it) => ruleView(page, it))]
}

/** Why a call was refused, in words; a code that is none of ours is the provider's own for an API that is not open. @param {Page} page @param {string} code */
export function refusal({ rules, say }, code) {
  const ours = rules?.refused[code]
  const { rule, text } = ours ?? rules?.refused.not_open ?? {}
  return rule ? { rule, text: say(text, ours ? {} : { code }) } : null
}
