// `npm run bench`: how fast, against what else does the same work, in one run on one machine. Writes target/bench/report.json.
//
// ROWS=1000000 takes a smaller log. Each measurement is the median of three, taken in turns, so that a busy minute troubles all alike.

import { createHash } from 'node:crypto'
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../scripts/build.mjs'
import { ask, main, root, step, Stop, which } from '../scripts/run.mjs'
import { serve } from '../scripts/serve.mjs'
import { chromeArgs, findBrowser, firefox as findFirefox, packages, setupBuild } from '../scripts/setup.mjs'
import { COLUMNS, counts } from './counts.mjs'
import { LOG, write } from './log.mjs'
import { question } from './question.mjs'
import { naive, request as year } from './year.mjs'

const ROUNDS = 3
const MB = 1_000_000
const MiB = 1 << 20
const folder = join(root, 'target/bench')
const site = join(folder, 'site')

/** @type {{ name: string, ours: number, peer: number, peerName: string, ratio: number, unit: string }[]} */
const report = []
/** What a row must keep to: its ratio is at most this. */
const limits = new Map()

await main(async () => {
  const rows = Number(process.env.ROWS || LOG.rows)
  if (!Number.isInteger(rows) || rows < 1_000) throw new Stop(`ROWS=${process.env.ROWS} is not a number of rows: give a whole number from 1000.`)
  await setupBuild()
  await build()
  await packages('bench', 'Installing what only the benchmarks need (about 160 MB)')
  const chrome = findBrowser({ driver: false })?.chrome
  if (!chrome) throw new Stop('No browser found: run “npm test”, which installs one, or name it in CHROME.')
  const firefox = await findFirefox()
  const log = generated(rows)
  await putSite()

  await ofLog(log, rows, { chrome, firefox })
  await ofYear()
  await ofSpark(log)

  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  print()
})

/** @param {string} name @param {number} ours @param {number} peer @param {string} peerName @param {string} unit @param {number} [limit] of the ratio */
function row(name, ours, peer, peerName, unit, limit) {
  const round = (/** @type {number} */ number) => Number(number.toPrecision(4))
  report.push({ name, ours: round(ours), peer: round(peer), peerName, ratio: round(ours / peer), unit })
  if (limit !== undefined) limits.set(name + peerName, limit)
}

