// <ocr-account>: what happens to an account over a year: what is charged when, what state it is in, which alerts fire, what to do.
//
// Attributes: lang (en | zh-CN), theme (light | dark), link="hash" (takes over what a share link of the
// calculator says, and keeps what was typed in the page's address).
// Property `answer`: the engine's latest answer without the lines of its estimate, null before the first. Looks: parts sentence · inputs · line, and those of style.css.

import { Asker } from './account/asker.js'
import { calendar } from './account/ics.js'
import { readAccount, writeAccount } from './account/link.js'
import { accountFormats, accountWords } from './account/page.js'
import { problemIn, question } from './account/request.js'
import { patterns } from './account/shapes.js'
import { busy, initial, next, stale } from './account/state.js'
import { calendarOf, sentence } from './account/story.js'
import { copyView, headView, spoken, todoView } from './account/view-head.js'
import { inputsView } from './account/view-inputs.js'
import { lineView } from './account/view-line.js'
import { moreView } from './account/view-more.js'
import { rulebook } from './again.js'
import { CATALOGS, familyOf, fetchCatalog } from './catalog.js'
import { h, patch } from './dom.js'
import { langOf } from './format.js'
import { readLink } from './link.js'
import { catalogOf, lost } from './state.js'
import { foldTables } from './view/fold.js'
import { notesView, sourcesView } from './view/notes.js'
import { bare } from './view/parts.js'
import { reveal } from './view/reveal.js'
import { nouns } from './words.js'

/** @typedef {import('./account/state.js').State} State */
/** @typedef {import('./account/state.js').Answered} Answered */

/** Quiet after typing before the year is worked out anew. */
const PAUSE_MS = 120
/** Quiet before a screen reader hears the answer. */
const QUIET_MS = 700

/** @type {Promise<CSSStyleSheet[]> | undefined} */
let sheets
const styles = () =>
  (sheets ??= Promise.all(
    ['./style.css', './account/style.css'].map((file) =>
      fetch(new URL(file, import.meta.url))
        .then((response) => (response.ok ? response.text() : ''))
        .catch(() => '')
        .then((css) => new CSSStyleSheet().replace(css)),
    ),
  ))

export class OcrAccount extends HTMLElement {
  static observedAttributes = ['lang']

  /** @type {State} */ #state
  /** @type {Asker | undefined} */ #asker
  #root = this.attachShadow({ mode: 'open' })
  #drawn = false
  #due = false
  #asked = -1
  #width = 1160
  #spoken = ''
  #fetching = ''
  #away = false
  /** The problems that were last brought into sight. */ #shown = ''
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #pause
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #quiet
  /** Whether a person changed anything. */ #touched = false
  #onHash = () => location.hash.slice(1) !== writeAccount(this.#state) && this.#start()
  #observer = new ResizeObserver(([entry]) => this.#resized(Math.round(entry.contentRect.width)))
  /** Whether the sentence is out of sight: then a short form of it stays at the top. */
  #sight = new IntersectionObserver(([entry]) => this.#sighted(!entry.isIntersecting && entry.boundingClientRect.top < 0))

  constructor() {
    super()
    this.#state = initial({ lang: langOf(navigator.language) ?? 'en' }, false)
  }

  get answer() {
    return this.#state.answer?.history ?? null
  }

  async connectedCallback() {
    this.#observer.observe(this)
    if (this.#linked) addEventListener('hashchange', this.#onHash)
    if (this.#drawn) {
      this.#asker ??= new Asker()
      return
    }
    this.#drawn = true
    const first = this.#start()
    this.#asker = new Asker()
    this.#root.adoptedStyleSheets = await styles()
    await first
    this.#draw()
    const { catalog } = this.#state.calc.inputs
    for (const id of CATALOGS) if (id !== catalog) this.#fetch(id)
  }

  get #linked() {
    return this.getAttribute('link') === 'hash'
  }

