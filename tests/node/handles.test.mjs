// Handles and arguments as a careless program has them: every misuse is an error of that call alone, and nothing that a caller does
// changes what another handle answers.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { load, PricingError } from '../../dist/index.js'
import * as glue from '../../dist/ocr_pricing.js'

const engine = await load()
const catalog = JSON.parse(readFileSync(new URL('../../dist/catalogs/huawei-cn.json', import.meta.url), 'utf8'))
const request = () => ({ catalog: structuredClone(catalog), period: { start: '2026-01-01T00:00:00+08:00', end: '2026-02-01T00:00:00+08:00' } })

/** A log of so many calls of General Text, one a minute from the 5th of January on. */
const logOf = (rows) => {
  const at = (row) => new Date(Date.UTC(2026, 0, 5) + row * 60_000).toISOString().slice(0, 19)
  return new TextEncoder().encode(`time,api,region,status\n${Array.from({ length: rows }, (_, row) => `${at(row)}Z,general-text,cn-north-4,200\n`).join('')}`)
}
const opened = (rows) => {
  const replay = engine.replay(request())
  replay.push(logOf(rows))
  return replay
}
/** What a log comes to. */
const told = (replay) => {
  const { rows, estimate } = replay.finish()
  return [rows, estimate.total]
}

/** Asserts that the door refuses with this code at this place. */
const refuses = (work, code, place) =>
  assert.throws(work, (error) => {
    assert.ok(error instanceof PricingError, `${error} is no PricingError`)
    assert.deepEqual([error.code, error.place], [code, place])
    assert.ok(error.message.length > 0)
    return true
  })

/** Makes the engine read outside of its memory: a trap as a fault of its own would be. */
function trap() {
  const { head } = glue.Replay.prototype
  glue.Replay.prototype.head = function () {
    return glue.initSync().replay_push(this.__wbg_ptr, 0xffff_fff0, 1 << 20)
  }
  try {
    const victim = engine.replay(request())
    refuses(() => victim.head(), 'engine_restarted', 'request')
    return victim
  } finally {
    glue.Replay.prototype.head = head
  }
}

const given = (bytes) => {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  return bytes
}
const thrower = () => {
  throw new Error('mine')
}
const shared = (deep) => {
  let it = {}
  for (let i = 0; i < deep; i++) it = { a: it, b: it }
  return it
}
const lying = (length) => new Proxy([], { get: (list, name) => (name === 'length' ? length : Reflect.get(list, name)) })

/** What may go wrong with an argument: the value, the code, and where inside the argument. */
const arguments_ = [
  ['a symbol', () => ({ x: Symbol('x') }), 'invalid_type', '.x'],
  ['a BigInt', () => ({ x: [1, 5n] }), 'invalid_type', '.x[1]'],
  ['a function', () => ({ x: () => 1 }), 'invalid_type', '.x'],
  ['a getter that throws', () => ({ x: { get y() { return thrower() } } }), 'invalid_type', '.x.y'],
  ['a getter that throws an error of the engine', () => ({ get x() { return engine.estimate({}) } }), 'invalid_type', '.x'],
  ['a getter that throws nothing at all', () => ({ get x() { throw undefined } }), 'invalid_type', '.x'],
  ['a proxy that throws', () => ({ x: new Proxy({}, { ownKeys: thrower }) }), 'invalid_type', '.x'],
  ['a proxy that was revoked', () => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return { x: proxy } }, 'invalid_type', '.x'],
  ['a list that lies about its length', () => ({ x: lying(Number.NaN) }), 'invalid_type', '.x'],
  ['a list that claims to be endless', () => ({ x: lying(2 ** 53) }), 'invalid_type', '.x'],
  ['a list of 2^32 − 1 holes', () => ({ x: new Array(2 ** 32 - 1) }), 'answer_too_large', '.x'],
  ['a graph of 2^28 ways', () => shared(28), 'answer_too_large', undefined],
  ['a long text two million times', () => ({ x: new Array(1 << 20).fill('x'.repeat(1 << 10)) }), 'answer_too_large', undefined],
  ['bytes where values are wanted', () => ({ x: new Uint8Array(1 << 20) }), 'invalid_type', '.x'],
  ['a circle', () => { const it = {}; it.x = it; return it }, 'invalid_type', '.x'.repeat(32)],
]

