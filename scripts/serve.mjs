// Serves dist/ to this machine, under the strict policy that the page promises to live with.

import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream'

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self'; img-src 'self'; require-trusted-types-for 'script'"

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
}

/**
 * Serves a folder; when the port is taken, the next free one. Port 0: any.
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export async function serve(folder, { port = 0 } = {}) {
  const base = await realpath(folder)
  const server = createServer((request, response) => {
    answer(base, request, response).catch(() => (response.headersSent ? response.destroy() : refuse(response, 500)))
  })
  for (let tries = 0; ; tries++) {
    try {
      await listen(server, port + tries)
      break
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || tries === 50) throw error
    }
  }
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return { address: `http://127.0.0.1:${server.address().port}/`, close }
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function answer(base, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, { Allow: 'GET, HEAD' })
  let path
  try {
    path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
  } catch {
    return refuse(response, 400)
  }
  if (path.includes('\0')) return refuse(response, 400)
  if (path.endsWith('/')) path += 'index.html'

  // A link inside the folder that leads out of it is as much outside as `..` is.
  const file = await realpath(join(base, path)).catch(() => undefined)
  if (!file?.startsWith(base + sep)) return refuse(response, 404)
  const about = await stat(file)
  if (!about.isFile()) return refuse(response, 404)

  response.writeHead(200, { ...headers(TYPES[extname(file)] ?? 'application/octet-stream'), 'Content-Length': about.size })
  if (request.method === 'HEAD') return response.end()
  // Given up or failed on either side, both ends are closed: a pipe alone would leave the file open.
  pipeline(createReadStream(file), response, () => {})
}

function headers(type) {
  return {
    'Content-Type': type,
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  }
}

function refuse(response, status, more = {}) {
  const said = { 400: 'Bad request', 404: 'Not found', 405: 'Method not allowed', 500: 'Server error' }[status]
  response.writeHead(status, { ...headers(TYPES['.txt']), ...more }).end(`${said}\n`)
}
