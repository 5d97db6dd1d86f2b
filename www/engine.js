// The engine's door: loads the WASM once and is the only importer of the generated packages: the whole engine, and a small one
// for a page's first answer. The same module serves browsers and Node. Every failure is a `PricingError`; after a trap the
// engine starts afresh by itself.

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
/** A call log that is being read: push its bytes, finish it, push again what `refine` names; free it afterwards. @typedef {import('./ocr_pricing.js').Replay} Replay */

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

/**
 * Loads the engine; asked again, gives the same one. After a failure the next call tries anew.
 * @param {{ wasmUrl?: string | URL }} [options] `wasmUrl`: where the WASM is, if a bundler has moved it
 * @returns {Promise<Engine>}
 */
export function load({ wasmUrl = new URL('./ocr_pricing_bg.wasm', import.meta.url) } = {}) {
  return once('whole', () => import('./ocr_pricing.js'), wasmUrl)
}

/**
 * Loads the small engine, which can do what a page's first answer needs; the same prices by the same code.
 * @returns {Promise<FirstEngine>}
 */
export function loadFirst() {
  return once('first', () => import('./ocr_pricing_first.js'), new URL('./ocr_pricing_first_bg.wasm', import.meta.url))
}

/** @param {string} name @param {() => Promise<any>} glue @param {string | URL} url */
function once(name, glue, url) {
  const loading =
    engines.get(name) ??
    start(glue, url).catch((error) => {
      engines.delete(name)
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
  /** @template T @param {() => T} work */
  const call = (work) => guarded(glue, work)
  return {
    lint: (catalog, options) => call(() => glue.lint(catalog, options)),
    estimate: (request) => call(() => glue.estimate(request)),
    compare: (request) => call(() => glue.compare(request)),
    receipt: (request, row) => call(() => glue.receipt(request, row)),
    readings: (request) => call(() => glue.readings(request)),
    export: (request, what) => call(() => glue.exported(request, what)),
    qps: (request) => call(() => glue.qps(request)),
    charges: (request) => call(() => glue.charges(request)),
    account: (request) => call(() => glue.account(request)),
    reconcile: (request) => call(() => glue.reconcile(request)),
    replay: (request) => handled(call(() => new glue.Replay(request)), call),
  }
}

/**
 * A handle whose every method is guarded.
 * @template {object} T @param {T} handle @param {<U>(work: () => U) => U} call
 */
function handled(handle, call) {
  return new Proxy(handle, {
    get(it, name) {
      const found = Reflect.get(it, name, it)
      return typeof found === 'function' ? (/** @type {unknown[]} */ ...args) => call(() => found.apply(it, args)) : found
    },
  })
}

/** @param {string | URL} url @returns {Promise<WebAssembly.Module>} */
async function compile(url) {
  if (String(url).startsWith('file:') && 'process' in globalThis) {
    const files = 'node:fs/promises' // no literal: bundlers for browsers leave it alone
    const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ files)
    return WebAssembly.compile(await readFile(new URL(url)))
  }
  const response = await fetch(url)
  if (!response.ok)
    throw new PricingError('engine_not_loaded', 'engine', `The server answered ${response.status} to the request for the engine.`)
  // A server that does not know the media type of WASM only costs the streaming.
  if (response.headers.get('Content-Type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(response)
  return WebAssembly.compile(await response.arrayBuffer())
}

/** @template T @param {Glue} glue @param {() => T} work @returns {T} */
function guarded(glue, work) {
  try {
    return work()
  } catch (thrown) {
    const { code, place, message } = /** @type {Partial<PricingError>} */ (thrown ?? {})
    if (code !== undefined && place !== undefined) throw new PricingError(code, place, message ?? code)
    // Anything else is a trap: that instance is not to be trusted any more. The compiled module is.
    glue.__wbg_reset_state()
    throw new PricingError('engine_restarted', 'request', `The engine stopped (${thrown}) and was started afresh; the input is unchanged.`)
  }
}
