// The engine's door: loads the WASM once and is the only importer of the generated packages: the whole engine, and a small one
// for a page's first answer. The same module serves browsers and Node. Every failure is a `PricingError`. Arguments are copied to plain
// data before the engine sees them, so that no code of a caller ever runs inside it. After a trap the engine starts afresh by itself;
// what was open then is gone.

import { again } from './again.js'

/** @typedef {import('./ocr_pricing.js').Catalog} Catalog */
/** @typedef {import('./ocr_pricing.js').Request} Request */
/** @typedef {import('./ocr_pricing.js').Estimate} Estimate */
/** @typedef {import('./ocr_pricing.js').Comparison} Comparison */
/** @typedef {import('./ocr_pricing.js').Problem} Problem */
/** @typedef {import('./ocr_pricing.js').Receipt} Receipt */
/** @typedef {import('./ocr_pricing.js').CallRow} CallRow */
/** @typedef {import('./ocr_pricing.js').QpsRequest} QpsRequest */
/** @typedef {import('./ocr_pricing.js').Concurrency} Concurrency */
/** @typedef {import('./ocr_pricing.js').Reading} Reading */
/** @typedef {import('./ocr_pricing.js').What} What */
/** @typedef {import('./ocr_pricing.js').Charge} Charge */
/** @typedef {import('./ocr_pricing.js').BillRow} BillRow */
/** @typedef {import('./ocr_pricing.js').Reconciliation} Reconciliation */
/** @typedef {import('./ocr_pricing.js').Account} Account */
/** @typedef {import('./ocr_pricing.js').History} History */
/** @typedef {import('./ocr_pricing.js').ReplayRequest} ReplayRequest */
/**
 * A call log that is being read: push its bytes, finish it, push again what `refine` names; free it afterwards. Once it was freed, or the
 * engine was started afresh, it answers `handle_gone`.
 * @typedef {import('./ocr_pricing.js').Replay} Replay
 */

/** What went wrong, where, and in one sentence of English; programs and translations go by `code` and `place`. */
export class PricingError extends Error {
  /** @param {string} code @param {string} place @param {string} message */
  constructor(code, place, message) {
    super(message)
    this.name = 'PricingError'
    this.code = code
    this.place = place
  }
}

/**
 * Values in, values out; nothing is remembered between calls.
 * @typedef {object} Engine
 * @property {(catalog: Catalog, options?: { on?: string }) => Problem[]} lint what is wrong with a catalog; sound: no problem of severity `error`
 * @property {(request: Request) => Estimate} estimate what it costs, line by line
 * @property {(request: Request) => Comparison} compare with these packages against pay-per-use alone
 * @property {(request: Request, call: CallRow) => Receipt} receipt who paid for one call, and who did not and why
 * @property {(request: Request) => Reading[]} readings what changes where official texts can be read another way
 * @property {(request: Request, what: What | 'json') => string} export the answer as a file, in as much detail as the request asks for
 * @property {(request: QpsRequest) => Concurrency} qps queries per second: needed, included, bought
 * @property {(request: Request) => Charge[]} charges why calls were charged, and what would have avoided it
 * @property {(request: Request & { account: Account }) => History} account what happens to an account over time
 * @property {(request: Request & { bill: BillRow[] }) => Reconciliation} reconcile the answer against the provider's bill
 * @property {(request: ReplayRequest) => Replay} replay what a call log should have cost
 */

/** What the first answer on a page needs; a smaller download. @typedef {Pick<Engine, 'estimate' | 'compare'>} FirstEngine */
/** What wasm-bindgen wrote around a module. @typedef {typeof import('./ocr_pricing.js')} Glue */

/** Each engine: on its way, or there. @type {Map<string, Promise<any>>} */
const engines = new Map()
/** Whether loading has failed: then nothing that a browser kept of it is trusted. */
let failed = false

/**
 * Loads the engine; asked again, gives the same one. After a failure the next call tries anew.
 * @param {{ wasmUrl?: string | URL }} [options] `wasmUrl`: where the WASM is, if a bundler has moved it
 * @returns {Promise<Engine>}
 */
export function load({ wasmUrl = new URL('./ocr_pricing_bg.wasm', import.meta.url) } = {}) {
  return once('whole', () => again(() => import('./ocr_pricing.js'), new URL('./ocr_pricing.js', import.meta.url)), wasmUrl)
}

