// A log too large to be read is counted where it lives: what sql/counts.sql counts in a real DuckDB comes to the same bill.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { write } from '../../bench/log.mjs'
import { question } from '../../bench/question.mjs'
import { COLUMNS, counts, TEMPLATE } from '../../bench/counts.mjs'
import { load } from '../../dist/index.js'

const folder = fileURLToPath(new URL('../../target/sql-test/', import.meta.url))
const ROWS = 200_000

describe('the counts that SQL makes of a log', () => {
  const log = `${folder}log.csv`
  let database
  let engine
  before(async () => {
    mkdirSync(folder, { recursive: true })
    write(log, { rows: ROWS, seed: 4 })
    // A session with summer time, and hours that begin elsewhere than the catalog's.
    database = await (await DuckDBInstance.create()).connect()
    await database.run("set TimeZone = 'Australia/Lord_Howe'")
    await database.run(`create table log as from read_csv('${log}', header = true, columns = ${COLUMNS})`)
    engine = await load()
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** The counts as a file, by second in these hours. */
  async function counted(refine = []) {
    const file = `${folder}counts.csv`
    await database.run(`copy (${counts({ refine })}) to '${file}' (header)`)
    return readFileSync(file)
  }

  /** The benchmark's question, with packages that run out in a log as small as this. */
  function asked() {
    const request = question()
    for (const pack of request.entered.packages) pack.quota = 9_000
    for (const grant of request.grants) grant.package = grant.package.replace(/general-text-.*/, 'general-text-1k')
    return request
  }

  test('every parameter is explained, and every one explained is used', () => {
    const [, head, body] = /^((?:--.*\n)+)([\s\S]*)$/.exec(TEMPLATE)
    const names = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort()
    const used = names(body, /\{\{(\w+)\}\}/g)
    assert.equal(used.length, 10)
    assert.deepEqual(used, names(head, /^-- +\{\{(\w+)\}\} {2}/gm))
  })

  test('are those of counting one row after the other', async () => {
    const hours = [Date.parse('2026-01-05T10:00:00+08:00'), Date.parse('2026-03-29T23:00:00+08:00')].map((hour) => hour / 1000)
    const mine = new Map()
    for (const line of readFileSync(log, 'latin1').split('\n').slice(1, -1)) {
      const [at, , api, region, status, project, user, calls] = line.split(',')
      const second = Date.parse(at) / 1000
      const since = hours.includes(second - (second % 3600)) ? second : second - (second % 3600)
      const key = [`${new Date(since * 1000).toISOString().slice(0, 19)}Z`, api, region, project, user, status[0] === '2' ? 200 : 500].join()
      mine.set(key, (mine.get(key) ?? 0) + Number(calls))
    }
    const [header, ...rows] = (await counted(hours)).toString().trimEnd().split('\n')
    assert.equal(header, 'at,api,region,project,user,status,calls')
    assert.ok(rows.length > 10_000 && rows.length < ROWS)
    assert.deepEqual(rows.sort(), [...mine].map(([key, calls]) => `${key},${calls}`).sort())
  })

  test('come to the same bill as the log itself', async () => {
    const direct = engine.replay(asked())
    direct.push(readFileSync(log))
    let exact = direct.finish()
    for (; exact.refine.length > 0; exact = direct.finish()) direct.push(readFileSync(log))
    direct.free()

    const replay = engine.replay(asked())
    let file = await counted()
    replay.push(file)
    let answer = replay.finish()
    assert.notDeepEqual(answer.estimate, exact.estimate, 'counts by the hour alone are not exact here: else this shows nothing')
    const hours = new Set()
    let passes = 1
    for (; answer.refine.length > 0; passes++) {
      for (const { start } of answer.refine) hours.add(Date.parse(start) / 1000)
      file = await counted([...hours])
      replay.push(file)
      answer = replay.finish()
    }
    replay.free()
    // The last file holds all that matters: dropped on the page, it is read like any other log.
    const dropped = engine.replay(asked())
    dropped.push(file)
    let last = dropped.finish()
    for (; last.refine.length > 0; last = dropped.finish()) dropped.push(file)
    dropped.free()

    assert.ok(passes > 1)
    assert.deepEqual(answer.estimate, exact.estimate)
    assert.deepEqual(answer.charges, exact.charges)
    assert.deepEqual([last.estimate, last.charges, last.wholeHours], [exact.estimate, exact.charges, []])
    assert.deepEqual(exact.estimate.grants.map(({ left }) => left), [0, 0, 0, 0, 0, 0], 'every package ran out')
  })

  test('come to the same bill for many small logs, with packages bought in the middle of an hour', async () => {
    let refined = 0
    const logs = Number(process.env.LOGS ?? 20)
    const seeds = Array.from({ length: logs }, (_, i) => i + 1)
    // In 306 a package that would have avoided a charge runs out in an hour in which nothing that was bought does.
    if (logs < 306) seeds.push(306)
    for (const seed of seeds) {
      const small = `${folder}small.csv`
      write(small, { rows: 1_500, seed })
      const bytes = readFileSync(small)
      const rows = bytes.toString().split('\n').slice(1, -1)
      const pick = (n, of) => (Math.imul(seed * 7919 + n, 2654435761) >>> 0) % of
      const at = (n) => rows[pick(n, rows.length)].split(',')[0]
      const request = asked()
      request.entered.packages = [
        { ...request.entered.packages[0], id: 'two-apis', quota: 20 + pick(1, 90) },
        { ...request.entered.packages[0], id: 'text', apis: ['general-text'], quota: 20 + pick(2, 90) },
      ]
      request.grants = [0, 1, 2, 3].map((n) => ({
        package: n % 2 ? 'two-apis' : 'text',
        region: 'cn-north-4',
        created: at(n + 3),
        ...(n === 3 && { project: 'p1' }),
      }))
      await database.run(`create or replace table log as from read_csv('${small}', header = true, columns = ${COLUMNS})`)
      const direct = engine.replay(request)
      direct.push(bytes)
      let exact = direct.finish()
      for (; exact.refine.length > 0; exact = direct.finish()) direct.push(bytes)
      direct.free()
      const replay = engine.replay(request)
      replay.push(await counted())
      let answer = replay.finish()
      const hours = new Set()
      for (; answer.refine.length > 0; answer = replay.finish()) {
        refined++
        for (const { start } of answer.refine) hours.add(Date.parse(start) / 1000)
        replay.push(await counted([...hours]))
      }
      replay.free()
      assert.deepEqual(answer.estimate, exact.estimate, `seed ${seed}`)
      assert.deepEqual(answer.charges, exact.charges, `seed ${seed}`)
    }
    assert.ok(refined >= logs, `only ${refined} further counts for ${logs} logs`)
  })

  test('what cannot be counted comes out, to be seen', async () => {
    await database.run("create table holes as select * replace (case when request_id = (select min(request_id) from log) then null else \"timestamp\" end as \"timestamp\") from log limit 1000")
    await database.run("insert into holes select * replace (null as status) from log limit 1")
    await database.run("insert into holes select * replace (null as calls) from log limit 1")
    const rows = (await database.runAndReadAll(counts({ table: 'holes' }))).getRowObjects()
    assert.equal(rows.filter(({ status }) => status === null).length, 1)
    assert.equal(rows.filter(({ calls }) => calls === null).length, 1)
  })
})
