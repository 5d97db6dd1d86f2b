// <ocr-replay>: what a call log should have cost, and why. The log is read in a worker of this page and goes nowhere else.
//
// Attributes: lang (en | zh-CN), theme (light | dark), link="hash" (takes over what a share link of the calculator says).
// Property `answer`: the engine's latest answer, null before the first.

import { rulebook } from './again.js'
import { CATALOGS, familyOf, fetchCatalog } from './catalog.js'
import { h, patch } from './dom.js'
import { langOf } from './format.js'
import { readLink } from './link.js'
import { problemOf } from './question.js'
import { billRows, placed, readBill, suggested } from './replay/bill.js'
import { replayFormats, replayWords } from './replay/page.js'
import { CANCELLED, LogReader } from './replay/reader.js'
import { headQuestion, lacking, otherQuestion, question } from './replay/request.js'
import { calledOf, COLUMNS, initial, next, stale } from './replay/state.js'
import { answerPanels, headView, spoken } from './replay/view-answer.js'
import { boughtView } from './replay/view-bought.js'
import { logView } from './replay/view-log.js'
import { billView, callView, exportView, otherView } from './replay/view-more.js'
import { catalogOf, unplaced } from './state.js'
import { readInstant } from './typed.js'
import { foldTables } from './view/fold.js'
import { sourcesView } from './view/notes.js'
import { reveal } from './view/reveal.js'
import { nouns } from './words.js'

/** @typedef {import('./replay/state.js').State} State */
/** @typedef {import('./replay/state.js').Answered} Answered */
/** @typedef {import('./question.js').Problem} Problem */

/** Quiet after a change before the log is read anew. */
const QUIET_MS = 350
/** Where the columns that were mapped by hand are remembered. */
const MEMORY = 'ocr-pricing-columns'
/** Headers that are remembered. */
const MEMORY_END = 50

/** @type {Promise<CSSStyleSheet[]> | undefined} */
let sheets
const styles = () =>
  (sheets ??= Promise.all(
    ['./style.css', './replay/style.css'].map((file) =>
      fetch(new URL(file, import.meta.url))
        .then((response) => (response.ok ? response.text() : ''))
        .catch(() => '')
        .then((css) => new CSSStyleSheet().replace(css)),
    ),
  ))

export class OcrReplay extends HTMLElement {
  static observedAttributes = ['lang']

  /** @type {State} */ #state
  #root = this.attachShadow({ mode: 'open' })
  #reader = new LogReader()
  #other = new LogReader()
  /** What was asked last: of the first lines, of the log, of the log as well, of the bill. */
  #asked = { head: '', log: '', other: '', bill: '', call: '' }
  /** @type {Map<string, string>} the fields of the question asked last */ #fields = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #quiet
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #otherQuiet
  #due = false
  #drawn = false
  #over = false
  #spoken = ''
  /** What is on the screen, whole. @type {State | null} */ #shown = null
  /** Whether a file was held over it then. */ #shownOver = false
  /** The panels of the answer, as they were described last. @type {import('./dom.js').Child[]} */ #panels = []
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #drawing
  #fetching = ''
  /** The problems that were last brought into sight. */ #revealed = ''
  /** Fields of theirs that are nowhere on the page. @type {string[]} */ #gone = []
  /** A part of the page to go to once everything is drawn. */ #goal = ''

  constructor() {
    super()
    this.#state = initial({ lang: langOf(navigator.language) ?? 'en' }, false)
  }

  get answer() {
    return this.#state.answer?.answer ?? null
  }

