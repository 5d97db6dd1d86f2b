// What is pasted into the twelve months, as spreadsheets, tables and lists write it.

import assert from 'node:assert/strict'
import test from 'node:test'
import { monthsFrom } from '../../www/inputs.js'
import { placeRows, readPaste } from '../../www/paste.js'

/** The twelve months from December 2026, each with 7 calls. */
const now = { months: monthsFrom('2026-12'), twelve: Array(12).fill('7'), at: 0 }
/** What a paste makes of them: the first month, and the numbers up to the last that changed. */
function placed(text, at = 0) {
  const read = readPaste(text)
  if (!read || 'problem' in read) return read?.problem ?? null
  const result = placeRows(read.rows, { ...now, at })
  return 'problem' in result ? result.problem : [result.from, ...result.twelve.slice(0, result.twelve.findLastIndex((calls) => calls !== '7') + 1)]
}

test('two columns are months and their calls, however they are parted', () => {
  for (const text of [
    '2027-01\t1,234\n2027-02\t2,000\n',
    '2027-01\t1,234\r\n2027-02\t2,000\r\n',
    'Month\tCalls\n2027-01\t1,234\n2027-02\t2,000',
    '月份\t调用次数\n2027年1月\t1,234\n2027年2月\t2,000',
    '2027-01, 1,234\n2027-02, 2,000',
    '2027-01,"1,234"\n2027-02,"2,000"',
    'Jan 2027; 1,234\nFeb 2027; 2,000',
    'January 2027    1,234\nFebruary 2027   2,000',
    'Jan 2027 1,234\nFeb 2027 2,000',
    '| Month | Calls |\n|-------|------:|\n| Jan 2027 | 1,234 |\n| Feb 2027 | 2,000 |',
    '2027/1/1\t1,234\n2027/2/1\t2,000', // as a spreadsheet writes a month that it takes for a day
    '1月\t1,234\n二月\t2,000',
    'Feb\t2,000\nJan\t1,234',
    '1,234\t2027-01\n2,000\t2027-02',
    '2027-01\t2027-02\t2027-03\n1,234\t2,000\t7',
    'Jan-27\t1,234\n\nFeb-27\t2,000',
  ])
    assert.deepEqual(placed(text, 5), ['2026-12', '7', '1,234', '2,000'], text)
})

test('one column or one row goes from the month pasted into on', () => {
  for (const text of ['100\n2k\n1,000,000', '100\t2k\t1,000,000\r\n', 'calls\n100\n2k\n1,000,000', '100;2k;1,000,000'])
    assert.deepEqual(placed(text, 1), ['2026-12', '7', '100', '2k', '1,000,000'], text)
  assert.deepEqual(placed('1200 1300 1400'), ['2026-12', '1200', '1300', '1400'])
  assert.deepEqual(placed('1200,1300'), ['2026-12', '1200', '1300'])
})

test('years that the twelve months do not reach move their beginning; months that are in both keep their calls', () => {
  const year = (of) => Array.from({ length: 12 }, (_, month) => `${of}-${String(month + 1).padStart(2, '0')}\t${month + 1}`).join('\n')
  assert.deepEqual(placed(year(2030)), ['2030-01', ...Array.from({ length: 12 }, (_, month) => String(month + 1))])
  assert.deepEqual(placed('2027-12\t5'), ['2027-12', '5', ...Array(11).fill('0')])
  // From October 2026: December on was there.
  assert.deepEqual(placed('2026-10\t5\n2026-11\t6').slice(0, 4), ['2026-10', '5', '6'])
})

test('one value is typed like any other', () => {
  for (const text of ['100', '1,000', '1,234,567', '100 000', '50.000', '1.2 million', '5,000 calls', 'abc', '5 Jan 2027', '2023-03-20 10:30:00', '', '\n'])
    assert.equal(readPaste(text), null, text)
})

test('what cannot be placed is placed nowhere, and its line is named', () => {
  const says = (text, code, line, cell, at = 0) => {
    const problem = placed(text, at)
    assert.deepEqual([problem.code, problem.line, problem.cell], [code, line, cell], text)
  }
  says('2027-01\t100\nTotal\t100', 'invalid_month', 2, 'Total')
  says('2027-01\t100\nFeb\t100', 'invalid_month', 2, 'Feb') // of which year?
  says('05/01/2027\t100\n05/02/2027\t100', 'invalid_month', 1, '05/01/2027')
  says('2027-01\t100\n2027-02\tmany', 'not_a_count', 2, 'many')
  says('Month\tCalls\n2027-01\t50.000', 'number_unclear', 2, '50.000')
  says('2027-01\t100\n2027-01\t200', 'paste_twice', 2, '2027-01')
  says('2026-01\t100\n2027-01\t200', 'paste_outside', 2, '2027-01') // the thirteenth
  says('2027-12\t100\n2028-11\t200\n2028-12\t300', 'paste_outside', 3, '2028-12')
  says('2027-12\t100\n2027-13\t100', 'invalid_month', 2, '2027-13')
  says('2027-01\t100\t8.00\n2027-02\t200\t16.00', 'paste_columns', 1, '2027-01 · 100 · 8.00')
  says('2027-01\t100\t8.00', 'paste_columns', 1, '2027-01 · 100 · 8.00')
  says('2027-01,1,234\n2027-02,2,345', 'paste_commas', 1, '2027-01,1,234')
  says('100\n\n300', 'nothing_typed', 2, '')
  says('2027-01\t\n2027-02\t5', 'nothing_typed', 1, '')
  assert.deepEqual(placed('1\n2\n3', 9), ['2026-12', ...Array(9).fill('7'), '1', '2', '3'])
  assert.deepEqual(placed('1\n2\n3', 10), { code: 'paste_too_many', count: 3, room: 2 })
})
