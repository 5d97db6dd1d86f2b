// How the proof page compares a published answer with a computed one: by the rule of the cases.

import assert from 'node:assert/strict'
import test from 'node:test'
import { at, compared, fill } from '../../www/agree.js'

const wrong = (published, computed) => compared(published, computed).filter((it) => !it.agrees).map((it) => it.place)

test('only what is written is compared, field by field', () => {
  assert.deepEqual(wrong({ total: '6', calls: { free: 2 } }, { total: '6', calls: { free: 2, package: 1 }, more: 1 }), [])
  assert.deepEqual(wrong({ total: '6', calls: { free: 2 } }, { total: '7', calls: { free: 3 } }), ['total', 'calls.free'])
})

test('lists have the same length', () => {
  assert.deepEqual(wrong({ lines: [{ calls: 1 }, {}] }, { lines: [{ calls: 1 }, { calls: 5 }] }), [])
  assert.deepEqual(wrong({ lines: [{ calls: 1 }] }, { lines: [{ calls: 1 }, { calls: 5 }] }), ['lines'])
  assert.deepEqual(wrong({ lines: [] }, { lines: [] }), [])
  assert.deepEqual(wrong({ lines: [] }, { lines: [1] }), ['lines'])
})

test('null is an answer like any other, and a field that is not there is null', () => {
  assert.deepEqual(wrong({ total: null }, { total: null }), [])
  assert.deepEqual(wrong({ total: null }, {}), [])
  assert.deepEqual(wrong({ total: null }, { total: '0' }), ['total'])
  assert.deepEqual(wrong({ total: '0' }, {}), ['total'])
})

test('a figure and a text that looks like it are two things; inherited fields are none', () => {
  assert.deepEqual(wrong({ calls: 5 }, { calls: '5' }), ['calls'])
  assert.deepEqual(wrong({ toString: 'x' }, {}), ['toString'])
  assert.deepEqual(wrong({ calls: { free: 1 } }, { calls: null }), ['calls'])
})

test('a sentence takes its figures from their places', () => {
  const answer = { total: '3', lines: [{ calls: 1 }, { calls: 2 }] }
  assert.equal(at(answer, 'lines[1].calls'), 2)
  assert.equal(at(answer, 'lines[2].calls'), undefined)
  assert.equal(fill('{lines[0].calls} and {lines:many} make {total}', answer, (value, how) => `${how}${Array.isArray(value) ? value.length : value}`), '1 and many2 make 3')
})
