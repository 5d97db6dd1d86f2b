// The rule page: every rule in our own words, with its documents. `rules.html#W1` leads to one of them.

import { rulebook } from './again.js'
import { h, patch } from './dom.js'
import { formats } from './format.js'
import { head, language } from './paper.js'
import { words } from './words.js'

/** @typedef {import('./rules/en.js').Document} Document */
/** @typedef {import('./dom.js').Child} Child */

const lang = language()
const t = words(lang, '')
const nouns = Object.fromEntries(['package', 'packages', 'Packages', 'payPerUse', 'PayPerUse'].map((noun) => [noun, t(`noun.${noun}`)]))
const say = {
  en: {
    title: 'Billing rules',
    lead: 'What the calculator follows, in our own words. Each rule names the documents it was read from. Where they are silent or disagree, the rule says what we decided.',
    contents: 'Contents',
    ours: 'No document: this is our own decision.',
    section: (/** @type {string} */ section) => (/^\d/.test(section) ? `section ${section}` : `“${section}”`),
    undated: 'no date stated',
    comma: ', ',
    and: ', ',
    causes: 'The causes, in the order in which they are tried',
    missing: 'The rules could not be loaded.',
    again: 'Try again',
  },
  'zh-CN': {
    title: '计费规则',
    lead: '计算所依据的全部规则，用我们自己的话写成。每条规则都注明出自哪些文档；文档没有写明或互相矛盾之处，注明我们是怎样确定的。',
    contents: '目录',
    ours: '没有文档依据，由我们确定。',
    section: (/** @type {string} */ section) => (/^\d/.test(section) ? `${section} 节` : `“${section}”`),
    undated: '未注明日期',
    comma: '，',
    and: '、',
    causes: '各种原因，按判断的先后排列',
    missing: '规则未能加载。',
    again: '重试',
  },
}[lang]
const { day } = formats(lang)
const main = document.querySelector('main') ?? document.body

patch(document.querySelector('header') ?? document.body, head(lang, 'rules.html', say.title))
main.replaceChildren()

/** The rulebook; where it cannot be loaded, a person says when to try again. @returns {Promise<any>} */
async function book() {
  for (;;) {
    const loaded = await rulebook(lang)
    if (loaded) return loaded
    await new Promise((tryAgain) =>
      patch(main, [h('h1', null, say.title), h('p', { role: 'alert' }, say.missing), h('p', null, h('button', { type: 'button', onClick: () => tryAgain(undefined) }, say.again))]),
    )
    main.replaceChildren()
  }
}
const { rules, causes, groups } = await book()


/** The documents of a rule, each once with all its sections. @param {Document[]} documents */
function sources(documents) {
  const titles = [...new Set(documents.map(({ title }) => title))]
  return h('ul', { class: 'sources' }, titles.map((title) => {
    const same = documents.filter((it) => it.title === title)
    const sections = same.flatMap(({ section }) => (section ? [say.section(section)] : []))
    const { date } = same[0]
    return h('li', null, h('cite', null, title), say.comma, [sections.join(say.and), date ? day(date) : say.undated].filter(Boolean).join(say.comma))
  }))
}

/** A link to a rule. @param {string} id */
const tag = (id) => h('a', { class: 'tag', href: `#${id}` }, id)

const reasons = h('dl', { class: 'causes' },
  Object.values(causes).map(({ rule, text }) =>
    h('div', null, h('dt', null, tag(rule)), h('dd', null, typeof text === 'function' ? text(nouns) : text)),
  ),
)

/** @param {string} id @param {{ title: string, text: string, documents: Document[] }} rule */
function article(id, { title, text, documents }) {
  return h('section', { id, class: 'rule', 'aria-labelledby': `${id}-title` },
    h('h3', { id: `${id}-title` }, tag(id), ' ', title),
    h('p', null, text),
    id === 'W1' && [h('h4', null, say.causes), reasons],
    documents.length > 0 ? sources(documents) : h('p', { class: 'soft' }, say.ours),
  )
}

const inGroup = (/** @type {string} */ letter) => Object.entries(rules).filter(([id]) => id.startsWith(letter))

patch(main, [
  h('h1', null, say.title),
  h('p', { class: 'lead' }, say.lead),
  h('nav', { class: 'contents', 'aria-label': say.contents },
    h('ul', null, Object.entries(groups).map(([letter, name]) =>
      h('li', null, h('a', { href: `#group-${letter}` }, name), ' ', h('span', { class: 'ids' }, inGroup(letter).map(([id]) => [h('a', { href: `#${id}` }, id), ' ']))),
    )),
  ),
  ...Object.entries(groups).map(([letter, name]) =>
    h('section', { class: 'group' }, h('h2', { id: `group-${letter}` }, name), inGroup(letter).map(([id, rule]) => article(id, rule))),
  ),
])

// The rules were not there when the browser looked for the one that the address names; and a change of language keeps it.
const goThere = () => {
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView()
  patch(document.querySelector('header') ?? document.body, head(lang, 'rules.html', say.title))
}
addEventListener('hashchange', goThere)
if (location.hash.length > 1) goThere()

