// `npm run build`: Rust → WASM → dist/, which holds everything a web page needs and nothing else.

import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { main, root, step, Stop } from './run.mjs'
import { setupBuild } from './setup.mjs'

/**
 * Two modules of one engine: a small one for a page's first answer, which must load fast on a phone, and the whole one, which programs
 * load, and pages when something is unfolded. `limit`: kB of WASM and its JavaScript, compressed; raising one needs a reason.
 */
const MODULES = [
  { name: 'ocr_pricing_first', what: 'for the first answer', profile: 'download', features: ['--no-default-features'], simd: '-simd128', limit: 100 },
  { name: 'ocr_pricing', what: 'whole', profile: 'whole', features: [], simd: '+simd128', limit: 300 },
]

const pkg = join(root, 'target/pkg')
const dist = join(root, 'dist')
const stamp = join(pkg, 'inputs.sha256')

/** Builds what changed since the last time; `dist/` is always put together anew. */
export async function build() {
  const inputs = hash(['Cargo.toml', 'Cargo.lock', 'package-lock.json', 'scripts/build.mjs', 'src'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) console.log('▸ The WASM module is up to date')
  else {
    rmSync(pkg, { recursive: true, force: true })
    mkdirSync(pkg, { recursive: true })
    for (const module of MODULES) await wasm(module)
    writeFileSync(stamp, inputs)
  }
  await assemble()
  printSize()
}

async function wasm({ name, what, profile, features, simd }) {
  const compiled = join(root, `target/wasm32-unknown-unknown/${profile}/ocr_pricing.wasm`)
  // What a panic would print names no folder of the machine that built it.
  const remap = [`${process.env.CARGO_HOME ?? join(homedir(), '.cargo')}/registry/src=crates`, `${root}=.`].map((from) => `--remap-path-prefix=${from}`)
  // cdylib alone: with rlib beside it, cargo drops link-time optimisation without a word.
  await step(`Compiling the engine to WASM, ${what} (half a minute)`, 'cargo', [
    'rustc', '--lib', '--profile', profile, '--crate-type', 'cdylib', '--target', 'wasm32-unknown-unknown', '--target-dir', join(root, 'target'), ...features,
    '--config', `target.wasm32-unknown-unknown.rustflags=${JSON.stringify([...remap, `-Ctarget-feature=${simd}`])}`,
  ])
  await step('Writing the JavaScript and the types around it (wasm-bindgen)', 'wasm-bindgen', [
    compiled, '--target', 'web', '--out-dir', pkg, '--out-name', name, '--experimental-reset-state-function',
  ])
  // Programs that are checked against an older library of types do not know the symbol.
  const types = join(pkg, `${name}.d.ts`)
  writeFileSync(types, readFileSync(types, 'utf8').replace(/^ *\[Symbol\.dispose\]\(\): void;\n/gm, ''))
  const module = join(pkg, `${name}_bg.wasm`)
  await step('Making it smaller (wasm-opt)', process.execPath, [
    join(root, 'node_modules/binaryen/bin/wasm-opt'), module, '-o', module, '-O3', '--converge',
    // what rustc emits for this target
    '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext', '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue', '--enable-simd',
    '--strip-debug', '--strip-producers', '--strip-target-features',
  ])
}

async function assemble() {
  rmSync(dist, { recursive: true, force: true })
  cpSync(join(root, 'www'), dist, { recursive: true })
  const files = MODULES.flatMap(({ name }) => [`${name}.js`, `${name}.d.ts`, `${name}_bg.wasm`])
  for (const file of files) cpSync(join(pkg, file), join(dist, file))
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
  writeFileSync(join(dist, 'proof.json'), JSON.stringify(await proof()))

  const { name, version, description, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(
    join(dist, 'package.json'),
    `${JSON.stringify({ name, version, description, license, type, main: './index.js', types: './index.d.ts' }, null, 2)}\n`,
  )
  writeFileSync(join(dist, 'index.js'), "export * from './engine.js'\n")
  await step('Writing the types of the door (tsc)', process.execPath, [
    join(root, 'node_modules/typescript/bin/tsc'), join(dist, 'engine.js'), '--ignoreConfig',
    '--allowJs', '--declaration', '--emitDeclarationOnly', '--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--skipLibCheck',
  ])
  writeFileSync(join(dist, 'index.d.ts'), doorTypes())
}

/** The published worked examples for the proof page: the cases below `tests/cases/published`, one source a file. */
async function proof() {
  const { parse } = await import('smol-toml') // there only after the setup
  const folder = join(root, 'tests/cases/published')
  const files = readdirSync(folder).filter((file) => file.endsWith('.toml'))
  const sources = files.map((file) => {
    const { document, case: cases } = parse(readFileSync(join(folder, file), 'utf8'))
    if (!document?.title) throw new Stop(`${file} names no document.`)
    const examples = cases.map(({ name, call, catalog, given, result, section, rules, request, expect, ...more }) => {
      if (!given || !result || !section || !expect || more.patch || more.wholeCatalog)
        throw new Stop(`${file}, “${name}”: an example has given, result, section and expect, and its catalog unchanged.`)
      return withNulls({ call, catalog: shipped(catalog), given, result, section, rules, request, expect })
    })
    return { ...document, examples }
  })
  return sources.sort((one, other) => one.order - other.order)
}

/** The id of a catalog that ships; the whole of one that serves the tests only. */
function shipped(id) {
  if (existsSync(join(root, `www/catalogs/${id}.json`))) return id
  return JSON.parse(readFileSync(join(root, `tests/catalogs/${id}.json`), 'utf8'))
}

/** TOML has no null: the cases write "~null~". */
function withNulls(value) {
  if (value === '~null~') return null
  if (Array.isArray(value)) return value.map(withNulls)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, withNulls(inside)]))
  return value
}

