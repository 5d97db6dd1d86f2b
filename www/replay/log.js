// Reads a log file piece by piece into the engine, as often as the engine asks. Runs in the worker, or on the page where no
// worker can start. However long the file is, only a few pieces of it are in memory.

/** @typedef {import('../engine.js').Engine} Engine */
/** @typedef {import('../engine.js').Replay} Replay */
/** @typedef {import('../ocr_pricing.js').ReplayRequest} ReplayRequest */
/** @typedef {import('../ocr_pricing.js').ReplayAnswer} ReplayAnswer */
/** What the first lines say, and whether some of their bytes are no UTF-8. @typedef {import('../ocr_pricing.js').Head & { garbled: boolean }} Head */
/** How far the reading has come: `bytes` of `of`, in which pass. @typedef {{ pass: number, rows: number, problems: number, bytes: number, of: number }} Progress */
/**
 * @typedef {object} Reading
 * @property {(progress: Progress) => void} [progress] told now and then
 * @property {() => Promise<void>} [pause] awaited after some work, where other work waits for the same thread
 */

/** Bytes handed over at once. */
const PIECE = 1 << 20
/** Bytes from which the first lines are told: a first line may be as long as a record. */
const HEAD_END = PIECE + 4_096
/** Bytes of the head of a gzip member, as RFC 1952 has it. */
const MEMBER_HEAD = 10
const LF = 10
const CR = 13
/** Milliseconds between two reports. */
const REPORT_MS = 200
/** Milliseconds of work after which the page has its turn. */
const SLICE_MS = 8

/**
 * The streams that are being read. Chromium clears away a stream that is held by nothing but the one who waits for it, and then the
 * wait never ends.
 * @type {Set<object>}
 */
const held = new Set()

/** A file that cannot be read, as the engine would say it. */
export class LogError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code)
    this.code = code
    this.place = 'log'
  }
}

/** Whether a file is packed: its first two bytes say so, whatever its name. @param {Blob} file */
export async function packed(file) {
  const [first, second] = new Uint8Array(await reading(file.slice(0, 2).arrayBuffer()))
  return first === 0x1f && second === 0x8b
}

/**
 * What the first lines say, before anything is counted. A column that is missing is no reason not to show the others.
 * @param {Engine} engine @param {Blob} file @param {ReplayRequest} request
 * @returns {Promise<Head>}
 */
export async function readHead(engine, file, request) {
  const log = engine.replay(request)
  try {
    let left = HEAD_END
    const garbled = notUtf8()
    let returns = false
    let feeds = false
    try {
      const read = await pour(file, await packed(file), (bytes) => {
        const part = bytes.subarray(0, left)
        garbled(part)
        returns ||= part.includes(CR)
        feeds ||= part.includes(LF)
        log.push(part)
        left -= bytes.length
        return left > 0
      })
      // Old spreadsheets end lines so; to the engine all of it is one line.
      if (returns && !feeds) throw new LogError('line_ends_unknown')
      // A short file may end without a line end.
      if (read === 'all') log.finish()
    } catch (error) {
      // After a trap this log has nothing more to tell.
      if (/** @type {any} */ (error)?.code === 'engine_restarted' || !log.head()) throw error
    }
    const head = log.head()
    if (!head) throw new LogError('first_line_too_long')
    return { ...head, garbled: garbled() }
  } finally {
    log.free()
  }
}

/** Takes a text piece by piece, and says whether it is no UTF-8; a character that is cut off at its end does not count. */
function notUtf8() {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let found = false
  return (/** @type {Uint8Array} */ bytes = new Uint8Array()) => {
    try {
      if (!found) decoder.decode(bytes, { stream: true })
    } catch {
      found = true
    }
    return found
  }
}

/**
 * Reads a file to its end, and again what the engine wants to see by the second.
 * @param {Engine} engine @param {Blob} file @param {ReplayRequest} request @param {Reading} [how]
 * @returns {Promise<{ log: Replay, answer: ReplayAnswer }>} the log stays open for further questions: free it
 */
export async function readLog(engine, file, request, { progress = () => {}, pause } = {}) {
  const isPacked = await packed(file)
  const log = engine.replay(request)
  try {
    let pass = 1
    let told = 0
    let rested = performance.now()
    let counted = { rows: 0, problems: 0 }
    /** @param {Blob} part @param {number} from where its bytes stand in all that this pass reads @param {number} of */
    const take = async (part, from, of) => {
      await pour(part, isPacked, async (bytes, read) => {
        const so = log.push(bytes)
        if (pass === 1) counted = so
        const now = performance.now()
        if (now - told >= REPORT_MS) {
          told = now
          progress({ pass, ...counted, bytes: from + read, of })
        }
        if (pause && now - rested >= SLICE_MS) {
          await pause()
          rested = performance.now()
        }
        return true
      }, pause ? PIECE / 8 : PIECE)
    }
    await take(file, 0, file.size)
    let answer = log.finish()
    // The engine ends this by itself: after the last pass it asks for nothing more.
    while (answer.refine.length > 0) {
      pass += 1
      const parts = isPacked ? [{ from: 0, to: file.size }] : answer.ranges
      const of = parts.reduce((sum, { from, to }) => sum + to - from, 0)
      let before = 0
      for (const { from, to } of parts) {
        if (!isPacked) log.seek(from)
        await take(file.slice(from, to), before, of)
        before += to - from
      }
      answer = log.finish()
    }
    return { log, answer }
  } catch (error) {
    log.free()
    throw error
  }
}

