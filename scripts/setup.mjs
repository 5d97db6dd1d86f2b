// What the machine must have. Finds it, installs what is missing, or says in one sentence what to install.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ask, root, step, Stop, which } from './run.mjs'

/** Compiled tools, one folder a version, shared by every clone and apart from the person's own `~/.cargo/bin`. */
const tools = join(
  process.env.XDG_CACHE_HOME || (platform() === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache')),
  'ocr-pricing',
)

/** Node, Rust with the WASM target, npm's packages, wasm-bindgen. */
export async function setupBuild() {
  checkNode()
  await rust()
  await packages()
  await wasmBindgen()
}

/** All that, and the linters, wasm-pack, and a browser with its driver. */
export async function setupTest() {
  await setupBuild()
  await linters()
  await wasmPack()
  return await browser()
}

function checkNode() {
  const [major] = process.versions.node.split('.')
  if (Number(major) < 20) throw new Stop(`Node ${process.versions.node} is too old: install Node 20 or later.`)
}

/** rustup's folder is often not on the PATH of a shell that was open while it was installed. */
function toolsOnPath(...folders) {
  process.env.PATH = [...folders, process.env.PATH].join(delimiter)
}

async function rust() {
  if (!which('cargo')) toolsOnPath(join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin'))
  if (!which('cargo')) throw new Stop('Rust is missing: install it with rustup (https://rustup.rs), then run this again.')
  if (!ask('cargo', '--version')) throw new Stop('cargo does not start: choose a Rust toolchain with “rustup default stable”, then run this again.')
  const wanted = /rust-version = "([\d.]+)"/.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'))?.[1]
  const found = /rustc (\d+\.\d+)/.exec(ask('rustc', '--version') ?? '')?.[1]
  if (wanted && found && Number(found.split('.')[1]) < Number(wanted.split('.')[1]))
    throw new Stop(`Rust ${found} is too old: run “rustup update stable” to get ${wanted} or later.`)

  const library = ask('rustc', '--print', 'target-libdir', '--target', 'wasm32-unknown-unknown')
  if (library && existsSync(library)) return
  if (!which('rustup'))
    throw new Stop('Rust cannot compile to WASM here: install the target wasm32-unknown-unknown (with rustup: “rustup target add wasm32-unknown-unknown”).')
  await step('Adding the WASM target to Rust (a download of about 20 MB)', 'rustup', ['target', 'add', 'wasm32-unknown-unknown'])
}

/** `npm ci` in a folder, when it has no packages or its lock file is newer than what that left behind. */
export async function packages(folder = '.', title = 'Installing npm packages') {
  const age = (file) => statSync(join(root, folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (age('node_modules/.package-lock.json') >= age('package-lock.json')) return
  const npm = process.env.npm_execpath
  const [command, ...args] = npm ? [process.execPath, npm, 'ci'] : ['npm', 'ci']
  await step(title, command, [...args, '--prefix', join(root, folder)])
}

async function linters() {
  const missing = [
    ['rustfmt', 'fmt'],
    ['clippy', 'clippy'],
  ].filter(([, command]) => !ask('cargo', command, '--version'))
  if (missing.length === 0) return
  const names = missing.map(([component]) => component)
  if (!which('rustup')) throw new Stop(`Rust’s ${names.join(' and ')} are missing: install them as your Rust was installed.`)
  await step(`Adding ${names.join(' and ')} to Rust`, 'rustup', ['component', 'add', ...names])
}

/** The tool and the crate must have exactly the same version, so the tool's is read from the lock file. */
async function wasmBindgen() {
  if (!existsSync(join(root, 'Cargo.lock'))) await step('Choosing versions of the Rust crates', 'cargo', ['generate-lockfile'])
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(readFileSync(join(root, 'Cargo.lock'), 'utf8'))?.[1]
  if (!version) throw new Stop('Cargo.lock names no version of wasm-bindgen: run “cargo update” and look at Cargo.toml.')
  const right = (program) => ask(program, '--version')?.split(' ')[1] === version
  if (right('wasm-bindgen') && right('wasm-bindgen-test-runner')) return
  await cargoTool('wasm-bindgen-cli', version, ['wasm-bindgen', 'wasm-bindgen-test-runner'])
}

async function wasmPack() {
  if (!which('wasm-pack')) await cargoTool('wasm-pack', '0.15.1', ['wasm-pack'])
}

/** Compiles a tool once. Lightly optimised: half the wait, and no slower to use on a module of this size. */
async function cargoTool(crate, version, programs) {
  const folder = join(tools, `${crate}-${version}`)
  toolsOnPath(join(folder, 'bin'))
  if (programs.every((program) => existsSync(join(folder, 'bin', program)))) return
  const args = ['install', crate, '--version', `=${version}`, '--root', folder, ...programs.flatMap((program) => ['--bin', program])]
  const env = { CARGO_PROFILE_RELEASE_OPT_LEVEL: '1', CARGO_PROFILE_RELEASE_LTO: 'off' }
  const title = `Compiling ${crate} ${version} (one to three minutes, once a machine)`
  try {
    await step(title, 'cargo', [...args, '--locked'], { env, mayFail: true })
  } catch {
    // A crate that its author’s lock file names can be withdrawn, or not yet be on this machine’s mirror.
    await step(`${title}, with the newest fitting dependencies`, 'cargo', args, { env })
  }
}

const chromes = () => [
  process.env.CHROME,
  process.env.CHROME_PATH,
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const drivers = () => [
  process.env.CHROMEDRIVER,
  process.env.CHROMEWEBDRIVER && join(process.env.CHROMEWEBDRIVER, 'chromedriver'),
  'chromedriver',
  'chromium.chromedriver',
  '/usr/lib/chromium/chromedriver',
  '/usr/lib/chromium-browser/chromedriver',
  '/usr/lib64/chromium-browser/chromedriver',
]

/** The first browser that has a driver of its own version. Without `driver`, the first browser. */
export function findBrowser({ driver = true } = {}) {
  const installed = (names) => [...new Set(names.map((name) => which(name)).filter(Boolean))]
  const version = (program) => /(\d+)\.\d+\.\d+/.exec(ask(program, '--version') ?? '')?.[1]
  const browsers = installed(chromes())
  if (!driver) return browsers[0] && { chrome: browsers[0] }
  const known = installed(drivers()).map((path) => ({ path, version: version(path) }))
  for (const chrome of browsers) {
    const own = version(chrome)
    const match = known.find((candidate) => own && candidate.version === own)
    if (match) return { chrome, driver: match.path }
  }
}

async function browser() {
  const found = findBrowser()
  if (found) return found
  const asRoot = process.getuid?.() === 0 ? [] : ask('sudo', '-n', 'true') !== undefined ? ['sudo', '-n'] : undefined
  const advice = 'install Chromium (or Chrome) and the ChromeDriver of the same version, or name them in CHROME and CHROMEDRIVER, then run this again.'
  if (!which('apt-get') || !asRoot) throw new Stop(`The browser tests need a browser and its driver: ${advice}`)

  const apt = (...args) => [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
  const [update, ...updateArgs] = apt('update')
  const [install, ...installArgs] = apt('install', '-y', '--no-install-recommends', 'chromium', 'chromium-driver')
  try {
    await step('Reading the list of Debian packages', update, updateArgs)
    await step('Installing Chromium and its driver for the browser tests (about 100 MB)', install, installArgs)
  } catch {
    throw new Stop(`Chromium could not be installed with apt-get: ${advice}`)
  }
  const now = findBrowser()
  if (!now) throw new Stop(`apt-get installed no browser and driver of one version: ${advice}`)
  return now
}

/** Firefox and its driver for the benchmarks, or undefined and a sentence that says what is missing: they are no condition of anything. */
export async function firefox() {
  const firefox = which(process.env.FIREFOX, 'firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox')
  if (!firefox) return void console.log('  No Firefox found: its benchmarks are left out. Install it (Debian: firefox-esr), or name it in FIREFOX.')
  try {
    const driver = which(process.env.GECKODRIVER, 'geckodriver')
    if (driver) return { firefox, driver }
    await cargoTool('geckodriver', '0.37.1', ['geckodriver'])
    return { firefox, driver: which('geckodriver') }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.log('  geckodriver could not be compiled: the benchmarks in Firefox are left out. Name one in GECKODRIVER.')
  }
}

/** How a test starts Chromium: headless, without errands of its own; as root without its sandbox, which refuses root. */
export const chromeArgs = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
