// `npm test`: installs what is missing, then runs every test; stops at the first stage that fails.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { main, root, step, Stop } from './run.mjs'
import { chromeArgs, setupTest } from './setup.mjs'

const WASM = ['--target', 'wasm32-unknown-unknown']

/** What ran so far: { name, seconds, passed, failed }. */
const stages = []

await main(async () => {
  try {
    await everything()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.log(`\n${error.message}`)
    process.exitCode = 1
  }
  report()
})

async function everything() {
  let browser
  await stage('Setting up', async () => {
    browser = await setupTest()
  })
  const env = { CHROME: browser?.chrome, CHROMEDRIVER: browser?.driver, WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(browser) }

  await stage('Form and lints of the Rust code', async () => {
    await step('cargo fmt', 'cargo', ['fmt', '--check'])
    await step('cargo clippy', 'cargo', ['clippy', '--all-targets', '--', '-D', 'warnings'])
    await step('cargo clippy for WASM', 'cargo', ['clippy', ...WASM, '--lib', '--test', 'wasm', '--', '-D', 'warnings'])
  })
  await stage('Engine: cases, laws, oracle, house rules', () => tests('cargo test', 'cargo', ['test', '--no-fail-fast']))
  await stage('Door, in headless Chromium', () =>
    tests(
      'wasm-pack test',
      'wasm-pack',
      ['test', '--mode', 'no-install', '--headless', '--chrome', '--chromedriver', browser.driver, '--', '--test', 'wasm'],
      env,
    ))
  await stage('Build', build)
  await stage('Types of the page and of the door', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    await step('tsc: the page', process.execPath, [tsc, '--project', 'tsconfig.json'])
    await step('tsc: a program that uses dist/', process.execPath, [
      tsc, '--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', 'tests/node/door.types.ts',
    ])
  })
  await stage('Page’s own functions and the door, in Node', () => nodeTests(['tests/www', 'tests/node'], env))
  await stage('Page, in Chromium', () => nodeTests(['tests/page'], env))
}

async function stage(name, work) {
  console.log(`\n━━━ ${name}`)
  const began = performance.now()
  const result = { name, seconds: 0, passed: 0, failed: 0 }
  stages.push(result)
  try {
    Object.assign(result, await work())
  } catch (error) {
    Object.assign(result, counted(error.output ?? ''))
    result.failed ||= 1
    throw error
  } finally {
    result.seconds = (performance.now() - began) / 1000
  }
}

/** A step that must run at least one test. */
async function tests(title, command, args, env) {
  const { output } = await step(title, command, args, { env, summary: (text) => `${counted(text).passed} passed` })
  const count = counted(output)
  if (count.passed === 0) throw new Stop(`“${title}” ran no test.`)
  return count
}

function nodeTests(folders, env) {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.test.mjs'))
      .map((file) => join(folder, file))
      .sort(),
  )
  return tests(`node --test ${folders.join(' ')}`, process.execPath, ['--test', '--test-reporter=spec', ...files], env)
}

/** Adds up the closing lines of cargo’s, wasm-bindgen’s and Node’s test runners. */
function counted(output) {
  const sum = (pattern) => [...output.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0)
  return {
    passed: sum(/^test result: .*?(\d+) passed/gm) + sum(/^ℹ pass (\d+)/gm),
    failed: sum(/^test result: .*?(\d+) failed/gm) + sum(/^ℹ fail (\d+)/gm) + sum(/^ℹ cancelled (\d+)/gm),
  }
}

/** How the wasm-bindgen test runner has its browser started. */
function capabilities({ chrome }) {
  const file = join(root, 'target/webdriver.json')
  mkdirSync(join(root, 'target'), { recursive: true })
  writeFileSync(file, JSON.stringify({ 'goog:chromeOptions': { binary: chrome, args: ['--headless', ...chromeArgs] } }))
  return file
}

function report() {
  console.log(`\n${'Stage'.padEnd(46)}${'seconds'.padStart(9)}${'tests'.padStart(8)}`)
  for (const { name, seconds, passed, failed } of stages)
    console.log(`${name.padEnd(46)}${seconds.toFixed(1).padStart(9)}${String(passed || '').padStart(8)}${failed ? '  failed here' : ''}`)
  const sum = (key) => stages.reduce((all, stage) => all + stage[key], 0)
  console.log(`${'All'.padEnd(46)}${sum('seconds').toFixed(1).padStart(9)}\n`)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
}