/**
 * The receipt of one call: its hour is read by the second first.
 * @param {Replay} log @param {Blob} file @param {import('../ocr_pricing.js').CallRow} call
 * @returns {Promise<import('../ocr_pricing.js').Receipt | null>}
 */
export async function receiptOf(log, file, call) {
  const first = log.receipt(call)
  if (first.receipt) return first.receipt
  const isPacked = await packed(file)
  for (const { from, to } of isPacked ? [{ from: 0, to: file.size }] : first.ranges) {
    if (!isPacked) log.seek(from)
    await pour(file.slice(from, to), isPacked, (bytes) => Boolean(log.push(bytes)))
  }
  return log.receipt(call).receipt
}

/**
 * The bytes of a file, unpacked, piece by piece; `take` says whether it wants more, and is told how much of the file was read.
 * @param {Blob} file @param {boolean} isPacked
 * @param {(bytes: Uint8Array, read: number) => boolean | Promise<boolean>} take
 * @param {number} [piece]
 * @returns {Promise<'all' | 'part'>}
 */
export async function pour(file, isPacked, take, piece = PIECE) {
  const pieces = isPacked ? unpacked(file) : plain(file, piece)
  let read = 0
  for await (const { bytes, of } of pieces) {
    for (let at = 0; at < bytes.length; at += piece) {
      const part = bytes.subarray(at, at + piece)
      if (!isPacked) read += part.length
      if (!(await take(part, isPacked ? of : read))) return 'part'
    }
  }
  return 'all'
}

/** A file as it is, through one buffer where the browser lends one. @param {Blob} file @param {number} piece */
async function* plain(file, piece) {
  const stream = file.stream()
  const reader = byob(stream)
  if (!reader) {
    for await (const bytes of parts([stream])) yield { bytes, of: 0 }
    return
  }
  const mine = hold(stream, reader)
  try {
    let buffer = new ArrayBuffer(piece)
    for (;;) {
      const { done, value } = await reading(reader.read(new Uint8Array(buffer)))
      if (done || !value) return
      yield { bytes: value, of: 0 }
      buffer = value.buffer
    }
  } finally {
    held.delete(mine)
    reader.cancel().catch(() => {})
  }
}

/** Keeps these until they are deleted from `held`. @param {...object} these */
function hold(...these) {
  held.add(these)
  return these
}

/** @param {ReadableStream<Uint8Array>} stream */
function byob(stream) {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

/** A gzip file unpacked, one of its members after the other; the browser's unpacker takes one alone. @param {Blob} file */
async function* unpacked(file) {
  const source = file.stream().getReader()
  let of = 0
  let ended = false
  /** Read, and not yet given to the unpacker. */
  let left = new Uint8Array()
  const more = async () => {
    const { done, value } = await source.read()
    if (done) return void (ended = true)
    of += value.length
    const both = new Uint8Array(left.length + value.length)
    both.set(left)
    both.set(value, left.length)
    left = both
  }
  const member = () => {
    let first = true
    return new ReadableStream({
      async pull(controller) {
        while (left.length < 2 * MEMBER_HEAD && !ended) await more()
        const next = memberIn(left, first ? 1 : 0)
        first = false
        // The head of another may be cut off at the end of what was read.
        const to = next >= 0 ? next : ended ? left.length : left.length - MEMBER_HEAD
        controller.enqueue(left.subarray(0, to))
        left = left.subarray(to)
        if (next >= 0 || ended) controller.close()
      },
    })
  }
  try {
    do {
      const packed = member()
      const unpacker = /** @type {any} */ (new DecompressionStream('gzip'))
      for await (const bytes of parts([packed.pipeThrough(unpacker), packed, unpacker, source])) yield { bytes, of }
    } while (left.length > 0)
  } catch (error) {
    // The unpacker says only that something is wrong; whether the file itself can be read shows on its own.
    if (error instanceof LogError && error.code === 'file_unreadable') throw new LogError((await readable(file)) ? 'gzip_damaged' : 'file_unreadable')
    throw error
  } finally {
    source.cancel().catch(() => {})
  }
}

/**
 * Where the head of a gzip member stands, or -1. Packed bytes that look the same occur once in some hundred gigabytes; the unpacker then
 * finds the member before cut off, so that no answer is wrong.
 * @param {Uint8Array} bytes @param {number} from
 */
function memberIn(bytes, from) {
  for (let at = bytes.indexOf(0x1f, from); at >= 0 && at + MEMBER_HEAD <= bytes.length; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] !== 0x8b) continue
    const [method, flags, , , , , effort, system] = bytes.subarray(at + 2, at + MEMBER_HEAD)
    if (method === 8 && flags < 0x20 && [0, 2, 4].includes(effort) && (system < 14 || system === 0xff)) return at
  }
  return -1
}

/** What the first of these streams gives; the others feed it. @param {[ReadableStream<any>, ...object[]]} streams @returns {AsyncGenerator<Uint8Array>} */
async function* parts(streams) {
  const reader = streams[0].getReader()
  const mine = hold(reader, ...streams)
  try {
    for (;;) {
      const { done, value } = await reading(reader.read())
      if (done) return
      yield value
    }
  } finally {
    held.delete(mine)
    reader.cancel().catch(() => {})
  }
}

/** @param {Blob} file */
const readable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false)

/** What a browser throws when a file was changed, moved or taken away. @template T @param {Promise<T>} work @returns {Promise<T>} */
async function reading(work) {
  try {
    return await work
  } catch {
    throw new LogError('file_unreadable')
  }
}
