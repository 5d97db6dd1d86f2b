// The files that the door gives: text for the very answer that a program gets.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { load, PricingError } from '../../dist/index.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file) => readFileSync(`${root}${file}`, 'utf8')
const engine = await load()
const { catalog, request } = parse(read('tests/golden/readme.toml'))
const question = { ...request, catalog: JSON.parse(read(`dist/catalogs/${catalog}.json`)) }

test('CSV files are those of the native engine, byte for byte', () => {
  for (const name of ['bill', 'causes', 'focus']) assert.equal(engine.export(question, `${name}-csv`), read(`tests/golden/readme.${name}.csv`), name)
})

test('JSON is the very answer, in the detail that was asked for', () => {
  for (const detail of ['month', 'draw']) {
    const asked = { ...question, detail }
    assert.deepEqual(JSON.parse(engine.export(asked, 'json')), engine.estimate(asked))
  }
})

test('a ledger has every draw, whatever detail was asked for', () => {
  const rows = engine.export(question, 'ledger-csv').split('\r\n')
  const { draws } = engine.estimate({ ...question, detail: 'draw' })
  assert.equal(rows.filter((row) => row.startsWith('draw,')).length, draws.length)
  assert.ok(draws.length > 8_000)
})

test('what is no file, and what has no price, is refused with its place', () => {
  const refused = (work, code, place) =>
    assert.throws(work, (error) => error instanceof PricingError && error.code === code && error.place === place, `${code} at ${place}`)
  refused(() => engine.export(question, 'bill'), 'invalid_value', 'what')
  refused(() => engine.export(question), 'invalid_type', 'what')
  refused(() => engine.export({ ...question, usage: 1 }, 'json'), 'invalid_type', 'request.usage')
  const unpriced = { ...question, usage: [{ ...question.usage[0], api: 'id-card' }] }
  const { place } = engine.estimate(unpriced).unpriced[0]
  refused(() => engine.export(unpriced, 'focus-csv'), 'no_published_price', place)
})
