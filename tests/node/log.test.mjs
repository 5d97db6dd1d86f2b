// The call logs of the benchmarks: what a busy service would write, and the same for the same seed.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { HEADER, pieces } from '../../bench/log.mjs'

const catalog = JSON.parse(readFileSync(new URL('../../www/catalogs/huawei-cn.json', import.meta.url), 'utf8'))
const ROWS = 300_000

/** The whole log as a text. */
function text(log) {
  let all = ''
  for (const piece of pieces({ rows: ROWS, ...log })) all += Buffer.from(piece).toString('latin1') // each piece overwrites the last
  return all
}

test('the same seed writes the same log, another seed another', () => {
  assert.equal(text({ seed: 7 }), text({ seed: 7 }))
  assert.notEqual(text({ seed: 7 }), text({ seed: 8 }))
})

test('a log is what a log of a busy service is', () => {
  const all = text({})
  const lines = all.split('\n')
  assert.equal(lines.shift(), HEADER)
  assert.equal(lines.pop(), '', 'the last line ends, too')
  assert.equal(lines.length, ROWS)
  // About 68 bytes a row: 10 million rows are about 680 MB.
  assert.ok(Math.abs(all.length / ROWS - 68) < 1, `${all.length / ROWS} bytes a row`)

  const rows = lines.map((line) => line.split(','))
  const begins = Date.parse('2026-01-01T00:00:00+08:00')
  const ends = Date.parse('2026-04-01T00:00:00+08:00')
  let back = 0
  let before = 0
  for (const [at, id, api, region, status, , , calls] of rows) {
    const time = Date.parse(at)
    assert.ok(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) && time >= begins && time < ends, at)
    if (time < before) back++
    before = time
    assert.match(id, /^[0-9a-z]{6}$/)
    const offered = catalog.apis.find(({ operation }) => operation === api)
    assert.ok(offered, api)
    assert.ok((offered.regions ?? catalog.regions.map(({ id }) => id)).includes(region), `${api} in ${region}`)
    assert.match(status, /^[245]\d\d$/)
    assert.match(calls, /^[1-9]\d?$/)
  }
  assert.ok(back > ROWS / 1_000 && back < ROWS / 10, `${back} rows stand after a later one`)
  const repeated = ROWS - new Set(rows.map(([, id]) => id)).size
  assert.ok(repeated > 0 && repeated < ROWS / 10_000, `${repeated} rows were delivered twice`)
  const streams = new Set(rows.map(([, , api, region, , project, user]) => [api, region, project, user].join()))
  assert.equal(streams.size, 40)
  const failed = rows.filter(([, , , , status]) => !status.startsWith('2')).length
  assert.ok(failed > ROWS / 20 && failed < ROWS / 10, `${failed} requests failed`)
})
