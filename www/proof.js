// The proof page: computes the published worked examples anew and shows both results side by side. Its examples are the cases
// below tests/cases/published, which the build writes into proof.json; what stands under “Computed” comes from the engine.

import { compared, fill } from './agree.js'
import { fetchCatalog } from './catalog.js'
import { h, patch } from './dom.js'
import { load } from './engine.js'
import { formats } from './format.js'
import { address, head, language } from './paper.js'
import { words } from './words.js'

/** @typedef {import('./format.js').Text} Text */
/** @typedef {import('./agree.js').Compared} Compared */
/** @typedef {import('./dom.js').Described} Described */
/**
 * @typedef {object} Example
 * @property {string} call the door of the engine that it asks
 * @property {any} catalog the id of a shipped catalog, or one that serves this example only
 * @property {Text} given
 * @property {Text} result a sentence with places of the answer in braces
 * @property {Text} section
 * @property {string[]} rules
 * @property {any} request
 * @property {any} expect
 */
/** @typedef {{ title: Text, date?: string, address?: string, examples: Example[] }} Source */
/** @typedef {{ example: Example, answer: any, figures: Compared[], failure: string }} Outcome */

const lang = language()
const f = formats(lang)
const say = {
  en: {
    title: 'Published examples, computed anew',
    lead: 'The providers publish worked billing examples. Here the calculator’s engine computes each of them at this moment, in your browser, and compares every published figure with its own.',
    working: 'Computing …',
    agree: (/** @type {number} */ right, /** @type {number} */ all) => `${right} of ${all} agree`,
    agrees: 'agrees',
    differs: 'differs',
    given: 'Given',
    published: 'Published',
    computed: 'Computed',
    source: 'Source',
    rules: 'Rules',
    figures: (/** @type {number} */ count) => (count === 1 ? 'The one figure that was compared' : `All ${count} figures that were compared`),
    place: 'Place in the answer',
    expected: 'Expected',
    none: 'no price',
    section: (/** @type {string} */ section) => (/^\d/.test(section) ? `section ${section}` : `“${section}”`),
    heading: (/** @type {string} */ section) => (/^\d/.test(section) ? `Section ${section}` : section.charAt(0).toUpperCase() + section.slice(1)),
    undated: 'no date stated',
    comma: ', ',
    failed: 'The engine gave no answer:',
    missing: 'The examples could not be loaded.',
    again: 'Try again',
  },
  'zh-CN': {
    title: '官方示例验算',
    lead: '云厂商公布了一些计费示例。本页此刻在您的浏览器里用同一个计算程序逐一重新计算，并与公布的每个数字核对。',
    working: '正在计算……',
    agree: (/** @type {number} */ right, /** @type {number} */ all) => `${all} 个示例中 ${right} 个一致`,
    agrees: '一致',
    differs: '不一致',
    given: '条件',
    published: '公布的结果',
    computed: '计算的结果',
    source: '来源',
    rules: '规则',
    figures: (/** @type {number} */ count) => `核对的全部 ${count} 个数字`,
    place: '在结果中的位置',
    expected: '应为',
    none: '没有价格',
    section: (/** @type {string} */ section) => (/^\d/.test(section) ? `${section} 节` : `“${section}”`),
    heading: (/** @type {string} */ section) => (/^\d/.test(section) ? `${section} 节` : section),
    undated: '未注明日期',
    comma: '，',
    failed: '计算程序没有给出结果：',
    missing: '示例未能加载。',
    again: '重试',
  },
}[lang]