/** The log, written anew only when it would be another. @param {number} rows */
function generated(rows) {
  const file = join(folder, `log-${rows}.csv`)
  const stamp = `${file}.sha256`
  const wanted = createHash('sha256').update(readFileSync(join(root, 'bench/log.mjs'))).update(JSON.stringify(LOG)).digest('hex')
  if (existsSync(file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return file
  console.log(`▸ Writing a log of ${rows.toLocaleString('en')} rows`)
  const bytes = write(file, { rows })
  writeFileSync(stamp, wanted)
  console.log(`  ${(bytes / MB).toFixed(0)} MB`)
  return file
}

/** The page with the benchmarks' own page beside it, and DuckDB for the browser. */
async function putSite() {
  rmSync(site, { recursive: true, force: true })
  cpSync(join(root, 'dist'), site, { recursive: true })
  cpSync(join(root, 'bench/page'), site, { recursive: true })
  const from = join(root, 'bench/node_modules/@duckdb/duckdb-wasm/dist')
  const { build: bundle } = await import(join(root, 'bench/node_modules/esbuild/lib/main.js'))
  await bundle({ entryPoints: [join(from, 'duckdb-browser.mjs')], bundle: true, format: 'esm', outfile: join(site, 'duckdb/duckdb.js'), logLevel: 'error' })
  cpSync(join(from, 'duckdb-browser-eh.worker.js'), join(site, 'duckdb/worker.js'))
  cpSync(join(from, 'duckdb-eh.wasm'), join(site, 'duckdb/duckdb.wasm'))
}

/** @param {string} file @param {number} rows @param {{ chrome: string, firefox?: { firefox: string, driver: string } }} browsers */
async function ofLog(file, rows, { chrome, firefox }) {
  const { open: openDuckdb, query } = await import('./duckdb.mjs')
  const { load } = await import('../dist/index.js')
  const server = await serve(site)
  const closers = [server.close]
  try {
    console.log('▸ Opening DuckDB and the browsers')
    const native = await openDuckdb(file)
    const engine = await load()
    const page = await chromium(chrome, `${server.address}bench.html`, file)
    closers.push(page.close)
    const fox = firefox && (await (await import('./firefox.mjs')).open({ ...firefox, address: `${server.address}bench.html`, file }))
    if (fox) closers.push(fox.close)

    const runs = /** @type {Record<string, any[]>} */ ({})
    const works = {
      native: () => native.count(),
      node: () => replayed(engine, file),
      chromium: () => page.run('replay', question()),
      duckdbWasm: () => page.run('duckdb', query('log.csv')),
      ...(fox && { firefox: () => fox.run('replay', question()) }),
    }
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [name, work] of Object.entries(works)) {
        const result = await work()
        ;(runs[name] ??= []).push(result)
        console.log(`  ${round} of ${ROUNDS}  ${name.padEnd(12)}${result.seconds.toFixed(2)} s`)
      }
    }
    sameWork(runs, rows)

    const seconds = (/** @type {string} */ name) => median(runs[name].map(({ seconds }) => seconds))
    const most = (/** @type {string} */ name, /** @type {string} */ key) => Math.max(...runs[name].map((run) => run[key]))
    // A small log is over before the browser has compiled the engine for speed: nothing to judge.
    const judged = (/** @type {number} */ limit) => (rows >= LOG.rows ? limit : undefined)
    const of = `${(rows / 1e6).toLocaleString('en')} M rows`
    row(`${of} counted to hours, Node`, median(runs.node.map(({ counting }) => counting)), seconds('native'), native.name, 's')
    row(`${of} replayed, Node`, seconds('node'), seconds('native'), native.name, 's')
    row(`${of} replayed, worker in Chromium`, seconds('chromium'), seconds('native'), native.name, 's', judged(2))
    row(`${of} replayed, worker in Chromium`, seconds('chromium'), seconds('duckdbWasm'), 'DuckDB-wasm, worker in Chromium', 's', judged(1))
    if (fox) row(`${of} replayed, worker in Firefox`, seconds('firefox'), seconds('chromium'), 'the same in Chromium', 's', judged(2))
    row('WASM memory of the replay', most('chromium', 'bytes') / MiB, 64, 'limit', 'MiB', 1)
    row('Longest that an input waited, Chromium', most('chromium', 'input'), 100, 'limit', 'ms', 1)
    // Nobody can click there while the driver waits: a page that is never busy for long answers.
    if (fox) row('Longest the page was busy meanwhile, Firefox', most('firefox', 'gap'), 100, 'limit', 'ms', 1)
    console.log('▸ A log dropped on the page itself')
    const dropped = await page.drop(`${server.address}replay.html`, file)
    row('Longest that an input on the replay page waited', dropped.input, 100, 'limit', 'ms', 1)
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

/** The whole replay in Node, as the worker does it. @param {import('../dist/index.js').Engine} engine @param {string} file */
function replayed(engine, file) {
  const began = performance.now()
  const size = statSync(file).size
  const descriptor = openSync(file)
  const buffer = Buffer.alloc(MiB)
  const replay = engine.replay(question())
  const push = (from, to) => {
    for (let at = from; at < to; ) {
      const read = readSync(descriptor, buffer, 0, Math.min(buffer.length, to - at), at)
      replay.push(buffer.subarray(0, read))
      at += read
    }
  }
  try {
    push(0, size)
    const counting = (performance.now() - began) / 1000
    let answer = replay.finish()
    while (answer.refine.length > 0) {
      for (const { from, to } of answer.ranges) {
        replay.seek(from)
        push(from, to)
      }
      answer = replay.finish()
    }
    const { rows, passes, problemCounts, unmatched, estimate } = answer
    return { seconds: (performance.now() - began) / 1000, counting, rows, passes, problemCounts, unmatched, total: estimate.total, calls: estimate.calls }
  } finally {
    replay.free()
    closeSync(descriptor)
  }
}

/** Chromium with the benchmarks' page, the file chosen. @param {string} executablePath @param {string} address @param {string} file */
async function chromium(executablePath, address, file) {
  const browser = await (await import('playwright-core')).chromium.launch({ executablePath, args: chromeArgs })
  const page = await browser.newPage()
  page.setDefaultTimeout(600_000)
  await page.goto(address)
  await page.setInputFiles('#file', file)
  /** Somebody clicks or types all the while. */
  const busy = async (work, act) => {
    const ended = work.then(
      () => true,
      () => true,
    )
    let acts = 0
    for (; !(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100, false))])); acts++) await act()
    if (acts < 3) throw new Stop(`The page was given ${acts} inputs while it worked, which says nothing: take more rows.`)
    return await work
  }
  return {
    run: (name, asked) => busy(page.evaluate(([name, asked]) => /** @type {any} */ (globalThis).bench[name](asked), [name, asked]), () => page.click('#button')),
    /**
     * The page as it is: the log is chosen there, and read to its end, while somebody goes to and fro between its first two links.
     * Each such step is drawn: one that changes nothing on the screen would be said to wait until something else is drawn.
     */
    async drop(address, file) {
      const real = await browser.newPage()
      real.setDefaultTimeout(600_000)
      await real.goto(address)
      const choice = real.locator('#field-file')
      await choice.waitFor({ state: 'attached' })
      await real.evaluate(() => {
        const watched = { input: 0 }
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) watched.input = Math.max(watched.input, duration)
        }).observe({ type: 'event', durationThreshold: 16 })
        Object.assign(globalThis, { watched })
      })
      await real.keyboard.press('Tab')
      await choice.setInputFiles(file)
      let ahead = false
      const step = () => real.keyboard.press((ahead = !ahead) ? 'Tab' : 'Shift+Tab')
      const answered = real.waitForFunction(() => /** @type {any} */ (document.querySelector('ocr-replay')).answer !== null)
      await busy(answered, step)
      const watched = await real.evaluate(() => /** @type {any} */ (globalThis).watched)
      await real.close()
      return watched
    },
    close: () => browser.close(),
  }
}

