// A year without a log: the engine's answer, and the same by one loop over all calls, as one would first write it.

import { question } from './question.mjs'

const HOUR = 3_600_000
const CALLS = 1_000_000
const START = Date.parse('2026-01-01T00:00:00+08:00')
const END = Date.parse('2027-01-01T00:00:00+08:00')
const GRANTS = [
  { id: 'general-text-100k', created: '2026-01-05T10:30:15+08:00', quota: 100_000, price: 3_200 },
  { id: 'general-text-500k', created: '2026-03-11T16:12:40+08:00', quota: 500_000, price: 13_000 },
  { id: 'general-text-10k', created: '2026-10-20T08:00:00+08:00', quota: 10_000, price: 520 },
]

/** @returns {any} */
export function request() {
  const { catalog } = question()
  return {
    catalog,
    usage: [{ kind: 'window', start: '2026-01-01T00:00:00+08:00', end: '2027-01-01T00:00:00+08:00', region: 'cn-north-4', api: 'general-text', calls: CALLS }],
    grants: GRANTS.map(({ id, created }) => ({ package: id, region: 'cn-north-4', created })),
  }
}

/** Call by call: the oldest package in force pays, else 0.08 yuan; each hour's sum is cut to the fen. */
export function naive(grants = GRANTS) {
  const left = grants.map(({ quota }) => quota)
  const begins = grants.map(({ created }) => Date.parse(created))
  const hours = new Map()
  for (let k = 0; k < CALLS; k++) {
    const at = START + Math.floor((k * (END - START)) / 1000 / CALLS) * 1000
    const payer = begins.findIndex((begin, i) => begin <= at && left[i] > 0)
    if (payer >= 0) left[payer]--
    else hours.set(Math.floor(at / HOUR), (hours.get(Math.floor(at / HOUR)) ?? 0) + 8)
  }
  let fen = 0
  for (const sum of hours.values()) fen += Math.floor(sum)
  return grants.reduce((sum, { price }) => sum + price, 0) + fen / 100
}
