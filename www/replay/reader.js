// The page's side of the worker: one file, one question at a time. Where no worker can start (the element on another origin's
// page), the same work is done on the page in slices.

import { load } from '../engine.js'
import { readHead, readLog, receiptOf } from './log.js'

/** @typedef {import('./log.js').Progress} Progress */
/** @typedef {import('../ocr_pricing.js').ReplayRequest} ReplayRequest */
/** @typedef {import('../ocr_pricing.js').ReplayAnswer} ReplayAnswer */
/** @typedef {import('./log.js').Head} Head */
/** What a person gave up is no failure. */
export const CANCELLED = Symbol('cancelled')

/** Names the one script that may become a worker, where a page demands that. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('ocr-pricing-worker', {
  createScriptURL(/** @type {string} */ url) {
    if (url === new URL('../worker.js', import.meta.url).href) return url
    throw new TypeError(`${url} is no worker of this page`)
  },
})

/** Waits until the page has had its turn. */
const rest = () => new Promise((resolve) => setTimeout(() => resolve(undefined)))

export class LogReader {
  /** @type {Worker | undefined} */ #worker
  /** @type {Promise<Worker | null> | undefined} null: none can start */ #starting
  /** @type {((reason: any) => void) | undefined} */ #giveUp
  /** @type {{ log: import('../engine.js').Replay, file: Blob } | undefined} without a worker: the log read last */ #open
  /** @type {Promise<unknown>} */ #last = Promise.resolve()
  #turn = 0
  /** Whether a file is being read to its end. */ #reading = false
  /** How many questions have no answer yet. */ #unanswered = 0

  /** What the first lines of a file say. @param {Blob} file @param {ReplayRequest} request @returns {Promise<Head>} */
  head(file, request) {
    return this.#queue(async (worker) => (worker ? this.#post(worker, { type: 'head', file, request }) : readHead(await load(), file, request)))
  }

  /**
   * Reads a file to its end.
   * @param {Blob} file @param {ReplayRequest} request @param {(progress: Progress) => void} progress
   * @returns {Promise<ReplayAnswer>}
   */
  read(file, request, progress) {
    this.#reading = true
    const done = () => (this.#reading = false)
    const turn = this.#turn
    const reading = this.#queue(async (worker) => {
      if (worker) return this.#post(worker, { type: 'read', file, request }, progress)
      this.#open?.log.free()
      this.#open = undefined
      const pause = async () => {
        await rest()
        if (turn !== this.#turn) throw CANCELLED
      }
      const { log, answer } = await readLog(await load(), file, request, { progress, pause })
      this.#open = { log, file }
      return answer
    })
    reading.then(done, (error) => error !== CANCELLED && done())
    return reading
  }

  /** Asks the log that was read last. @param {'export' | 'reconcile' | 'receipt'} what @param {...unknown} args */
  ask(what, ...args) {
    return this.#queue((worker) => {
      if (worker) return this.#post(worker, { type: 'ask', what, args })
      if (!this.#open) return null
      return what === 'receipt' ? receiptOf(this.#open.log, this.#open.file, /** @type {any} */ (args[0])) : /** @type {any} */ (this.#open.log)[what](...args)
    })
  }

  /** Gives up what takes long; a worker that has hardly anything to do goes on, with its engine. */
  stop() {
    if (this.#reading) this.cancel()
  }

  /** Gives up what has no answer yet, however little it is: another file makes it worthless. */
  drop() {
    if (this.#unanswered > 0) this.cancel()
  }

  /** Gives up whatever is being done: the worker ends, the next question starts another. */
  cancel() {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#starting = undefined
    this.#giveUp?.(CANCELLED)
    this.#giveUp = undefined
    this.#last = Promise.resolve()
    this.#turn += 1
    this.#reading = false
    this.#unanswered = 0
  }

  /** @template T @param {(worker: Worker | null) => T | Promise<T>} work @returns {Promise<T>} */
  #queue(work) {
    const turn = this.#turn
    const after = this.#last.catch(() => {}).then(async () => {
      if (turn !== this.#turn) throw CANCELLED
      this.#starting ??= start().then((worker) => {
        if (turn === this.#turn) this.#worker = worker ?? undefined
        else worker?.terminate()
        return worker
      })
      const worker = await this.#starting
      if (turn !== this.#turn) throw CANCELLED
      return new Promise((resolve, reject) => {
        this.#giveUp = reject
        Promise.resolve(work(worker)).then(resolve, (error) => {
          // Without a connection neither a worker comes nor the engine; the next question asks for both again.
          if (!worker && error?.code === 'engine_not_loaded' && turn === this.#turn) this.#starting = undefined
          reject(error)
        })
      })
    })
    this.#unanswered += 1
    const answered = () => turn === this.#turn && (this.#unanswered -= 1)
    after.then(answered, answered)
    this.#last = after
    return after
  }

  /** @param {Worker} worker @param {Record<string, any>} message @param {(progress: Progress) => void} [progress] @returns {Promise<any>} */
  #post(worker, message, progress) {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { type, ...more } }) => {
        if (type === 'progress') progress?.(more)
        else if (type === 'failed') reject(more)
        else resolve(more.head ?? more.answer ?? more.value ?? null)
      }
      // A worker that stops without a word, out of memory for one, is replaced.
      worker.onerror = () => {
        this.cancel()
        reject({ code: 'engine_restarted', place: 'log' })
      }
      worker.postMessage(message)
    })
  }
}

/** @returns {Promise<Worker | null>} null where the browser or the page's policy allows none */
async function start() {
  try {
    const url = new URL('../worker.js', import.meta.url)
    const worker = new Worker(policy ? policy.createScriptURL(url.href) : url, { type: 'module' })
    // A worker that is refused says so only later; a first answer shows that it is there.
    return await new Promise((resolve) => {
      worker.onerror = () => resolve(null)
      worker.onmessage = () => resolve(worker)
      worker.postMessage({ type: 'hello' })
    })
  } catch {
    return null
  }
}
