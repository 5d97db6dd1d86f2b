// Runs in the browser: the page's own worker replays the chosen file; DuckDB counts it. What it measures, it gives back.

const policy = globalThis.trustedTypes?.createPolicy('bench', { createScriptURL: (address) => address })
const address = (/** @type {string} */ file) => /** @type {any} */ (policy?.createScriptURL(file) ?? file)
const file = () => /** @type {any} */ (document.querySelector('#file')).files[0]

/** The longest time for which this thread did nothing else, and the longest that an input waited for what it changed to be seen. */
function watch() {
  let gap = 0
  let input = 0
  let before = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    gap = Math.max(gap, now - before)
    before = now
  }, 10)
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) input = Math.max(input, duration)
  })
  observer.observe({ type: 'event', durationThreshold: 16 })
  return () => {
    clearInterval(timer)
    observer.disconnect()
    return { gap, input }
  }
}

/** The whole replay as the page does it: its worker, the file, every pass. */
async function replay(request) {
  const worker = new Worker(address('./bench-worker.js'), { type: 'module' })
  const next = (/** @type {string[]} */ ...types) =>
    new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message))
      worker.onmessage = ({ data }) => {
        if (data.type === 'failed') reject(new Error(`${data.code} ${data.place} ${data.message}`))
        else if (types.includes(data.type)) resolve(data)
      }
    })
  try {
    worker.postMessage({ type: 'hello' })
    await next('hello')
    const watched = watch()
    const began = performance.now()
    worker.postMessage({ type: 'read', file: file(), request })
    const { answer } = await next('answer')
    const seconds = (performance.now() - began) / 1000
    worker.postMessage({ type: 'memory' })
    const { bytes } = await next('memory')
    const { rows, passes, problemCounts, unmatched, estimate } = answer
    return { seconds, bytes, ...watched(), rows, passes, problemCounts, unmatched, total: estimate.total, calls: estimate.calls }
  } finally {
    worker.terminate()
  }
}

/** DuckDB-wasm, started before the clock is. */
async function duckdb(query) {
  const { AsyncDuckDB, VoidLogger, DuckDBDataProtocol } = await import(/* @vite-ignore */ address('./duckdb/duckdb.js'))
  const worker = new Worker(address('./duckdb/worker.js'))
  const database = new AsyncDuckDB(new VoidLogger(), worker)
  await database.instantiate(new URL('./duckdb/duckdb.wasm', location.href).href)
  try {
    const connection = await database.connect()
    await connection.query('select 1')
    const began = performance.now()
    await database.registerFileHandle('log.csv', file(), DuckDBDataProtocol.BROWSER_FILEREADER, true)
    const [row] = (await connection.query(query)).toArray()
    const seconds = (performance.now() - began) / 1000
    return { seconds, ...Object.fromEntries(Object.entries(row.toJSON()).map(([name, value]) => [name, Number(value)])) }
  } finally {
    await database.terminate()
  }
}

Object.assign(globalThis, { bench: { replay, duckdb } })
