// Fills in sql/counts.sql for the logs that bench/log.mjs writes.

import { readFileSync } from 'node:fs'

export const TEMPLATE = readFileSync(new URL('../sql/counts.sql', import.meta.url), 'utf8')

/** The columns of such a log with their types, for DuckDB's `read_csv`. */
export const COLUMNS =
  "{timestamp: 'TIMESTAMPTZ', request_id: 'VARCHAR', operation: 'VARCHAR', region: 'VARCHAR', status: 'SMALLINT', project: 'VARCHAR', user: 'VARCHAR', calls: 'BIGINT'}"

/** The query. @param {{ table?: string, spark?: boolean, refine?: number[] }} of */
export function counts({ table = 'log', spark = false, refine = [] }) {
  const values = {
    table,
    seconds: spark ? 'unix_timestamp(`timestamp`)' : 'epoch("timestamp")',
    api: 'operation',
    region: 'region',
    project: 'project',
    user: spark ? '`user`' : '"user"',
    status: 'status',
    calls: 'calls',
    zone: '28800',
    refine: refine.length > 0 ? refine.join(', ') : '-1',
  }
  return TEMPLATE.replace(/^--.*\n/gm, '').replace(/\{\{(\w+)\}\}/g, (_, name) => values[name])
}