  /** Begins with what the address says, else with the example. */
  #start() {
    const lang = langOf(this.getAttribute('lang')) ?? langOf(navigator.language) ?? 'en'
    const said = this.#linked ? readLink(location.hash) : {}
    const typed = this.#linked ? readAccount(location.hash) : undefined
    const fresh = initial({ ...said, lang }, typed !== undefined || Object.keys(said).some((name) => name !== 'lang'), typed)
    const { catalogs, rules } = this.#state.calc
    this.#state = { ...fresh, calc: { ...fresh.calc, listed: CATALOGS, rules }, question: this.#state.question + 1 }
    const { catalog } = this.#state.calc.inputs
    // Catalogs that are there are met as if they had just come.
    for (const [id, found] of Object.entries(catalogs)) this.#send({ type: 'fetched', id, catalog: found })
    return Object.hasOwn(catalogs, catalog) ? undefined : this.#fetch(catalog)
  }

  disconnectedCallback() {
    removeEventListener('hashchange', this.#onHash)
    clearTimeout(this.#pause)
    clearTimeout(this.#quiet)
    this.#asker?.end()
    this.#asker = undefined
    this.#observer.disconnect()
    this.#sight.disconnect()
  }

  /** @param {string} _ @param {string | null} from @param {string | null} to */
  attributeChangedCallback(_, from, to) {
    if (this.#drawn && from !== to) this.#send({ type: 'language', lang: langOf(to) ?? 'en' })
  }

  /** @param {number} width */
  #resized(width) {
    if (width === this.#width || width === 0) return
    this.#width = width
    this.#later()
  }

  /** @param {boolean} away */
  #sighted(away) {
    if (away === this.#away) return
    this.#away = away
    this.#later()
  }

  /** The one way in for events. @param {any} event */
  #send(event) {
    const before = this.#state
    this.#state = next(before, event)
    if (this.#state === before) return
    if (this.#state.question !== before.question && event.type !== 'fetched') this.#touched = true
    const { catalog } = this.#state.calc.inputs
    if (catalog !== before.calc.inputs.catalog && !catalogOf(this.#state.calc)) this.#fetch(catalog)
    if (event.type === 'retry') for (const id of new Set([catalog, ...CATALOGS])) if (!catalogOf(this.#state.calc, id)) this.#fetch(id)
    this.#fetchRules(event.type === 'unfold')
    this.#later()
  }

  /** Many changes in one turn are drawn once; what a key changed shows before its answer is worked out. */
  #later() {
    if (this.#state.question !== this.#asked) {
      clearTimeout(this.#pause)
      this.#pause = setTimeout(() => this.#ask(), this.#state.answer ? PAUSE_MS : 0)
    }
    if (this.#due) return
    this.#due = true
    setTimeout(() => {
      this.#due = false
      this.#draw()
    })
  }

  #ask() {
    const { question: number, calc } = this.#state
    if (number === this.#asked || !(catalogOf(calc) || lost(calc))) return
    this.#asked = number
    const asked = question(this.#state)
    if ('problems' in asked) return this.#send({ type: 'refused', question: number, problems: asked.problems })
    this.#asker?.ask(
      asked.request,
      (told) => this.#send({ type: 'answered', question: number, answer: { request: asked.request, inputs: calc.inputs, ...told } }),
      (error) => this.#send({ type: 'refused', question: number, problems: [problemIn(error, asked)] }),
    )
  }

  /** @param {string} id of a catalog */
  async #fetch(id) {
    this.#send({ type: 'fetched', id, catalog: await fetchCatalog(id) })
  }

  /** The rulebook is fetched once something of it is unfolded; where that failed, when something is unfolded again. @param {boolean} [asked] */
  async #fetchRules(asked = false) {
    const { opened, rules, inputs } = this.#state.calc
    const { lang } = inputs
    if (this.#fetching === lang || rules[lang] || (rules[lang] === null && !asked) || !Object.values(opened).some(Boolean)) return
    this.#fetching = lang
    const book = await rulebook(lang)
    this.#fetching = ''
    this.#send({ type: 'rules', lang, rules: book })
  }

  /** What to do and when, as a calendar. @param {import('./account/page.js').AccountPage} page @param {Answered} answer */
  #save(page, answer) {
    const { name, entries } = calendarOf(page, answer)
    const url = URL.createObjectURL(new Blob([calendar(entries, name)], { type: 'text/calendar;charset=utf-8' }))
    const link = document.createElement('a')
    link.href = url
    link.download = 'ocr-account.ics'
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }

  #draw() {
    if (this.#root.adoptedStyleSheets.length === 0) return
    const account = this.#state
    const { calc, answer, problems } = account
    const { lang } = calc.inputs
    const family = familyOf(calc.inputs.catalog)
    const history = answer?.history ?? null
    const notes = history ? [...history.estimate.notes, ...history.notes] : []
    const shown = answer && { inputs: { ...answer.inputs, lang }, request: answer.request, estimate: { ...answer.history.estimate, notes } }
    const page = /** @type {import('./account/page.js').AccountPage} */ ({
      state: { ...calc, problems, answer: shown },
      catalog: catalogOf(calc),
      answer: shown,
      stale: stale(account),
      t: accountWords(lang, family),
      f: accountFormats(lang),
      send: (event) => this.#send(event),
      rules: calc.rules[lang],
      say: (text, args) => (typeof text === 'function' ? text({ ...nouns(lang, family), ...args }) : (text ?? '')),
      width: 0,
      linked: false,
      changed: false,
      account,
      history,
      save: () => answer && this.#save(page, answer),
      wide: this.#width,
    })
    const calculator = /** @type {any} */ (page)
    const focused = this.#root.activeElement
    const list = focused?.closest('.panel, .block')
    const at = focused?.closest('.inputs') && focused.getBoundingClientRect().top
    patch(this.#root, [
      patterns(),
      h('p', { class: this.#away && answer ? 'echo' : 'echo gone', 'aria-hidden': 'true', lang, key: 'echo' }, answer && this.#away && bare(sentence(page, answer))),
      h(
        'div',
        { class: ['page', answer ? '' : 'waiting', answer && page.stale ? 'old' : '', answer && busy(account) ? 'busy' : ''].join(' '), lang, key: 'page' },
        h('header', { class: 'top' }, h('div', { class: 'over' }, h('h1', null, page.t('title')), this.#linked && copyView(page)), headView(page, answer)),
        answer && h('div', { class: 'year-of', key: 'year' }, todoView(page, answer), lineView(page, answer)),
        // Nothing is shown that the first answer would push down.
        (answer || problems.length > 0) && inputsView(page),
        h('div', { class: 'answer', 'aria-busy': String(busy(account)) }, answer && [moreView(page, answer), notesView(calculator)], (answer || problems.length > 0) && sourcesView(calculator)),
      ),
      h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite', key: 'spoken' }, this.#spoken),
    ])
    // What is typed into stays where it is, however long the answer above it becomes.
    if (focused?.isConnected && typeof at === 'number') scrollBy(0, focused.getBoundingClientRect().top - at)
    if (focused && !focused.isConnected) /** @type {HTMLElement | null | undefined} */ (list?.querySelector('button, input, select'))?.focus()
    this.#reveal()
    this.#root.querySelector('.matches [aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
    foldTables(this.#root)
    const said = this.#root.querySelector('.sentence')
    if (said) this.#sight.observe(said)
    this.#settleDown(page)
  }

  /** Another problem is brought into sight once; whoever folds it away again may. */
  #reveal() {
    const { problems } = this.#state
    const now = JSON.stringify(problems)
    if (now === this.#shown) return
    this.#shown = now
    const gone = reveal(this.#root, problems, () => this.#send({ type: 'open', open: true }))
    if (gone.length > 0) this.#send({ type: 'unplaced', fields: gone })
  }

  /** Once the typing has stopped, the new answer is spoken once. @param {import('./account/page.js').AccountPage} page */
  #settleDown(page) {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      const link = writeAccount(this.#state)
      if (this.#linked && this.#touched && location.hash.slice(1) !== link) history.replaceState(history.state, '', link ? `#${link}` : location.pathname + location.search)
      const said = spoken(page, this.#state.answer)
      if (said === this.#spoken) return
      this.#spoken = said
      this.#draw()
    }, QUIET_MS)
  }
}

if (!customElements.get('ocr-account')) customElements.define('ocr-account', OcrAccount)
