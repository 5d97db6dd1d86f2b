// What is too large is refused with its place before it is worked out: nothing that a program asks takes for ever.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { load } from '../../dist/index.js'

const engine = await load()
const catalog = JSON.parse(readFileSync(new URL('../../dist/catalogs/huawei-cn.json', import.meta.url), 'utf8'))
const YEAR = { kind: 'window', start: '2026-01-01T00:00:00+08:00', end: '2027-01-01T00:00:00+08:00', region: 'cn-north-4', api: 'general-text', calls: 10_000 }
const many = (count, row) => Array.from({ length: count }, (_, i) => row(i))
const packages = (count) => many(count, (i) => ({ id: `p${i}`, apis: ['general-text'], class: 'package', quota: 1_000, price: '1', term: { years: 1 }, source: 'typed in' }))
const steps = (count) => [{ apis: ['general-text'], shape: 'graduated', steps: many(count, (i) => ({ upTo: i + 1 < count ? i + 1 : null, unitPrice: '0.08' })), source: 'typed in' }]
/** Lines of an hour in which there were no calls: each is held against all others. */
const lines = (count) => many(count, () => ({ start: '2020-01-01T00:00:00+08:00', amount: '1' }))

/** Seconds that a busy machine may take over what takes two on an idle one. */
const SECONDS = 20
const rows = [
  ['10^5 windows of a year', 'estimate', { usage: many(100_000, () => YEAR) }, /^request\.usage\[\d+\]$/],
  ['10^5 entered packages', 'estimate', { usage: [YEAR], entered: { packages: packages(100_000) } }, 'request.entered.packages'],
  ['10^5 steps', 'compare', { usage: [YEAR], entered: { ladders: steps(100_000) } }, 'request.entered.ladders[0].steps'],
  ['257 steps', 'compare', { usage: [YEAR], entered: { ladders: steps(257) } }, 'request.entered.ladders[0].steps'],
  ['4,000 projects over a year', 'estimate', { usage: many(4_000, (i) => ({ ...YEAR, project: `p${i}` })) }, 'request.usage'],
  ['a bill of 200,000 lines without an API, none of them ours', 'reconcile', { usage: [YEAR], bill: lines(200_000) }, 'request.bill'],
]

describe('too large', () => {
  for (const [name, call, request, place] of rows)
    test(name, () => {
      const began = performance.now()
      assert.throws(() => engine[call]({ catalog, ...request }), (error) => {
        assert.equal(error.code, 'answer_too_large')
        if (place instanceof RegExp) assert.match(error.place, place)
        else assert.equal(error.place, place)
        return true
      })
      assert.ok(performance.now() - began < SECONDS * 1_000)
    })

  test('what is just not too large is answered: 256 steps, 10,000 packages', () => {
    // 10,000 × 0.08
    assert.equal(engine.estimate({ catalog, usage: [YEAR], entered: { ladders: steps(256), packages: packages(10_000) } }).total, '800')
  })

  test('60,000 unknown names of 1 kB each take no more than their share of time', () => {
    const took = (count) => {
      const log = engine.replay({ catalog })
      log.push(Buffer.from('time,api,region\n'))
      let ms = 0
      for (let from = 0; from < count; from += 1_000) {
        const piece = Buffer.from(many(1_000, (i) => `2026-01-05T00:00:00Z,${'x'.repeat(1_000)}${from + i},cn-north-4\n`).join(''))
        const began = performance.now()
        log.push(piece)
        ms += performance.now() - began
      }
      assert.equal(log.finish().rows, count)
      log.free()
      return ms
    }
    assert.ok(took(60_000) < SECONDS * 1_000)
  })
})
