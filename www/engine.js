// The engine's door: loads the WASM once and is the only importer of the generated package. The same module serves browsers
// and Node. Every failure is a `PricingError`; after a trap the engine starts afresh by itself.

import * as glue from './ocr_pricing.js'

/** @typedef {import('./ocr_pricing.js').Catalog} Catalog */
/** @typedef {import('./ocr_pricing.js').Request} Request */
/** @typedef {import('./ocr_pricing.js').Estimate} Estimate */
/** @typedef {import('./ocr_pricing.js').Comparison} Comparison */
/** @typedef {import('./ocr_pricing.js').Problem} Problem */

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
 */

/** @type {Engine} */
const engine = {
  lint: (catalog, options) => call(() => /** @type {Engine['lint']} */ (glue.lint)(catalog, options)),
  estimate: (request) => call(() => glue.estimate(request)),
  compare: (request) => call(() => glue.compare(request)),
}

/** The engine on its way, or there. @type {Promise<Engine> | undefined} */
let loading

/**
 * Loads the engine; asked again, gives the same one. After a failure the next call tries anew.
 * @param {{ wasmUrl?: string | URL }} [options] `wasmUrl`: where the WASM is, if a bundler has moved it
 * @returns {Promise<Engine>}
 */
export function load({ wasmUrl } = {}) {
  loading ??= start(wasmUrl ?? new URL('./ocr_pricing_bg.wasm', import.meta.url)).catch((error) => {
    loading = undefined
    throw error instanceof PricingError
      ? error
      : new PricingError('engine_not_loaded', 'engine', `The engine could not be loaded: ${error?.message ?? error}`)
  })
  return loading
}

/** @param {string | URL} url */
async function start(url) {
  if (typeof WebAssembly !== 'object') throw new PricingError('no_webassembly', 'engine', 'This program cannot run WebAssembly.')
  glue.initSync({ module: await compile(url) })
  return engine
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

/** @template T @param {() => T} work @returns {T} */
function call(work) {
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