/** Every one read every row, counted the same calls, and (but the peers) came to the same bill. */
function sameWork({ native, duckdbWasm, ...ours }, rows) {
  const { requests, served } = native[0]
  const problems = []
  for (const run of [...native, ...duckdbWasm]) if (run.requests !== requests || run.served !== served) problems.push(`DuckDB counted ${run.served} of ${run.requests} calls.`)
  const { total } = Object.values(ours)[0][0]
  for (const [name, runs] of Object.entries(ours))
    for (const run of runs) {
      if (run.rows !== rows || run.problemCounts.length > 0 || run.unmatched.length > 0) problems.push(`${name}: read ${run.rows} rows, with problems ${JSON.stringify(run.problemCounts)}.`)
      if (run.calls.requests !== requests || run.calls.counted + run.calls.rejected !== served) problems.push(`${name}: counted ${run.calls.counted} of ${run.calls.requests} calls, DuckDB ${served} of ${requests}.`)
      if (run.total !== total) problems.push(`${name}: ${run.total} instead of ${total}.`)
    }
  if (problems.length > 0) throw new Stop(`The work was not the same:\n${[...new Set(problems)].join('\n')}`)
}

/** Questions without a log. */
async function ofYear() {
  console.log('▸ A year of a million calls')
  const { load } = await import('../dist/index.js')
  const engine = await load()
  const request = year()
  const times = { estimate: [], compare: [], loop: [], loops: [] }
  const timed = (into, work) => {
    const began = performance.now()
    const result = work()
    into.push(performance.now() - began)
    return result
  }
  for (let round = 0; round < 3 * ROUNDS; round++) {
    const { total } = timed(times.estimate, () => engine.estimate(request))
    const looped = timed(times.loop, () => naive())
    const { saving } = timed(times.compare, () => engine.compare(request))
    const saved = timed(times.loops, () => naive([]) - naive())
    if (Number(total) !== looped || Number(saving) !== saved) throw new Stop(`The work was not the same: ${total} and ${looped}, ${saving} and ${saved}.`)
  }
  row('A year of 1 M calls: estimate, Node', median(times.estimate), median(times.loop), 'a loop over all calls in JavaScript', 'ms')
  row('A year of 1 M calls: compare, Node', median(times.compare), median(times.loops), 'two such loops, without break-even and curve', 'ms')
}

/** sql/counts.sql gives in Spark what it gives in DuckDB, byte by byte. No matter of time: it is checked here because Spark is large. @param {string} log */
async function ofSpark(log) {
  const python = which(process.env.PYTHON, 'python3')
  if (!python || ask(python, '-c', 'import pyspark') === undefined) return console.log('▸ No pyspark found: sql/counts.sql is not run in Spark. Name a Python that has it in PYTHON.')
  const refine = ['2026-01-05T10:00:00+08:00', '2026-02-11T16:00:00+08:00'].map((hour) => Date.parse(hour) / 1000)
  const query = join(folder, 'counts.sql')
  writeFileSync(query, counts({ spark: true, refine }))
  await step('Counting the log with sql/counts.sql in Spark', python, [join(root, 'bench/spark.py'), log, query, join(folder, 'spark')])
  const { toCsv } = await import('./duckdb.mjs')
  await toCsv(counts({ table: `read_csv('${log}', header = true, columns = ${COLUMNS})`, refine }), join(folder, 'counts.csv'))
  const [part] = readdirSync(join(folder, 'spark')).filter((file) => file.endsWith('.csv'))
  if (!readFileSync(join(folder, 'spark', part)).equals(readFileSync(join(folder, 'counts.csv')))) throw new Stop('Spark and DuckDB count differently with sql/counts.sql.')
  console.log('  the same as in DuckDB, byte by byte')
}

/** @param {number[]} numbers */
function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)]
}

function print() {
  const number = (/** @type {number} */ value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
  console.log(`\n${'What'.padEnd(48)}${'ours'.padStart(9)}${'peer'.padStart(9)}${'ratio'.padStart(8)}  ${'at most'.padEnd(9)}peer`)
  let over = 0
  for (const { name, ours, peer, peerName, ratio, unit } of report) {
    const limit = limits.get(name + peerName)
    const kept = limit === undefined || ratio <= limit
    if (!kept) over++
    const judged = limit === undefined ? '' : kept ? `${limit}` : `${limit}: NO`
    console.log(`${name.padEnd(48)}${`${number(ours)} ${unit}`.padStart(9)}${`${number(peer)} ${unit}`.padStart(9)}${number(ratio).padStart(8)}  ${judged.padEnd(9)}${peerName}`)
  }
  if (over > 0) throw new Stop(`${over} of ${limits.size} limits were not kept. Was the machine busy with something else?`)
}
