// <ocr-pricing>: what text recognition costs, and whether packages beat pay-per-use.
//
// Attributes, each narrowed to what it may say:
//   lang      en | zh-CN              else the reader's own language
//   theme     light | dark            else as the reader's system
//   catalog   id of a catalog         else huawei-cn
//   region    id of a region          else the first with a price for the API
//   api       id of an API            else the first with a price
//   calls     calls a month: 10k      else the published worked example
//   catalogs  ids, space between      else all that ship
//   wasm-url  address of the WASM     for bundlers that move it
//   link      hash                    keeps the inputs in the page's address; else the address is left alone
//
// Properties: `answer` (the engine's latest answer) and `request` (what it was asked), both null before the first.
// Event `ocr-pricing-answer`: a person changed something and got a new answer; `detail` is { request, answer }.
// Looks: custom properties and parts, listed at the top of style.css.

import { again, rulebook } from './again.js'
import { CATALOGS, familyOf, fetchCatalog } from './catalog.js'
import { h, patch } from './dom.js'
import { load, loadFirst } from './engine.js'
import { formats, langOf } from './format.js'
import { readLink, writeLink } from './link.js'
import { ask, problemOf, question } from './question.js'
import { catalogOf, initial, needsWork, next } from './state.js'
import { breakdownView } from './view/breakdown.js'
import { curveView } from './view/curve.js'
import { figuresView } from './view/figures.js'
import { foldTables } from './view/fold.js'
import { grantsView } from './view/grants.js'
import { inputsView } from './view/inputs.js'
import { booksView, notesView, sourcesView } from './view/notes.js'
import { payersView } from './view/payers.js'
import { qpsView } from './view/qps.js'
import { reveal } from './view/reveal.js'
import { readingsView } from './view/readings.js'
import { callView } from './view/receipt.js'
import { sentenceView, spoken } from './view/sentence.js'
import { slicesView } from './view/slices.js'
import { nouns, words } from './words.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./inputs.js').Inputs} Inputs */
/** @typedef {import('./engine.js').Engine} Engine */

/** Quiet after typing before a screen reader hears the answer and the address is rewritten. */
const QUIET_MS = 700
/** How long the first drawing waits for the catalog, so that nothing moves when it comes. */
const PATIENCE_MS = 1500
/** How long what is unfolded waits for more typing before it is worked out anew. */
const PAUSE_MS = 150

/** One sheet for every element on the page. @type {Promise<CSSStyleSheet> | undefined} */
let sheet

function style() {
  sheet ??= fetch(new URL('./style.css', import.meta.url))
    .then((response) => (response.ok ? response.text() : ''))
    .catch(() => '')
    .then((css) => new CSSStyleSheet().replace(css))
  return sheet
}

export class OcrPricing extends HTMLElement {
  static observedAttributes = ['lang', 'theme', 'catalog', 'region', 'api', 'calls']

  /** @type {State} */ #state
  /** @type {import('./engine.js').FirstEngine | undefined} */ #engine
  #root = this.attachShadow({ mode: 'open' })
  #drawn = false
  #asked = -1
  #due = false
  #width = 760
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #quiet
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #unfolding
  #spoken = ''
  #fetching = ''
  #marking = false
  /** The problems that were last brought into sight. */ #shown = ''
  #observer = new ResizeObserver(([entry]) => this.#resized(entry.contentRect.width))
  #onHash = () => this.#readHash()

  constructor() {
    super()
    this.#state = { ...initial({ lang: langOf(navigator.language) ?? 'en' }), listed: CATALOGS }
  }

  /** The engine's latest answer: a comparison, or an estimate where nothing can be compared. */
  get answer() {
    return this.#state.answer?.comparison ?? this.#state.answer?.estimate ?? null
  }

  /** The request behind `answer`. */
  get request() {
    return this.#state.answer?.request ?? null
  }

