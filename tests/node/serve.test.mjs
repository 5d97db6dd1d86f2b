// The server behind `npm start` and the page tests.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { serve } from '../../scripts/serve.mjs'

describe('serve', () => {
  let around, site
  before(async () => {
    around = mkdtempSync(join(tmpdir(), 'serve-'))
    mkdirSync(join(around, 'site/inner'), { recursive: true })
    writeFileSync(join(around, 'secret.txt'), 'secret')
    writeFileSync(join(around, 'site/index.html'), '<!doctype html>')
    writeFileSync(join(around, 'site/engine.wasm'), '')
    symlinkSync(join(around, 'secret.txt'), join(around, 'site/link.txt'))
    site = await serve(join(around, 'site'))
  })
  after(async () => {
    await site.close()
    rmSync(around, { recursive: true })
  })

  /** What a file descriptor of this process leads to. */
  const linked = (fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  }

  /** The path is sent as it stands, which `fetch` would not do. */
  const ask = (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(site.address)
      request({ hostname, port, path, method }, (response) => {
        let body = ''
        response.on('data', (part) => (body += part)).on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
      })
        .on('error', reject)
        .end()
    })

  test('the page comes with the strict policy and is never stored', async () => {
    const { status, headers, body } = await ask('/?x=1')
    assert.equal(status, 200)
    assert.equal(body, '<!doctype html>')
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self'; require-trusted-types-for 'script'",
    )
  })

  test('WASM has its own type, without which browsers do not stream it', async () => {
    assert.equal((await ask('/engine.wasm')).headers['content-type'], 'application/wasm')
  })

  for (const path of ['/nothing', '/inner', '/inner/', '/../secret.txt', '/..%2fsecret.txt', '/inner/..%2f..%2fsecret.txt', '/%2e%2e/secret.txt', '/link.txt', '//etc/passwd'])
    test(`${path} is not found`, async () => {
      const { status, body } = await ask(path)
      assert.equal(status, 404)
      assert.doesNotMatch(body, /secret/)
    })

  for (const path of ['/%00', '/%zz']) test(`${path} is a bad request`, async () => assert.equal((await ask(path)).status, 400))

  test('only reading is allowed', async () => assert.equal((await ask('/', 'POST')).status, 405))

  test('a download that is given up leaves no file open', { skip: !existsSync('/proc/self/fd') }, async () => {
    writeFileSync(join(around, 'site/large.bin'), Buffer.alloc(8 << 20))
    const large = () => readdirSync('/proc/self/fd').filter((fd) => linked(fd).endsWith('large.bin')).length
    for (let i = 0; i < 20; i++)
      await new Promise((resolve, reject) => {
        const { hostname, port } = new URL(site.address)
        const asked = request({ hostname, port, path: '/large.bin' }, (response) => response.once('data', () => asked.destroy()).on('error', () => {}).on('close', resolve))
        asked.on('error', reject).end()
      })
    for (let i = 0; i < 100 && large() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(large(), 0)
  })

  test('a port that is taken gives the next free one', async () => {
    const port = Number(new URL(site.address).port)
    const second = await serve(join(around, 'site'), { port })
    assert.ok(Number(new URL(second.address).port) > port)
    await second.close()
  })
})