/** All that `engine.js` exports, and those of the generated types that it does not name itself; none of the loader's. */
function doorTypes() {
  const names = (file) => [...readFileSync(join(dist, file), 'utf8').matchAll(/^export (?:declare )?(?:interface|type|class) (\w+)/gm)].map(([, name]) => name)
  const own = names('engine.d.ts')
  const others = names('ocr_pricing.d.ts').filter((name) => !own.includes(name) && !/^(Sync)?Init(Input|Output)$/.test(name))
  return `export * from './engine.js'\nexport type {\n${others.sort().map((name) => `  ${name},\n`).join('')}} from './ocr_pricing.js'\n`
}

function printSize() {
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9)
  for (const { name, what, limit } of MODULES) {
    const sizes = [`${name}_bg.wasm`, `${name}.js`].map((file) => {
      const bytes = readFileSync(join(dist, file))
      const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
      return { file, raw: bytes.length, brotli: packed.length }
    })
    const all = { file: what, raw: sizes[0].raw + sizes[1].raw, brotli: sizes[0].brotli + sizes[1].brotli }
    for (const { file, raw, brotli } of [...sizes, all]) console.log(`  ${file.padEnd(28)}${kB(raw)} raw${kB(brotli)} brotli`)
    if (all.brotli > limit * 1000) throw new Stop(`WASM and glue ${what} are ${kB(all.brotli).trim()} brotli, more than the ${limit} kB allowed.`)
  }
}

/** One fingerprint of files and folders: names and contents, not times. */
function hash(paths) {
  const sum = createHash('sha256')
  const add = (path) => sum.update(path).update('\0').update(readFileSync(join(root, path))).update('\0')
  for (const path of paths) {
    if (!statSync(join(root, path)).isDirectory()) add(path)
    else {
      const inside = readdirSync(join(root, path), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      for (const file of inside.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()) add(file.slice(root.length + 1))
    }
  }
  return sum.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  await main(async () => {
    await setupBuild()
    await build()
    console.log('\ndist/ is ready.')
  })