describe('an argument', () => {
  for (const [name, value, code, inside] of arguments_)
    test(`${name} is ${code}, and an open log is not touched`, () => {
      const other = opened(7)
      const large = inside === undefined // takes its time, and is refused by the same code everywhere
      for (const [what, ask] of Object.entries({
        request: (it) => engine.estimate(it),
        ...(large ? {} : {
          catalog: (it) => engine.lint(it),
          options: (it) => engine.lint(catalog, it),
          call: (it) => other.receipt(it),
          bill: (it) => other.reconcile(it),
          what: (it) => other.export(it),
          offset: (it) => other.seek(it),
        }),
      }))
        assert.throws(() => ask(value()), (error) => {
          assert.ok(error instanceof PricingError, `${error}`)
          assert.equal(error.code, code)
          if (inside !== undefined) assert.equal(error.place, what + inside)
          else assert.ok(error.place.startsWith(what), error.place)
          return true
        })
      // 7 × 0.08
      assert.deepEqual(told(other), [7, '0.56'])
      other.free()
    })

  test('a getter may ask the engine, and even free the handle that is asked', () => {
    const log = opened(3)
    told(log)
    const answer = engine.estimate({ ...request(), get usage() { return engine.estimate(request()) && undefined } })
    assert.equal(answer.total, '0')
    refuses(() => log.receipt({ get at() { log.free(); return '2026-01-05T08:00:00+08:00' }, region: 'cn-north-4', api: 'general-text' }), 'handle_gone', 'replay')
  })

  test('a key that is called __proto__ is a key', () => {
    refuses(() => engine.estimate(JSON.parse('{ "__proto__": { "usage": [] }, "catalog": {} }')), 'unknown_field', 'request.__proto__')
  })
})

describe('bytes', () => {
  const wrong = {
    nothing: () => null, 'no bytes': () => 'time,api', 'a list of numbers': () => [1, 2], 'an empty object': () => ({}), 'other bytes': () => new Uint16Array(4),
    'a bare buffer': () => new ArrayBuffer(4), 'a buffer that was given away': () => given(new Uint8Array(8)), 'a proxy of bytes': () => new Proxy(new Uint8Array(8), {}),
  }
  for (const [name, bytes] of Object.entries(wrong))
    test(`${name}: invalid_type, and nothing was pushed`, () => {
      const [log, other] = [opened(5), opened(9)]
      refuses(() => log.push(bytes()), 'invalid_type', 'bytes')
      assert.deepEqual([told(log), told(other)], [[5, '0.4'], [9, '0.72']])
    })

  test('what lies about its length is taken for what it is; a Buffer of Node and bytes of shared memory are bytes', () => {
    const log = engine.replay(request())
    const bytes = logOf(4)
    const lies = Object.defineProperty(bytes.slice(0, 60), 'length', { value: 1e9 })
    const shares = new Uint8Array(new SharedArrayBuffer(20))
    shares.set(bytes.subarray(60, 80))
    log.push(lies)
    log.push(shares)
    log.push(Buffer.from(bytes.subarray(80)))
    assert.deepEqual(told(log), [4, '0.32'])
  })
})

describe('seek', () => {
  const bytes = logOf(2)
  const wrong = [[Infinity, 'count_too_large'], [-Infinity, 'count_negative'], [Number.NaN, 'invalid_type'], [-1, 'count_negative'], [0.5, 'count_fractional'], [2 ** 53, 'count_too_large'],
    [bytes.length + 1, 'invalid_value'], ['0', 'invalid_type'], [null, 'invalid_type'], [undefined, 'invalid_type']]
  for (const [offset, code] of wrong)
    test(`to ${offset} is ${code}`, () => {
      const [log, other] = [opened(2), opened(6)]
      told(log)
      refuses(() => log.seek(offset), code, 'offset')
      log.push(bytes)
      assert.deepEqual([told(log), told(other)], [[2, '0.16'], [6, '0.48']])
    })

  test('before the file was read to its end is an error: every row is counted once', () => {
    const log = opened(2)
    refuses(() => log.seek(0), 'invalid_value', 'offset')
    assert.deepEqual(told(log), [2, '0.16'])
  })
})

