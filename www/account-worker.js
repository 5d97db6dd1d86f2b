// The worker that works out an account's year: a request comes in, its answer or what is wrong with it goes out.

import { work } from './account/asker.js'
import { load } from './engine.js'

addEventListener('message', async ({ data }) => {
  try {
    postMessage({ told: work(await load(), data) })
  } catch (error) {
    const { code, place, message } = /** @type {any} */ (error)
    postMessage({ failed: { code: code ?? 'engine_restarted', place: place ?? 'request', message: String(message) } })
  }
})
postMessage('there')
load().catch(() => {})
