// The peer: DuckDB counts a log to hours, natively, in one thread, the types of the columns given.

import { DuckDBInstance } from '@duckdb/node-api'
import { COLUMNS } from './counts.mjs'

/** Two ways to say it; which one is faster differs between versions. */
const WAYS = {
  'with time zone': { columns: COLUMNS, hour: 'epoch("timestamp")::bigint // 3600' },
  'without time zone': { columns: COLUMNS.replace('TIMESTAMPTZ', 'TIMESTAMP'), hour: 'epoch_us("timestamp") // 3600000000' },
}

/** Hours, API, region, project, user and success, each with its calls; added up, so that nobody waits for rows to be handed over. */
export function query(file, way = 'without time zone') {
  const { columns, hour } = WAYS[way]
  return `select count(*) as counts, sum(calls) as requests, sum(calls) filter (served) as served from (
    select ${hour} as hour, operation, region, project, "user", status between 200 and 299 as served, sum(calls) as calls
    from read_csv('${file}', header = true, delim = ',', auto_detect = false, columns = ${columns})
    group by all)`
}

/** @param {string} file */
export async function open(file) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const version = (await connection.runAndReadAll('select version()')).getRows()[0][0]
  /** @param {string} way */
  const count = async (way) => {
    const began = performance.now()
    const [row] = (await connection.runAndReadAll(query(file, way))).getRowObjects()
    const seconds = (performance.now() - began) / 1000
    return { seconds, ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) }
  }
  // Which reads the file twice: it is in memory by then.
  const tried = []
  for (const way of Object.keys(WAYS)) tried.push({ way, ...(await count(way)) })
  const { way } = tried.sort((one, other) => one.seconds - other.seconds)[0]
  return { name: `DuckDB ${version}, native, one thread`, count: () => count(way) }
}

/** Writes what a query gives. @param {string} query @param {string} file */
export async function toCsv(query, file) {
  const connection = await (await DuckDBInstance.create()).connect()
  await connection.run(`copy (${query}) to '${file}' (header)`)
}