  async connectedCallback() {
    if (this.#drawn) return
    this.#drawn = true
    const lang = langOf(this.getAttribute('lang')) ?? langOf(navigator.language) ?? 'en'
    const said = this.getAttribute('link') === 'hash' ? readLink(location.hash) : {}
    this.#state = initial({ ...said, lang }, Object.keys(said).some((name) => name !== 'lang'))
    this.#state = { ...this.#state, calc: { ...this.#state.calc, listed: CATALOGS } }
    const { catalog } = this.#state.calc.inputs
    const first = this.#fetch(catalog)
    this.#root.adoptedStyleSheets = await styles()
    this.#listen()
    await first
    this.#draw()
    for (const id of CATALOGS) if (id !== catalog) this.#fetch(id)
  }

  disconnectedCallback() {
    clearTimeout(this.#quiet)
    clearTimeout(this.#otherQuiet)
    this.#reader.cancel()
    this.#other.cancel()
  }

  /** @param {string} _ @param {string | null} from @param {string | null} to */
  attributeChangedCallback(_, from, to) {
    if (this.#drawn && from !== to) this.#send({ type: 'language', lang: langOf(to) ?? 'en' })
  }

  /** A file can be dropped anywhere on the element. */
  #listen() {
    const files = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files')
    const over = (/** @type {boolean} */ to) => {
      if (this.#over === to) return
      this.#over = to
      this.#later()
    }
    this.addEventListener('dragover', (event) => {
      if (!files(event)) return
      event.preventDefault()
      over(true)
    })
    this.addEventListener('dragleave', (event) => !this.contains(/** @type {Node | null} */ (event.relatedTarget)) && over(false))
    this.addEventListener('drop', (event) => {
      if (!files(event)) return
      event.preventDefault()
      over(false)
      const file = event.dataTransfer?.files[0]
      const onBill = event.composedPath().some((it) => it instanceof Element && it.matches('.bill'))
      if (file) onBill ? this.#takeBill(file) : this.#take(file)
    })
  }

  /** The one way in for events. @param {any} event */
  #send(event) {
    const before = this.#state
    this.#state = next(before, event)
    if (this.#state === before) return
    const { catalog } = this.#state.calc.inputs
    const were = [before.calc.inputs.catalog, before.other?.catalog]
    ;[catalog, this.#state.other?.catalog].forEach((id, i) => id && id !== were[i] && !catalogOf(this.#state.calc, id) && this.#fetch(id))
    if (event.type === 'retry') for (const id of new Set([catalog, ...CATALOGS])) if (!catalogOf(this.#state.calc, id)) this.#fetch(id)
    if (event.type === 'column') this.#remember()
    if (event.type === 'other' && !event.open) this.#other.cancel()
    this.#fetchRules(event.type === 'unfold')
    this.#later()
  }

  /** Many changes in one turn are drawn once. */
  #later() {
    if (this.#due) return
    this.#due = true
    setTimeout(() => {
      this.#due = false
      this.#ask()
      this.#draw()
    })
  }

  /** Another log. @param {File} file */
  #take(file) {
    this.#reader.drop()
    this.#other.cancel()
    this.#asked = { head: '', log: '', other: '', bill: '', call: '' }
    this.#send({ type: 'file', file })
  }

  /** Whatever has changed is asked. */
  #ask() {
    const { file, head, work } = this.#state
    const catalog = catalogOf(this.#state.calc)
    if (!catalog || !file) return
    const headed = JSON.stringify([file.name, file.size, file.lastModified, catalog.id, this.#state.columns])
    if (headed !== this.#asked.head) {
      this.#asked.head = headed
      this.#askHead(file)
      return
    }
    if (!head) return
    const asked = question(this.#state)
    this.#wrong('problems', 'problems' in asked ? asked.problems : [])
    if ('problems' in asked) return
    const { catalog: of, ...request } = asked.request
    const wanted = JSON.stringify([headed, of.id, of === catalog || of.apis, request])
    if (lacking(this.#state).length > 0) {
      if (work.at !== 'waiting') this.#send({ type: 'work', work: { at: 'waiting' } })
      return
    }
    if (wanted !== this.#asked.log) {
      this.#asked.log = wanted
      this.#fields = asked.fields
      clearTimeout(this.#quiet)
      this.#quiet = setTimeout(() => this.#read(), this.#state.answer ? QUIET_MS : 0)
      if (work.at !== 'waiting') this.#send({ type: 'work', work: { at: 'waiting' } })
    }
    this.#askOther()
    this.#askBill()
    this.#askReceipt()
  }

  /** What was typed and is no question. @param {'problems' | 'otherProblems'} of @param {Problem[]} problems */
  #wrong(of, problems) {
    if (JSON.stringify(problems) !== JSON.stringify(this.#state[of])) this.#state = next(this.#state, { type: 'problems', of, problems })
  }

  /** @param {File} file */
  async #askHead(file) {
    const catalog = catalogOf(this.#state.calc)
    if (!catalog) return
    // Whatever is being read was asked with other columns.
    this.#reader.stop()
    const mine = this.#asked.head
    if (!this.#state.head) this.#send({ type: 'work', work: { at: 'reading', began: performance.now() } })
    try {
      const request = headQuestion(catalog, this.#state)
      let head = await this.#reader.head(file, request)
      // Without a time nothing is read further; the first rows are shown all the same.
      if (head.columns.at == null && head.sample.length === 0) {
        const { sample } = await this.#reader.head(file, { ...request, columns: { ...request.columns, at: 0 } })
        head = { ...head, sample }
      }
      if (mine !== this.#asked.head) return
      const first = this.#state.head === null
      const known = first ? this.#remembered(head) : undefined
      this.#asked.log = ''
      this.#send({ type: 'head', head, ...(known ? { columns: known } : {}) })
    } catch (error) {
      if (mine === this.#asked.head) this.#failed('work', error)
    }
  }

  async #read() {
    const { file } = this.#state
    const asked = question(this.#state)
    if (!file || 'problems' in asked || lacking(this.#state).length > 0) return
    const mine = this.#asked.log
    const { inputs } = this.#state.calc
    const began = performance.now()
    this.#reader.stop()
    this.#send({ type: 'work', work: { at: 'reading', began } })
    try {
      const answer = await this.#reader.read(file, asked.request, (progress) => mine === this.#asked.log && this.#send({ type: 'work', work: { at: 'reading', began, progress } }))
      if (mine !== this.#asked.log) return
      this.#send({ type: 'answer', answer: { request: asked.request, answer, inputs } })
    } catch (error) {
      if (mine === this.#asked.log) this.#failed('work', error)
    }
  }

  /** The same log under another question, in a worker of its own. */
  #askOther() {
    const { file, other, answer, work } = this.#state
    if (!file || !other || !answer || work.at !== 'none') return
    const asked = otherQuestion(this.#state, answer.request)
    this.#wrong('otherProblems', 'problems' in asked ? asked.problems : [])
    if ('problems' in asked) return
    const { catalog, ...request } = asked.request
    const wanted = JSON.stringify([this.#asked.log, catalog.id, request])
    if (wanted === this.#asked.other) return
    this.#asked.other = wanted
    clearTimeout(this.#otherQuiet)
    this.#otherQuiet = setTimeout(() => this.#readOther(file, asked.request, asked.fields), QUIET_MS)
  }

  /** @param {File} file @param {import('./replay/state.js').ReplayRequest} request @param {Map<string, string>} fields */
  async #readOther(file, request, fields) {
    const mine = this.#asked.other
    const began = performance.now()
    this.#other.cancel()
    this.#send({ type: 'other-work', work: { at: 'reading', began } })
    try {
      const answer = await this.#other.read(file, request, (progress) => mine === this.#asked.other && this.#send({ type: 'other-work', work: { at: 'reading', began, progress } }))
      if (mine === this.#asked.other) this.#send({ type: 'other-answer', answer: { request, answer, inputs: this.#state.calc.inputs } })
    } catch (error) {
      if (mine === this.#asked.other) this.#failed('other-work', error, fields)
    }
    // Its answer is all that is wanted of it.
    if (mine === this.#asked.other) this.#other.cancel()
  }

  /** @param {'work' | 'other-work'} type @param {any} error @param {Map<string, string>} [fields] */
  #failed(type, error, fields = this.#fields) {
    if (error === CANCELLED) return
    const problem = problemOf({ code: error.code ?? 'engine_restarted', place: error.place ?? 'log', message: error.message ?? '' }, fields)
    this.#send({ type, work: { at: 'failed', problem } })
  }

  /** @param {File} file */
  async #takeBill(file) {
    this.#asked.bill = ''
    const { name } = file
    const nothing = { name, rows: [], lines: [], separator: ',', columns: {}, zone: '' }
    try {
      const read = await readBill(file)
      this.#send({ type: 'bill', bill: { ...nothing, ...read, columns: suggested(read.rows[0]) } })
    } catch (error) {
      const { code = 'file_unreadable', place } = /** @type {any} */ (error)
      this.#send({ type: 'bill', bill: { ...nothing, problem: { code, place } } })
    }
  }

  async #askBill() {
    const { bill, answer } = this.#state
    if (!bill || !answer || bill.rows.length === 0 || stale(this.#state) || bill.columns.start == null || bill.columns.amount == null) return
    const wanted = JSON.stringify([this.#asked.log, bill.name, bill.columns])
    if (wanted === this.#asked.bill) return
    this.#asked.bill = wanted
    const { result: _, problem: __, ...asked } = bill
    const show = (/** @type {any} */ more) => wanted === this.#asked.bill && this.#send({ type: 'bill', bill: { ...asked, ...more } })
    try {
      const { lines, rows, leftOut } = billRows(bill, bill.columns, answer.request.catalog.utcOffset, answer.request.catalog)
      const result = await this.#reader.ask('reconcile', lines).catch((problem) => Promise.reject(placed(problem, rows)))
      const foreign = [...leftOut.foreign, ...result.unplaced.map((/** @type {number} */ index) => rows[index])].sort((a, b) => a.line - b.line)
      show({ result: { ...result, leftOut: { ...leftOut, foreign } }, of: answer })
    } catch (error) {
      if (error === CANCELLED) return
      const { code, place, column, either } = /** @type {any} */ (error)
      show({ problem: { code: code ?? 'engine_restarted', place, either, field: column && `bill.${column}` } })
    }
  }

  /** Who paid for one call, once its second is typed. */
  async #askReceipt() {
    const { call, answer, zone } = this.#state
    if (!answer || stale(this.#state)) return
    const wanted = JSON.stringify([this.#asked.log, call])
    if (wanted === this.#asked.call) return
    this.#asked.call = wanted
    const show = (/** @type {any} */ receipt) => wanted === this.#asked.call && this.#send({ type: 'receipt', receipt })
    if (call.at.trim() === '') return show(null)
    const { at, api, region, project, user } = calledOf(this.#state)
    const read = readInstant(at, zone || answer.request.catalog.utcOffset)
    if ('code' in read) return show({ problem: { ...read, field: 'call.at' } })
    try {
      show({ value: await this.#reader.ask('receipt', { at: read.value, api, region, ...(project ? { project } : {}), ...(user ? { user } : {}) }) })
    } catch (error) {
      if (error === CANCELLED) return
      const { code, place } = /** @type {any} */ (error)
      show({ problem: { code: code ?? 'engine_restarted', field: place === 'call.api' || place === 'call.region' ? place : 'call.at' } })
    }
  }

  /** Once what was sent before is drawn. @param {string} css */
  #go(css) {
    this.#goal = css
    this.#later()
  }

  /** Where a person wanted to go comes into sight and has the focus. */
  #arrive() {
    const goal = /** @type {HTMLElement | null} */ (this.#goal && this.#root.querySelector(this.#goal))
    this.#goal = ''
    if (!goal) return
    const whole = goal.matches('section')
    if (whole) goal.tabIndex = -1
    goal.scrollIntoView({ block: whole ? 'start' : 'center' })
    goal.focus({ preventScroll: true })
  }

  #cancel() {
    this.#reader.cancel()
    clearTimeout(this.#quiet)
    this.#send({ type: 'work', work: { at: 'cancelled' } })
  }

  /** What a person mapped for a file with this header. @param {import('./replay/state.js').Head} head */
  #remembered({ header }) {
    const all = memory()
    const known = Object.hasOwn(all, keyOf(header)) ? all[keyOf(header)] : undefined
    // What is stored may be anything.
    const sound = COLUMNS.filter((column) => known?.[column] === null || (Number.isInteger(known?.[column]) && known[column] >= 0 && known[column] < header.length))
    return sound.length > 0 ? Object.fromEntries(sound.map((column) => [column, known[column]])) : undefined
  }

  #remember() {
    const { head, columns } = this.#state
    if (!head) return
    const { [keyOf(head.header)]: _, ...others } = memory()
    const all = Object.entries({ ...others, [keyOf(head.header)]: columns }).slice(-MEMORY_END)
    try {
      localStorage.setItem(MEMORY, JSON.stringify(Object.fromEntries(all)))
    } catch {
      // A page that may not store anything forgets.
    }
  }

  /** @param {string} name @param {string} text @param {string} type */
  #download(name, text, type) {
    // For spreadsheets with a mark of the encoding, or they read Chinese as something else.
    const url = URL.createObjectURL(new Blob(type === 'text/csv' && !name.startsWith('focus') ? ['\uFEFF', text] : [text], { type: `${type};charset=utf-8` }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  }

  /** @param {string} what @param {string} name @param {string} type */
  async #save(what, name, type) {
    const { file, answer } = this.#state
    if (!file || !answer) return
    const saving = (/** @type {any} */ saving) => this.#send({ type: 'saving', saving })
    saving({ what })
    try {
      this.#download(name, what === 'ledger-csv' ? await this.#ledger(file, answer.request) : await this.#reader.ask('export', what), type)
      saving(null)
    } catch (error) {
      const { code, place } = /** @type {any} */ (error)
      saving(error === CANCELLED ? null : { what, problem: { code: code ?? 'engine_restarted', place } })
    }
  }

  /** A ledger has every draw: the log is read again for it. @param {File} file @param {import('./replay/state.js').ReplayRequest} request */
  async #ledger(file, request) {
    const reader = new LogReader()
    try {
      await reader.read(file, { ...request, detail: 'draw' }, () => {})
      return await reader.ask('export', 'ledger-csv')
    } finally {
      reader.cancel()
    }
  }

  /** @param {string} id of a catalog */
  async #fetch(id) {
    this.#send({ type: 'fetched', id, catalog: await fetchCatalog(id) })
  }

  /** The rulebook is fetched once something of it is unfolded; where that failed, when something is unfolded again. @param {boolean} [asked] */
  async #fetchRules(asked = false) {
    const { opened, rules, inputs } = this.#state.calc
    const { lang } = inputs
    if (this.#fetching === lang || rules[lang] || (rules[lang] === null && !asked) || !(Object.values(opened).some(Boolean) || this.#state.receipt?.value)) return
    this.#fetching = lang
    const book = await rulebook(lang)
    this.#fetching = ''
    this.#send({ type: 'rules', lang, rules: book })
  }

  #draw() {
    if (this.#root.adoptedStyleSheets.length === 0) return
    const log = this.#state
    const { lang } = log.calc.inputs
    const family = familyOf(log.calc.inputs.catalog)
    const answer = log.answer && { inputs: { ...log.answer.inputs, lang }, request: /** @type {any} */ (log.answer.request), estimate: log.answer.answer.estimate }
    const page = /** @type {import('./replay/page.js').ReplayPage} */ ({
      state: { ...log.calc, problems: unplaced(problemsOf(log), this.#gone), answer },
      catalog: catalogOf(log.calc),
      answer,
      stale: stale(log),
      t: replayWords(lang, family),
      f: replayFormats(lang),
      send: (event) => this.#send(event),
      rules: log.calc.rules[lang],
      say: (text, args) => (typeof text === 'function' ? text({ ...nouns(lang, family), ...args }) : (text ?? '')),
      width: 0,
      linked: false,
      changed: false,
      log,
      take: (file) => this.#take(file),
      takeBill: (file) => this.#takeBill(file),
      again: () => {
        if (this.#state.head) return this.#read()
        this.#asked.head = ''
        this.#later()
      },
      cancel: () => this.#cancel(),
      go: (css) => this.#go(css),
      download: (name, text, type) => this.#download(name, text, type),
      save: (what, name, type) => this.#save(what, name, type),
    })
    clearTimeout(this.#drawing)
    const place = this.#root.querySelector('.log')
    if (place && this.#shown && this.#shownOver === this.#over && onlyProgress(this.#shown, log)) return this.#patch(place, logView(page).children)
    const panels = [...answerPanels(page), ...[callView, otherView, billView, exportView, sourcesView].map((view) => () => view(page))]
    const fresh = log.answer !== this.#shown?.answer && this.#root.querySelector('.answer')
    if (!fresh) {
      this.#panels = panels.map((panel) => panel())
      return this.#put(page)
    }
    // Another answer is drawn a panel at a time, so that whoever types meanwhile does not wait for all of them.
    let at = 0
    const step = () => {
      this.#panels[at] = panels[at]()
      at += 1
      if (at === panels.length) return this.#put(page)
      this.#patch(fresh, h('div', null, this.#panels).children)
      this.#drawing = setTimeout(step)
    }
    step()
  }

  /** Whatever had the focus may be gone: it goes on from where it was. @param {Node} parent @param {(import('./dom.js').Described | string)[]} children */
  #patch(parent, children) {
    const focused = this.#root.activeElement
    const list = focused?.closest('.panel, .block')
    patch(parent, children)
    if (focused && !focused.isConnected) /** @type {HTMLElement | null | undefined} */ (list?.querySelector('button, input, select'))?.focus()
  }

  /** Another problem is brought into sight once; whoever folds it away again may. @param {Problem[]} problems */
  #reveal(problems) {
    const now = JSON.stringify(problems)
    if (now === this.#revealed) return
    this.#revealed = now
    const gone = reveal(this.#root, problems, () => this.#send({ type: 'open', open: true }))
    if (gone.join() === this.#gone.join()) return
    this.#gone = gone
    this.#later()
  }

  /** Puts everything in its place. @param {import('./replay/page.js').ReplayPage} page */
  #put(page) {
    const { log, answer } = page
    this.#shown = log
    this.#shownOver = this.#over
    const said = answer && log.work.at === 'none' && log.answer ? spoken(page, log.answer) : ''
    if (said) this.#spoken = said
    this.#patch(this.#root, [
      h(
        'div',
        { class: ['page', answer ? '' : 'waiting', answer && page.stale ? 'old' : '', this.#over ? 'over' : ''].join(' '), lang: log.calc.inputs.lang },
        h('header', { class: 'top' }, h('h1', null, page.t('title')), headView(page)),
        logView(page),
        boughtView(page),
        h('div', { class: 'answer', 'aria-busy': String(log.work.at === 'reading') }, this.#panels),
        h('p', { class: 'hidden', role: 'status', 'aria-live': 'polite' }, this.#spoken),
      ),
    ])
    this.#reveal(problemsOf(log))
    this.#root.querySelector('.matches [aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
    foldTables(this.#root, false)
    this.#arrive()
  }
}

/** Whether nothing but how far the log has been read is new. @param {State} before @param {State} now */
const onlyProgress = (before, now) => before.work.at === 'reading' && now.work.at === 'reading' && Object.entries(now).every(([name, value]) => name === 'work' || before[/** @type {keyof State} */ (name)] === value)

/** Everything wrong that has a field. @param {State} state */
const problemsOf = ({ problems, otherProblems, work, otherWork, receipt }) => [...problems, ...otherProblems, ...[work, otherWork].flatMap((it) => (it.at === 'failed' ? [it.problem] : [])), ...(receipt?.problem ? [receipt.problem] : [])]

/** @param {string[]} header */
const keyOf = (header) => header.join('\t').slice(0, 2_000)

/** @returns {Record<string, any>} */
function memory() {
  try {
    const known = JSON.parse(localStorage.getItem(MEMORY) ?? '{}')
    return typeof known === 'object' && known !== null ? known : {}
  } catch {
    return {}
  }
}

if (!customElements.get('ocr-replay')) customElements.define('ocr-replay', OcrReplay)