/**
 * Loads the small engine, which can do what a page's first answer needs; the same prices by the same code.
 * @returns {Promise<FirstEngine>}
 */
export function loadFirst() {
  return once('first', () => again(() => import('./ocr_pricing_first.js'), new URL('./ocr_pricing_first.js', import.meta.url)), new URL('./ocr_pricing_first_bg.wasm', import.meta.url))
}

/** @param {string} name @param {() => Promise<any>} glue @param {string | URL} url */
function once(name, glue, url) {
  const loading =
    engines.get(name) ??
    start(glue, url).catch((error) => {
      engines.delete(name)
      failed = true
      throw error instanceof PricingError
        ? error
        : new PricingError('engine_not_loaded', 'engine', `The engine could not be loaded: ${error?.message ?? error}`)
    })
  engines.set(name, loading)
  return loading
}

/** @param {() => Promise<Glue>} load @param {string | URL} url @returns {Promise<Engine>} */
async function start(load, url) {
  if (typeof WebAssembly !== 'object') throw new PricingError('no_webassembly', 'engine', 'This program cannot run WebAssembly.')
  const [glue, module] = await Promise.all([load(), compile(url)])
  glue.initSync({ module })
  const instances = new Instances(glue)
  /** @param {string[]} names of the arguments @param {(...args: any[]) => any} work */
  const asks = (names, work) => (/** @type {any[]} */ ...args) => {
    const taken = names.map((name, i) => copied(args[i], name))
    return instances.call(() => work(...taken))
  }
  return {
    lint: asks(['catalog', 'options'], glue.lint),
    estimate: asks(['request'], glue.estimate),
    compare: asks(['request'], glue.compare),
    receipt: asks(['request', 'call'], glue.receipt),
    readings: asks(['request'], glue.readings),
    export: asks(['request', 'what'], glue.exported),
    qps: asks(['request'], glue.qps),
    charges: asks(['request'], glue.charges),
    account: asks(['request'], glue.account),
    reconcile: asks(['request'], glue.reconcile),
    replay: asks(['request'], (request) => instances.handle(new glue.Replay(request), 'replay', REPLAY)),
  }
}

/** The methods of a replay, each with what takes its arguments. @type {Record<string, (...args: any[]) => any[]>} */
const REPLAY = {
  push: (bytes) => [bytesOf(bytes)],
  seek: (offset) => [copied(offset, 'offset')],
  head: () => [],
  finish: () => [],
  receipt: (call) => [copied(call, 'call')],
  reconcile: (bill) => [copied(bill, 'bill')],
  export: (what) => [copied(what, 'what')],
}

/** The instances of one module, one after the other: a trap ends the one that is used. */
class Instances {
  #glue
  /** How many there were before. */ #number = 0
  /** Whether the one that is used trapped, and no other could be made yet. */ #broken = false

  /** @param {Glue} glue */
  constructor(glue) {
    this.#glue = glue
  }

  /**
   * Runs what is nothing but the engine's own work.
   * @template T @param {() => T} work @returns {T}
   */
  call(work) {
    if (this.#broken) this.#renew()
    try {
      return work()
    } catch (thrown) {
      const { code, place, message } = /** @type {Partial<PricingError>} */ (thrown ?? {})
      if (code !== undefined && place !== undefined) throw new PricingError(code, place, message ?? code)
      // Anything else is a trap: that instance is not to be trusted any more. The compiled module is.
      this.#number += 1
      this.#broken = true
      this.#renew()
      throw new PricingError('engine_restarted', 'request', `The engine stopped (${thrown}) and was started afresh; the input is unchanged.`)
    }
  }

  #renew() {
    try {
      this.#glue.__wbg_reset_state()
      this.#broken = false
    } catch (thrown) {
      throw new PricingError('engine_restarted', 'request', `The engine stopped and could not be started afresh yet (${thrown}).`)
    }
  }

