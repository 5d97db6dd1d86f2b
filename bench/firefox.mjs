// Drives Firefox through geckodriver: as much of WebDriver as a page and a file need.

import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** @param {{ firefox: string, driver: string, address: string, file: string }} on */
export async function open({ firefox, driver, address, file }) {
  const port = await freePort()
  const child = spawn(driver, ['--port', String(port), '--log', 'fatal'], { stdio: 'ignore' })
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
    const { value } = await response.json()
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
    return value
  }
  let session
  const close = async () => {
    if (session) await ask('DELETE', session).catch(() => {})
    child.kill()
  }
  try {
    await started(ask)
    const alwaysMatch = { browserName: 'firefox', 'moz:firefoxOptions': { binary: firefox, args: ['-headless'] } }
    const { sessionId, capabilities } = await ask('POST', '/session', { capabilities: { alwaysMatch } })
    session = `/session/${sessionId}`
    await ask('POST', `${session}/timeouts`, { script: 600_000 })
    await ask('POST', `${session}/url`, { url: address })
    const element = await ask('POST', `${session}/element`, { using: 'css selector', value: '#file' })
    await ask('POST', `${session}/element/${Object.values(element)[0]}/value`, { text: file })
    /** Calls a function of the page's `bench`. */
    const run = async (name, ...args) => {
      const script = 'const [name, args, done] = arguments; bench[name](...args).then(done, (error) => done({ failed: String(error) }))'
      const value = await ask('POST', `${session}/execute/async`, { script, args: [name, args] })
      if (value?.failed) throw new Error(value.failed)
      return value
    }
    return { version: capabilities.browserVersion, run, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The driver takes a moment until it listens. */
async function started(ask) {
  for (const end = Date.now() + 20_000; ; ) {
    try {
      return await ask('GET', '/status')
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}