/** A figure as the sentence wants it. @param {unknown} value @param {string} how @param {string} family */
function figure(value, how, family) {
  if (value === null) return say.none
  if (value === undefined) return '–'
  if (how === 'many') return Array.isArray(value) ? f.count(value.length) : '–'
  if (how === 'cause') return words(lang, family)(`cause.${value}`)
  if (typeof value === 'number') return f.count(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  if (/^\d{4}-\d\d-\d\dT/.test(value))
    return how === 'time' ? value.slice(11, 19) : how === 'last' ? f.lastSecond(value) : f.second(value)
  return /^-?\d+(\.\d+)?$/.test(value) ? f.price(value) : value
}

/** Asks the engine. @param {import('./engine.js').Engine} engine @param {Example} example @param {Map<string, any>} catalogs @returns {Outcome} */
function compute(engine, example, catalogs) {
  try {
    const catalog = typeof example.catalog === 'string' ? catalogs.get(example.catalog) : example.catalog
    const request = { ...example.request, catalog }
    const answer = /** @type {any} */ (engine)[example.call](request)
    return { example, answer, figures: compared(example.expect, answer), failure: '' }
  } catch (error) {
    return { example, answer: undefined, figures: [], failure: /** @type {Error} */ (error).message }
  }
}

/** @param {Outcome} outcome */
const holds = ({ figures, failure }) => !failure && figures.length > 0 && figures.every((it) => it.agrees)

/** A mark: its sign and its word say the same as its colour. @param {boolean} agrees @param {string} [word] how the word is shown */
const mark = (agrees, word) =>
  h('span', { class: agrees ? 'mark agrees' : 'mark differs' }, h('span', { 'aria-hidden': 'true' }, agrees ? '✓' : '✗'), ' ', h('span', { class: word }, agrees ? say.agrees : say.differs))

/** A figure as the engine gives it, instants shortened. @param {unknown} value */
const raw = (value) => (value === undefined ? '–' : typeof value !== 'string' ? JSON.stringify(value) : /^\d{4}-\d\d-\d\dT/.test(value) ? f.second(value) : value)

/** A place that breaks between its parts. @param {string} place */
const parts = (place) => place.split(/(?=\.)/).map((part, i) => [i > 0 && h('wbr', null), part])

/** @param {Outcome} outcome @param {Source} source @param {number} number @returns {Described} */
function article(outcome, source, number) {
  const { example, answer, figures, failure } = outcome
  const family = String(example.catalog?.id ?? example.catalog).split('-')[0]
  const result = f.text(example.result)
  const sentence = (/** @type {any} */ from) => fill(result, from, (value, how) => figure(value, how, family))
  const title = source.address ? h('a', { href: source.address }, f.text(source.title)) : f.text(source.title)
  return h('article', { id: `example-${number}`, class: 'example', 'data-agrees': String(holds(outcome)), 'aria-labelledby': `example-${number}-title` },
    h('h3', { id: `example-${number}-title` }, h('span', { class: 'number' }, `${number}`), ' ', h('span', null, say.heading(f.text(example.section))), ' ', mark(holds(outcome))),
    h('dl', null,
      h('div', null, h('dt', null, say.given), h('dd', null, f.text(example.given))),
      h('div', { class: 'published' }, h('dt', null, say.published), h('dd', null, sentence(example.expect))),
      h('div', { class: 'computed' }, h('dt', null, say.computed), h('dd', null, failure ? `${say.failed} ${failure}` : sentence(answer))),
      h('div', null, h('dt', null, say.source), h('dd', null, h('cite', null, title), say.comma, say.section(f.text(example.section)), say.comma, source.date ? f.day(source.date) : say.undated)),
      h('div', null, h('dt', null, say.rules), h('dd', null, example.rules.map((rule) => [h('a', { class: 'tag', href: address('rules.html', lang, `#${rule}`) }, rule), ' ']))),
    ),
    figures.length > 0 && h('details', null,
      h('summary', null, say.figures(figures.length)),
      h('table', null,
        h('thead', null, h('tr', null, h('td', null), [say.place, say.expected, say.computed].map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', null, figures.map((it) => h('tr', null, h('td', null, mark(it.agrees, 'hidden')), h('th', { scope: 'row' }, parts(it.place)), h('td', null, raw(it.published)), h('td', null, raw(it.computed))))),
      ),
    ),
  )
}

/** @param {(Described | string)[]} children */
function show(children) {
  patch(/** @type {Element} */ (document.querySelector('main')), [h('h1', { key: 'title' }, say.title), h('p', { key: 'lead', class: 'lead' }, say.lead), ...children])
}

/** @param {string} text @param {string} [kind] */
const headline = (text, kind = '') => h('p', { key: 'count', class: `count ${kind}`, role: 'status' }, text)

async function prove() {
  show([headline(say.working)])
  const response = await fetch(new URL('./proof.json', import.meta.url), { cache: 'no-cache' })
  const sources = /** @type {Source[]} */ (await response.json())
  const ids = new Set(sources.flatMap(({ examples }) => examples.flatMap(({ catalog }) => (typeof catalog === 'string' ? [catalog] : []))))
  const catalogs = new Map(await Promise.all([...ids].map(async (id) => /** @type {[string, any]} */ ([id, await fetchCatalog(id)]))))
  // An example without its catalog would only seem to differ.
  if ([...catalogs.values()].includes(null)) throw new TypeError('A catalog is missing.')
  const engine = await load()
  const outcomes = sources.map((source) => source.examples.map((example) => compute(engine, example, catalogs)))
  const all = outcomes.flat()
  const right = all.filter(holds).length
  let number = 0
  show([
    headline(say.agree(right, all.length), right === all.length ? 'agrees' : 'differs'),
    ...sources.map((source, i) =>
      h('section', { class: 'group', key: `source-${i}` }, h('h2', null, f.text(source.title)), outcomes[i].map((outcome) => article(outcome, source, ++number))),
    ),
  ])
}

patch(/** @type {Element} */ (document.querySelector('header')), head(lang, 'proof.html', say.title))
document.querySelector('main')?.replaceChildren()
const begin = () => prove().catch(() => show([headline(say.missing, 'differs'), h('p', { key: 'again' }, h('button', { type: 'button', class: 'plain', onClick: begin }, say.again))]))
begin()
