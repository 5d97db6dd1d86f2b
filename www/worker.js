// The worker that reads call logs: what the page asks comes as messages, and so do the answers. To cancel, the page ends it.
//
// In:  { type: 'hello' } · { type: 'head', file, request } · { type: 'read', file, request } · { type: 'ask', what, args } of the log read last
// Out: { type: 'hello' } · { type: 'head', head } · { type: 'progress', … } · { type: 'answer', answer } · { type: 'told', value } ·
//      { type: 'failed', code, place, message }

import { load } from './engine.js'
import { readHead, readLog, receiptOf } from './replay/log.js'

/** The log read last, and its file. @type {{ log: import('./engine.js').Replay, file: Blob } | undefined} */
let open
/** One question after the other. */
let last = Promise.resolve()

const post = (/** @type {Record<string, any>} */ message) => postMessage(message)

/** @param {any} asked */
async function answer({ type, file, request, what, args = [], wasmUrl }) {
  if (type === 'hello') return post({ type })
  const engine = await load({ wasmUrl })
  if (type === 'head') return post({ type, head: await readHead(engine, file, request) })
  if (type === 'ask') return post({ type: 'told', value: what === 'receipt' && open ? await receiptOf(open.log, open.file, args[0]) : /** @type {any} */ (open?.log)?.[what](...args) })
  open?.log.free()
  open = undefined
  const read = await readLog(engine, file, request, { progress: (progress) => post({ type: 'progress', ...progress }) })
  open = { log: read.log, file }
  post({ type: 'answer', answer: read.answer })
}

addEventListener('message', ({ data }) => {
  last = last
    .then(() => answer(data))
    .catch(({ code, place, message }) => post({ type: 'failed', code: code ?? 'engine_restarted', place: place ?? 'log', message: String(message) }))
})