  connectedCallback() {
    if (this.#drawn) return this.#watch()
    const listed = (this.getAttribute('catalogs') ?? '').split(/\s+/).filter((id) => /^[a-z0-9-]{1,64}$/.test(id))
    if (listed.length > 0) this.#state = { ...this.#state, listed }
    this.#state = { ...this.#state, inputs: { ...this.#state.inputs, ...this.#chosen() } }
    if (this.#linked && location.hash.length > 1)
      this.#state = { ...this.#state, inputs: { ...this.#state.inputs, ...readLink(location.hash) } }
    this.#start()
  }

  disconnectedCallback() {
    this.#observer.disconnect()
    removeEventListener('hashchange', this.#onHash)
    clearTimeout(this.#quiet)
    clearTimeout(this.#unfolding)
  }

  /** @param {string} name @param {string | null} from @param {string | null} to */
  attributeChangedCallback(name, from, to) {
    if (!this.#drawn || from === to) return
    if (name === 'lang') this.#send({ type: 'language', lang: langOf(to) ?? langOf(navigator.language) ?? 'en' })
    else if (name !== 'theme') this.#send({ type: 'attributes', inputs: { ...this.#state.inputs, ...this.#chosen() } })
  }

  get #linked() {
    return this.getAttribute('link') === 'hash'
  }

  /** What the attributes choose. @returns {Partial<Inputs>} */
  #chosen() {
    const chosen = /** @type {Partial<Inputs>} */ ({})
    const given = (/** @type {string} */ name) => (this.getAttribute(name) ?? '').trim().slice(0, 100)
    const lang = langOf(given('lang'))
    if (lang) chosen.lang = lang
    const [catalog, region, api, calls] = ['catalog', 'region', 'api', 'calls'].map(given)
    if (/^[a-z0-9-]{1,64}$/.test(catalog)) Object.assign(chosen, { catalog, region: '', api: '', purchases: [] })
    if (region) chosen.region = region
    if (api) Object.assign(chosen, { api, purchases: [], ...(region ? {} : { region: '' }) })
    if (calls) Object.assign(chosen, { pattern: 'same', same: calls })
    return chosen
  }

  async #start() {
    this.#drawn = true
    const { catalog } = this.#state.inputs
    const first = this.#fetch(catalog)
    this.#loadEngine()
    const looks = await style()
    // The catalog decides how much room things take; only a slow one is not waited for.
    await Promise.race([first, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
    this.#root.adoptedStyleSheets = [looks]
    this.#watch()
    this.#draw()
    await first
    for (const id of this.#state.listed)
      if (id !== catalog) this.#fetch(id)
  }

  #watch() {
    this.#observer.observe(this)
    if (this.#linked) addEventListener('hashchange', this.#onHash)
  }

  async #loadEngine() {
    try {
      const wasmUrl = this.getAttribute('wasm-url')
      this.#engine = await (wasmUrl ? load({ wasmUrl }) : loadFirst())
      this.#send({ type: 'engine', engine: { at: 'ready' } })
    } catch (error) {
      this.#send({ type: 'engine', engine: { at: 'missing', why: /** @type {any} */ (error).code } })
    }
  }

  #readHash() {
    const written = writeLink(this.#state.inputs)
    if (location.hash.replace(/^#/, '') === written) return
    const { lang } = this.#state.inputs
    this.#send({ type: 'link', inputs: { ...initial({ lang, ...this.#chosen() }).inputs, ...readLink(location.hash) } })
  }

  /** @param {number} hostWidth */
  #resized(hostWidth) {
    const answer = this.#root.querySelector('.answer')
    const width = Math.round(answer?.clientWidth ?? hostWidth)
    if (width === this.#width || width === 0) return
    this.#width = width
    this.#later()
  }

  /** The one way in for events. @param {any} event */
  #send(event) {
    const before = this.#state
    this.#state = next(before, event)
    if (event.type === 'retry' && before.engine.at === 'missing') this.#loadEngine()
    this.#fetchRules(event.type === 'unfold')
    const { catalog } = this.#state.inputs
    if (catalog !== before.inputs.catalog && !catalogOf(this.#state)) this.#fetch(catalog)
    if (event.type === 'retry') for (const id of new Set([catalog, ...this.#state.listed])) if (!catalogOf(this.#state, id)) this.#fetch(id)
    if (this.#state !== before) this.#later()
  }

  /** @param {string} id of a catalog */
  async #fetch(id) {
    this.#send({ type: 'fetched', id, catalog: await fetchCatalog(id) })
  }

  /** The rulebook is fetched once something of it is unfolded; where that failed, when something is unfolded again. @param {boolean} [asked] */
  async #fetchRules(asked = false) {
    const { opened, rules, inputs } = this.#state
    const { lang } = inputs
    if (this.#fetching === lang || rules[lang] || (rules[lang] === null && !asked) || !Object.values(opened).some(Boolean)) return
    this.#fetching = lang
    const book = await rulebook(lang)
    this.#fetching = ''
    this.#send({ type: 'rules', lang, rules: book })
  }

  /** What is unfolded is worked out once the answer itself stands on the screen. */
  #workOut() {
    const wanted = () => {
      const { opened, more, answer } = this.#state
      return Object.keys(opened).filter((key) => opened[key] && needsWork(key) && more[key]?.answer !== answer)
    }
    clearTimeout(this.#unfolding)
    const keys = wanted()
    if (keys.length === 0 || !this.#state.answer) return
    const work = async () => {
      const loading = [again(() => import('./more.js'), new URL('./more.js', import.meta.url)), load({ wasmUrl: this.getAttribute('wasm-url') ?? undefined })]
      const [tools, engine] = await Promise.all(/** @type {[Promise<typeof import('./more.js')>, Promise<Engine>]} */ (loading)).catch(() => [])
      const { answer } = this.#state
      if (!answer) return
      for (const key of wanted()) {
        const more = tools && engine ? tools.workOut(engine, key, answer) : { answer, problems: [{ code: 'engine_not_loaded' }] }
        this.#state = next(this.#state, { type: 'more', key, more })
      }
      this.#draw()
    }
    this.#unfolding = setTimeout(work, keys.some((key) => this.#state.more[key]) ? PAUSE_MS : 0)
  }

  /** Many changes in one turn are asked and drawn once, and a key that was pressed shows before its answer is worked out. */
  #later() {
    if (this.#due) return
    this.#due = true
    setTimeout(() => {
      this.#due = false
      this.#ask()
      this.#draw()
    })
  }

  #ask() {
    const { question: number, engine, byPerson, inputs } = this.#state
    if (number === this.#asked || engine.at !== 'ready' || !this.#engine) return
    this.#asked = number
    const asked = question(this.#state)
    if ('problems' in asked) {
      this.#state = next(this.#state, { type: 'refused', question: number, problems: asked.problems })
      return
    }
    try {
      const answer = ask(this.#engine, asked.request, inputs)
      this.#state = next(this.#state, { type: 'answered', question: number, answer })
      if (byPerson) {
        this.#marking = true
        const detail = { request: this.request, answer: this.answer }
        this.dispatchEvent(new CustomEvent('ocr-pricing-answer', { detail, bubbles: true, composed: true }))
      }
    } catch (error) {
      this.#state = next(this.#state, {
        type: 'refused',
        question: number,
        problems: [problemOf(/** @type {any} */ (error), asked.fields)],
      })
    }
  }

  #draw() {
    if (this.#root.adoptedStyleSheets.length === 0) return
    const state = this.#state
    const { lang } = state.inputs
    const family = familyOf(state.inputs.catalog)
    const page = {
      state,
      catalog: catalogOf(state),
      answer: state.answer,
      stale: state.problems.length > 0,
      t: words(lang, family),
      f: formats(lang),
      send: (/** @type {any} */ event) => this.#send(event),
      rules: state.rules[lang],
      say: (/** @type {import('./more.js').RuleText | undefined} */ text, /** @type {Record<string, any> | undefined} */ args) =>
        typeof text === 'function' ? text({ ...nouns(lang, family), ...args }) : (text ?? ''),
      width: this.#width,
      linked: this.#linked,
      changed: writeLink(state.inputs) !== '',
    }
    const focused = this.#root.activeElement
    const panel = focused?.closest('.panel, .block, .page')
    const classes = ['page', state.answer ? '' : 'waiting', page.stale ? 'old' : ''].join(' ')
    patch(
      this.#root,
      [
        h(
          'div',
          { class: classes, lang },
          h('header', { class: 'top' }, sentenceView(page)),
          inputsView(page),
          h(
            'div',
            { class: 'answer', 'aria-busy': String(!state.answer && state.engine.at === 'loading') },
            (state.answer || state.engine.at !== 'missing') && [
              figuresView(page),
              breakdownView(page),
              slicesView(page),
              grantsView(page),
              payersView(page),
              callView(page),
              curveView(page),
              readingsView(page),
              qpsView(page),
              notesView(page),
            ],
            sourcesView(page),
            booksView(page),
          ),
          h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' }, this.#spoken),
        ),
      ],
      this.#marking ? flash : undefined,
    )
    this.#marking = false
    // Whatever had the focus may be gone: go on from where it was.
    if (focused && !focused.isConnected) /** @type {HTMLElement | null | undefined} */ (panel?.querySelector('button, input, summary'))?.focus()
    this.#reveal()
    this.#root.querySelector('.matches [aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
    foldTables(this.#root)
    this.#settleDown(page)
    this.#workOut()
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

  /**
   * Once the typing has stopped: the new answer is spoken once, and the address says how to come back to it.
   * @param {import('./view/parts.js').Page} page
   */
  #settleDown(page) {
    clearTimeout(this.#quiet)
    this.#quiet = setTimeout(() => {
      const said = spoken(page)
      if (said !== this.#spoken) {
        this.#spoken = said
        this.#draw()
      }
      const link = writeLink(page.state.inputs)
      if (page.linked && page.state.byPerson && location.hash.replace(/^#/, '') !== link)
        history.replaceState(history.state, '', link ? `#${link}` : location.pathname + location.search)
    }, QUIET_MS)
  }
}

/** Marks a figure that changed, quietly and for a moment. @param {Element} element */
function flash(element) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  element.animate?.([{ backgroundColor: 'var(--ocr-mark)' }, { backgroundColor: 'transparent' }], { duration: 900, easing: 'ease-out' })
}