describe('a handle', () => {
  test('freed twice, or asked after it was freed, is gone; another one answers', () => {
    const [log, other] = [opened(1), opened(8)]
    log.free()
    refuses(() => log.free(), 'handle_gone', 'replay')
    refuses(() => log.finish(), 'handle_gone', 'replay')
    refuses(() => log.push(logOf(1)), 'handle_gone', 'replay')
    assert.deepEqual(told(other), [8, '0.64'])
  })

  test('of an engine that was started afresh is gone, and reaches nothing of the next one', () => {
    const before = opened(2)
    const victim = trap()
    const b = opened(1_000)
    // What was open before would have freed the memory of b, and d would have stood there.
    before.free()
    victim.free()
    const d = opened(23)
    for (const stale of [before, victim]) {
      for (const ask of [() => stale.finish(), () => stale.head(), () => stale.push(logOf(9)), () => stale.seek(0), () => stale.reconcile([]), () => stale.export('json')])
        refuses(ask, 'handle_gone', 'replay')
    }
    // 1,000 × 0.08, 23 × 0.08
    assert.deepEqual([told(b), told(d)], [[1_000, '80'], [23, '1.84']])
  })

  test('of an engine that was started afresh, not freed, is gone as well, and freeing it is no error', () => {
    const stale = opened(2)
    trap()
    const other = opened(4)
    refuses(() => stale.finish(), 'handle_gone', 'replay')
    stale.free()
    stale.free()
    assert.deepEqual(told(other), [4, '0.32'])
  })

  test('300 misuses in random order: two open logs answer as if nothing had been', () => {
    // xorshift, from a seed: the order is the same in every run.
    let seed = 20_261_128
    const random = (below) => {
      seed ^= seed << 13
      seed ^= seed >>> 17
      seed ^= seed << 5
      return (seed >>> 0) % below
    }
    const stale = opened(3)
    trap()
    const [one, other] = [opened(11), opened(13)]
    const expected = [[11, '0.88'], [13, '1.04']]
    const freed = opened(1)
    freed.free()
    let mine = opened(5)
    const wrongBytes = [null, undefined, 7, 'x', {}, [], new Uint32Array(3), given(new Uint8Array(3)), new Proxy(new Uint8Array(2), {})]
    const wrongOffsets = [Infinity, -1, 0.5, Number.NaN, null, '1', 2 ** 60, 1e6, {}]
    const small = arguments_.filter(([name]) => !name.includes('million') && !name.includes('2^28'))
    const methods = ['finish', 'head', 'push', 'seek', 'receipt', 'reconcile', 'export']
    const misuses = [
      () => stale[methods[random(methods.length)]](logOf(1)),
      () => freed[methods[random(methods.length)]](logOf(1)),
      () => freed.free(),
      () => mine.push(wrongBytes[random(wrongBytes.length)]),
      () => mine.seek(wrongOffsets[random(wrongOffsets.length)]),
      () => mine.receipt(small[random(small.length)][1]()),
      () => mine.reconcile(small[random(small.length)][1]()),
      () => mine.export(small[random(small.length)][1]()),
      () => engine.replay(small[random(small.length)][1]()),
      () => engine.estimate(small[random(small.length)][1]()),
      () => mine.receipt({ get at() { mine.free(); throw mine } }),
    ]
    const seen = new Map()
    for (let i = 0; i < 300; i++) {
      const which = random(misuses.length)
      try {
        misuses[which]()
        assert.fail(`misuse ${which} was no error`)
      } catch (error) {
        assert.ok(error instanceof PricingError, `misuse ${which}: ${error}`)
        assert.notEqual(error.code, 'engine_restarted', `misuse ${which}`)
        seen.set(which, error.code)
      }
      stale.free()
      // Now and then another log takes the place of the one that is misused.
      if (random(10) === 0) mine = opened(1 + random(30))
      if (i % 50 === 49) assert.deepEqual([told(one), told(other)], expected, `after ${i + 1}`)
    }
    assert.equal(seen.size, misuses.length, 'every misuse occurred')
    assert.deepEqual([told(one), told(other)], expected)
  })
})
