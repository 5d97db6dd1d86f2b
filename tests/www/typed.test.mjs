// What people type, and what the engine is given for it.

import assert from 'node:assert/strict'
import test from 'node:test'
import {
  readCells,
  readCount,
  readInstant,
  readMoney,
  readMonth,
  readShare,
  slideCount,
  SLIDER_END,
  slideStop,
  writeCount,
} from '../../www/typed.js'

/**
 * @param {(text: string) => object} read
 * @param {[string, unknown][]} rows typed, and the value or the code of the problem
 */
function check(read, rows) {
  for (const [typed, expected] of rows) {
    const result = read(typed)
    assert.deepEqual('value' in result ? result.value : result.code, expected, JSON.stringify(typed.slice(0, 40)))
  }
}

test('numbers of calls are read as people write them', () =>
  check(readCount, [
    ['0', 0],
    ['105000', 105_000],
    ['1,000,000', 1_000_000],
    ['100 000', 100_000],
    ['100k', 100_000],
    ['100 K', 100_000],
    ['1.5m', 1_500_000],
    ['.5k', 500],
    ['10万', 100_000],
    ['10 万次', 100_000],
    ['1.2亿', 120_000_000],
    ['５千', 5_000],
    ['5,000 calls', 5_000],
    ['1,000,00', 100_000], // a digit of 1,000,000 has just been deleted
    ['9007199254740991', 9_007_199_254_740_991],
  ]))

test('absurd numbers of calls go to the engine, which refuses them', () =>
  check(readCount, [
    ['-5', -5],
    ['2.5', 2.5],
    ['1.2345k', 1234.5],
    ['9007199254740993', 9_007_199_254_740_992],
    ['9'.repeat(400), Number.MAX_VALUE],
  ]))

test('what is no number of calls says so', () =>
  check(readCount, [
    ['', 'nothing_typed'],
    ['  ', 'nothing_typed'],
    ['abc', 'not_a_count'],
    ['k', 'not_a_count'],
    ['1e5', 'not_a_count'],
    ['10x', 'not_a_count'],
    ['1,5', 'not_a_count'], // one and a half, or fifteen?
    ['1.000.000', 'not_a_count'],
    ['<b>1</b>', 'not_a_count'],
  ]))

test('shares are typed in per cent and passed on exactly', () =>
  check(readShare, [
    ['100', '1'],
    ['98.5', '0.985'],
    ['99.95 %', '0.9995'],
    ['0', '0'],
    ['120', '1.2'],
    ['-3', '-0.03'],
    ['', 'nothing_typed'],
    ['most', 'invalid_decimal'],
  ]))

test('prices keep every digit', () =>
  check(readMoney, [
    ['0.08', '0.08'],
    ['.08', '0.08'],
    ['3,200.50', '3200.5'],
    ['0.0000000001', '0.0000000001'],
    ['1,5', 'invalid_decimal'],
    ['80 CNY', 'invalid_decimal'],
    ['', 'nothing_typed'],
  ]))

test('times without an offset are in the catalog’s zone', () =>
  check(
    (text) => readInstant(text, '+08:00'),
    [
      ['2023-03-20 10:30:00', '2023-03-20T10:30:00+08:00'],
      ['2023/3/20 9:30', '2023-03-20T09:30:00+08:00'],
      ['2023年3月20日', '2023-03-20T00:00:00+08:00'],
      ['2023-03-20T02:30:00Z', '2023-03-20T02:30:00Z'],
      ['2023-02-30 00:00:00', '2023-02-30T00:00:00+08:00'], // the engine knows that there is none
      ['', 'nothing_typed'],
      ['tomorrow', 'invalid_instant'],
    ],
  ))

test('months', () =>
  check(readMonth, [
    ['2026-12', '2026-12'],
    ['2026/1', '2026-01'],
    ['2026年3月', '2026-03'],
    ['2026', 'invalid_month'],
  ]))

test('cells of a spreadsheet are told from one number', () => {
  assert.deepEqual(readCells('1\t2k\t3,000\r\n'), ['1', '2k', '3,000'])
  assert.deepEqual(readCells('1\n\n3'), ['1', '', '3'])
  assert.deepEqual(readCells('1,000,000\n'), [])
})

test('every stop of the slider is a whole number that finds its way back', () => {
  for (let stop = 0; stop <= SLIDER_END; stop++) {
    const calls = slideCount(stop)
    assert.ok(Number.isInteger(calls))
    assert.equal(slideStop(calls), stop)
    assert.deepEqual(readCount(writeCount(calls)), { value: calls })
  }
  assert.equal(slideCount(SLIDER_END), 100_000_000)
})