  /**
   * A handle: it reaches only what it opened, in the instance in which it opened it.
   * @param {any} opened @param {string} place @param {Record<string, (...args: any[]) => any[]>} methods @returns {any}
   */
  handle(opened, place, methods) {
    const number = this.#number
    let freed = false
    const here = () => number === this.#number
    const alive = () => {
      if (freed) throw new PricingError('handle_gone', place, 'This was freed: open another.')
      if (!here()) throw new PricingError('handle_gone', place, 'The engine was started afresh since this was opened: open another.')
    }
    const ask = (/** @type {string} */ name, /** @type {(...args: any[]) => any[]} */ take) => (/** @type {any[]} */ ...args) => {
      const taken = take(...args)
      alive()
      return this.call(() => opened[name](...taken))
    }
    const free = () => {
      if (here()) alive()
      // Of an instance that is gone nothing is left to free, and who tidies up after a failure has done nothing wrong.
      if (here()) this.call(() => opened.free())
      freed = true
    }
    const dispose = /** @type {any} */ (Symbol).dispose // not in every browser yet
    return Object.freeze({ ...Object.fromEntries(Object.entries(methods).map(([name, take]) => [name, ask(name, take)])), free, ...(dispose ? { [dispose]: free } : {}) })
  }
}

/** Values in one argument, at most; a long text counts as several. */
const VALUES_END = 1 << 21
/** Characters that count as one value. */
const TEXT_SHARE = 64
/** Objects nested deeper than this are no request. */
const DEPTH_END = 32

/**
 * An argument as plain data: own enumerable fields, read once. What a getter or a proxy of the caller throws is an error of that place.
 * @param {any} from @param {string} place
 */
function copied(from, place) {
  let left = VALUES_END
  /** @type {(string | number)[]} */
  const path = []
  /** @type {PricingError | undefined} what is wrong by our own judgement: a caller's code may throw anything */
  let judged
  const wrong = (/** @type {string} */ code) => {
    const at = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    return (judged = new PricingError(code, place + at.join(''), SAYS[code]))
  }
  const spend = (/** @type {number} */ count) => {
    left -= count
    if (left < 0) throw wrong('answer_too_large')
  }
  /** @returns {any} */
  const copy = (/** @type {any} */ it) => {
    spend(1)
    if (typeof it === 'string') spend(it.length / TEXT_SHARE)
    if (typeof it !== 'object' || it === null) {
      if (['symbol', 'bigint', 'function'].includes(typeof it)) throw wrong('invalid_type')
      return it
    }
    if (path.length >= DEPTH_END || ArrayBuffer.isView(it)) throw wrong('invalid_type')
    const list = Array.isArray(it)
    const length = list ? it.length : 0
    if (!Number.isSafeInteger(length) || length < 0) throw wrong('invalid_type')
    // A length costs nothing to write down: it is asked for before anything is read.
    if (length > left) throw wrong('answer_too_large')
    const inside = (/** @type {string | number} */ step) => {
      path.push(step)
      const value = copy(it[step])
      path.pop()
      return value
    }
    if (list) {
      const values = []
      for (let i = 0; i < length; i++) values.push(inside(i))
      return values
    }
    const fields = Object.create(null)
    for (const key of Object.keys(it)) fields[key] = inside(key)
    return fields
  }
  try {
    return copy(from)
  } catch (thrown) {
    throw judged && thrown === judged ? judged : wrong('invalid_type')
  }
}

const SAYS = /** @type {Record<string, string>} */ ({
  invalid_type: 'this is of the wrong type',
  answer_too_large: 'this holds more than two million values: ask for less at once',
})

/** What every typed array is told by, whatever a caller has written over. */
const TYPED = Object.getPrototypeOf(Uint8Array.prototype)

/** Bytes as the engine takes them: no other view, none whose buffer was given away. @param {any} bytes @returns {Uint8Array} */
function bytesOf(bytes) {
  const own = (/** @type {string | symbol} */ name) => Reflect.get(TYPED, name, bytes)
  try {
    if (own(Symbol.toStringTag) === 'Uint8Array') return new Uint8Array(own('buffer'), own('byteOffset'), own('length'))
  } catch {
    // Its buffer was given away.
  }
  throw new PricingError('invalid_type', 'bytes', SAYS.invalid_type)
}

/** @param {string | URL} url @returns {Promise<WebAssembly.Module>} */
async function compile(url) {
  if (String(url).startsWith('file:') && 'process' in globalThis) {
    const files = 'node:fs/promises' // no literal: bundlers for browsers leave it alone
    const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ files)
    return WebAssembly.compile(await readFile(new URL(url)))
  }
  const response = await fetch(url, failed ? { cache: 'reload' } : {})
  if (!response.ok)
    throw new PricingError('engine_not_loaded', 'engine', `The server answered ${response.status} to the request for the engine.`)
  // A server that does not know the media type of WASM only costs the streaming.
  if (response.headers.get('Content-Type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(response)
  return WebAssembly.compile(await response.arrayBuffer())
}
