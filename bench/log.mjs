// Writes a call log as a busy service would have: one row a request, in the order in which requests ended, the same for the same seed.
//
//   node bench/log.mjs [rows] [seed] > log.csv

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'

export const HEADER = 'timestamp,request_id,operation,region,status,project,user,calls'

/** What was called where, and how often compared with the others; times two projects and two users: 40 streams. */
const CALLED = [
  ['recognizeGeneralText', 'cn-north-4', 10],
  ['recognizeIdCard', 'cn-north-4', 30],
  ['recognizeIdCard', 'cn-east-3', 14],
  ['recognizeBankcard', 'cn-north-4', 6],
  ['recognizeBankcard', 'cn-east-3', 3],
  ['recognizeWebImage', 'cn-north-4', 6],
  ['recognizeWebImage', 'cn-east-3', 4],
  ['recognizeWebImage', 'cn-south-1', 3],
  ['recognizeVatInvoice', 'cn-north-4', 8],
  ['recognizeVin', 'cn-north-4', 16],
]
const PROJECTS = [['p1', 3], ['p2', 1]]
const USERS = [['u1', 2], ['u2', 1]]
const STATUSES = [['200', 940], ['400', 24], ['401', 2], ['403', 4], ['429', 18], ['500', 8], ['503', 4]]
const CALLS = [['1', 970], ['2', 20], ['5', 8], ['12', 2]]

/** How busy each hour of a day in China is. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 22, 20, 14, 18, 22, 22, 20, 16, 12, 11, 10, 8, 6, 4]

/** @typedef {{ rows?: number, seed?: number, from?: string, days?: number }} Log */

/** The default: 10 million rows, about 680 MB, the first quarter of 2026. @type {Required<Log>} */
export const LOG = { rows: 10_000_000, seed: 1, from: '2025-12-31T16:00:00Z', days: 90 }

/** The log in pieces of about a megabyte; each is overwritten by the next. @param {Log} [log] @returns {Generator<Uint8Array>} */
export function* pieces(log) {
  const { rows, seed, from, days } = { ...LOG, ...log }
  const begins = Date.parse(from) / 1000
  const random = dice(seed)
  const places = mix(CALLED.map(([api, region, weight]) => [`,${api},${region},`, weight]))
  const projects = mix(PROJECTS.map(([project, weight]) => [`,${project},`, weight]))
  const users = mix(USERS.map(([user, weight]) => [`${user},`, weight]))
  const statuses = mix(STATUSES)
  const calls = mix(CALLS, (text) => Buffer.from(`${text}\n`))

  const piece = Buffer.alloc(1 << 20)
  let end = piece.write(`${HEADER}\n`, 'latin1')
  const put = (bytes) => {
    for (let i = 0; i < bytes.length; i++) piece[end++] = bytes[i]
  }
  const two = (number) => {
    piece[end++] = 48 + ((number / 10) | 0)
    piece[end++] = 48 + (number % 10)
  }
  let day = Number.NaN
  let date = Buffer.alloc(0)
  const stamp = (at) => {
    const time = at % 86_400
    if (at - time !== day) {
      day = at - time
      date = Buffer.from(new Date(day * 1000).toISOString().slice(0, 11))
    }
    put(date)
    two((time / 3600) | 0)
    piece[end++] = 58
    two(((time / 60) | 0) % 60)
    piece[end++] = 58
    two(time % 60)
    piece[end++] = 90
  }

  let row = 0
  for (const [hour, upTo] of hourly(rows, begins, days)) {
    const first = row
    const count = upTo - first
    while (row < upTo) {
      const place = row - first
      let at = hour + Math.floor(((place + random() / 2 ** 32) * 3600) / count)
      // A long request ends after later ones; now and then a machine delivers its log hours later.
      const late = random() >>> 18
      if (late < 4) at -= random() % 7200
      else if (late < 512) at -= random() % 30
      const began = end
      stamp(Math.max(at, begins))
      piece[end++] = 44
      // Each number once, in no order: an odd factor permutes the numbers below 2^30.
      const id = Math.imul(row + 1, 0x2545f491) & 0x3fffffff
      for (let shift = 25; shift >= 0; shift -= 5) piece[end++] = '0123456789abcdefghjkmnpqrstvwxyz'.charCodeAt((id >>> shift) & 31)
      put(places(random()))
      put(statuses(random()))
      put(projects(random()))
      put(users(random()))
      put(calls(random()))
      row++
      // Delivered twice: rare, and known to happen.
      if (row < upTo && random() >>> 18 === 0) {
        end += piece.copy(piece, end, began, end)
        row++
      }
      if (end > piece.length - 256) {
        yield piece.subarray(0, end)
        end = 0
      }
    }
  }
  if (end > 0) yield piece.subarray(0, end)
}

/** Writes the log to a file. @param {string} file @param {Log} [log] @returns {number} its bytes */
export function write(file, log) {
  mkdirSync(dirname(file), { recursive: true })
  const out = openSync(file, 'w')
  let bytes = 0
  for (const piece of pieces(log)) bytes += writeSync(out, piece)
  closeSync(out)
  return bytes
}

/** Each hour with the number of rows up to its end: busy at day, quiet at night and on Sundays. @returns {Generator<[number, number]>} */
function* hourly(rows, begins, days) {
  const weight = (hour) => HOURS[hour % 24] * (Math.floor(hour / 24) % 7 === 3 ? 1 : 2)
  let all = 0
  for (let hour = 0; hour < days * 24; hour++) all += weight(hour)
  let sum = 0
  for (let hour = 0; hour < days * 24; hour++) {
    sum += weight(hour)
    yield [begins + hour * 3600, Math.floor((rows * sum) / all)]
  }
}

/** Picks by weight with a table of 4,096 places. */
function mix(weighted, make = Buffer.from) {
  const all = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  const table = []
  let sum = 0
  for (const [value, weight] of weighted) {
    sum += weight
    const made = make(value)
    while (table.length < (sum / all) * 4096 - 0.5) table.push(made)
  }
  return (random) => table[random >>> 20]
}

/** Numbers from 0 to 2^32 - 1 (mulberry32). */
function dice(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [rows = LOG.rows, seed = LOG.seed] = process.argv.slice(2).map(Number)
  for (const piece of pieces({ rows, seed })) writeSync(1, piece)
}
