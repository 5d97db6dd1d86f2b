// The page's side of the worker that works a year out: one question at a time; of those that come meanwhile only the last is
// asked. Where no worker can start (the element on another origin's page), the page does the same work itself.

import { load } from '../engine.js'
import { lastingOf } from './request.js'

/** @typedef {import('./state.js').AccountRequest} AccountRequest */
/** @typedef {{ history: import('../ocr_pricing.js').History, lasting?: { at: string, amount: string } }} Told */

/** Names the one script that may become a worker, where a page demands that. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('ocr-pricing-account-worker', {
  createScriptURL(/** @type {string} */ url) {
    if (url === new URL('../account-worker.js', import.meta.url).href) return url
    throw new TypeError(`${url} is no worker of this page`)
  },
})

/** A question that takes longer is given up for the next one. */
const PATIENCE_MS = 1500

export class Asker {
  /** @type {Promise<Worker | null>} null: none can start */ #worker
  /** @type {{ request: AccountRequest, done: (told: Told) => void, failed: (error: any) => void } | undefined} */ #next
  #busy = false
  #began = 0
  /** @type {((reason: any) => void) | undefined} */ #giveUp

  constructor() {
    this.#worker = start()
  }

  /**
   * Asks, unless another question comes first.
   * @param {AccountRequest} request @param {(told: Told) => void} done @param {(error: any) => void} failed
   */
  ask(request, done, failed) {
    this.#next = { request, done, failed }
    if (!this.#busy) this.#go()
    else if (performance.now() - this.#began > PATIENCE_MS) this.#giveUp?.(true)
  }

  async #go() {
    const asked = this.#next
    if (!asked) return
    this.#next = undefined
    this.#busy = true
    this.#began = performance.now()
    try {
      asked.done(await this.#answer(asked.request))
    } catch (error) {
      asked.failed(error)
    }
    this.#busy = false
    this.#go()
  }

  /** @param {AccountRequest} request @returns {Promise<Told>} */
  async #answer(request) {
    const worker = await this.#worker
    if (!worker) {
      const engine = await load().catch((error) => {
        // Without a connection neither comes; the next question asks for both again.
        this.#worker = start()
        throw error
      })
      return work(engine, request)
    }
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { failed, told } }) => (failed ? reject(failed) : resolve(told))
      // A worker that takes too long, or stops without a word, out of memory for one, is replaced.
      worker.onerror = this.#giveUp = () => {
        this.#giveUp = undefined
        worker.terminate()
        this.#worker = start()
        reject({ code: 'engine_restarted', place: 'request' })
      }
      worker.postMessage(request)
    })
  }

  end() {
    this.#next = undefined
    this.#worker.then((worker) => worker?.terminate())
    this.#worker = Promise.resolve(null)
  }
}

/** A year, and what would carry it through. Its lines stay here: one for each hour is more than the page shows. @param {import('../engine.js').Engine} engine @param {AccountRequest} request @returns {Told} */
export function work(engine, request) {
  const history = engine.account(request)
  const lasting = lastingOf(engine, request, history)
  return { history: { ...history, estimate: { ...history.estimate, lines: [] } }, ...(lasting ? { lasting } : {}) }
}

/** @returns {Promise<Worker | null>} null where the browser or the page's policy allows none */
async function start() {
  try {
    const url = new URL('../account-worker.js', import.meta.url)
    const worker = new Worker(policy ? policy.createScriptURL(url.href) : url, { type: 'module' })
    // A worker that is refused says so only later; its first word shows that it is there.
    return await new Promise((resolve) => {
      worker.onerror = () => resolve(null)
      worker.onmessage = () => resolve(worker)
    })
  } catch {
    return null
  }
}
