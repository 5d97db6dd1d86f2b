// What people type, and what the engine is given for it.

import assert from 'node:assert/strict'
import test from 'node:test'
import {
  monthOf,
  readCount,
  readDecimal,
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
    ['１２３', 123],
    ['1，234', 1_234],
    ['1,234', 1_234],
    ['1 234 567', 1_234_567],
    ['1\u00a0000', 1_000],
    ["1'000", 1_000],
    ['1_000', 1_000],
    ['1.234.567', 1_234_567], // no number has two decimal points
    ['1,00,000', 100_000], // a lakh
    ['1.2 million', 1_200_000],
    ['1.234k', 1_234],
    ['1,234k', 1_234_000],
    ['0,5k', 500], // no thousands begin with a nought
    ['10w', 100_000],
    ['120万', 1_200_000],
    ['5e4', 50_000],
    ['1.2E+05', 120_000], // as spreadsheets shorten it
    ['50.00', 50],
  ]))

/** Both meanings of what is asked about. */
const asks = (read, typed, code, either) => {
  assert.deepEqual(read(typed), { code, either }, typed)
  // Each of the two, typed, is read without another question.
  for (const one of either) assert.notEqual(read(one).code, code, one)
}

test('a number of calls that can be meant in two ways is asked about, never guessed', () => {
  for (const [typed, ...either] of [
    ['50.000', '50,000', '50'],
    ['1.234', '1,234', '1.2340'],
    ['999.999', '999,999', '999.9990'],
    ['1,5', '15', '1.5'],
    ['12,34', '1,234', '12.34'],
    ['1,5万', '150,000', '15,000'],
    ['1,2 million', '12,000,000', '1,200,000'],
    ['1.500k', '1,500,000', '1,500'],
    ['1234,567', '1,234,567', '1,234.567'],
    ['-50.000', '-50,000', '-50'],
  ])
    asks(readCount, typed, 'number_unclear', either)
})

test('whatever is read means one thing: of all ways to mark 50,000 and 50, none is read as the other', () => {
  for (const [typed, value] of [['50,000', 50_000], ['50 000', 50_000], ['50000.0', 50_000], ['50.000,0', 50_000], ['50,000.0', 50_000], ['50.0', 50], ['50.0000', 50]])
    assert.deepEqual(readCount(typed), { value }, typed)
})

test('absurd numbers of calls go to the engine, which refuses them', () =>
  check(readCount, [
    ['-5', -5],
    ['2.5', 2.5],
    ['1,234.5', 1234.5],
    ['50.000,5', 50_000.5],
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
    ['10x', 'not_a_count'],
    ['1,2,3', 'not_a_count'],
    ['1.2.3', 'not_a_count'],
    ['1 5', 'not_a_count'],
    ['1,234.567.890', 'not_a_count'],
    ['1,', 'not_a_count'],
    ['5e-4', 'not_a_count'],
    ['<b>1</b>', 'not_a_count'],
  ]))

test('shares are typed in per cent and passed on exactly', () =>
  check(readShare, [
    ['100', '1'],
    ['98.5', '0.985'],
    ['99.95 %', '0.9995'],
    ['99.950', '0.9995'], // no share has thousands
    ['98,5', '0.985'],
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
    ['0,08', '0.08'],
    ['0.080', '0.08'],
    ['1,234', '1234'],
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1 234.50', '1234.5'],
    ['1.2340', '1.234'],
    ['80 CNY', 'invalid_decimal'],
    ['1e3', 'invalid_decimal'],
    ['', 'nothing_typed'],
  ]))

test('an amount that can be meant in two ways is asked about', () => {
  for (const [typed, ...either] of [
    ['3.200', '3,200', '3.2'],
    ['1.234', '1,234', '1.2340'],
    ['12,34', '1,234', '12.34'],
    ['1,5', '15', '1.5'],
  ])
    asks(readMoney, typed, 'number_unclear', either)
})

test('what a program wrote is read as programs write: a point begins the fraction', () =>
  check(readDecimal, [
    ['50.000', '50'],
    ['1.234', '1.234'],
    ['3,200.5', '3200.5'],
    ['1,5', 'invalid_decimal'],
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
      ['2027/1/5', '2027-01-05T00:00:00+08:00'],
      ['20270105', '2027-01-05T00:00:00+08:00'],
      ['5 Jan 2027', '2027-01-05T00:00:00+08:00'],
      ['Jan 5, 2027 9:05', '2027-01-05T09:05:00+08:00'],
      ['January 5th 2027', '2027-01-05T00:00:00+08:00'],
      ['5-Jan-2027', '2027-01-05T00:00:00+08:00'],
      ['2027年1月5日10:30', '2027-01-05T10:30:00+08:00'],
      ['2027年1月5日 10时30分', '2027-01-05T10:30:00+08:00'],
      ['25/12/2027', '2027-12-25T00:00:00+08:00'], // there is no month 25
      ['12/25/2027', '2027-12-25T00:00:00+08:00'],
      ['5/5/2027', '2027-05-05T00:00:00+08:00'],
      ['13/13/2027', 'invalid_instant'],
    ],
  ))

test('a date whose day and month can change places is asked about', () => {
  const read = (text) => readInstant(text, '+08:00')
  asks(read, '05/01/2027', 'date_unclear', ['2027-01-05', '2027-05-01'])
  asks(read, '5.1.2027', 'date_unclear', ['2027-01-05', '2027-05-01'])
  asks(read, '12/1/2027 9:05', 'date_unclear', ['2027-01-12 09:05', '2027-12-01 09:05'])
})

test('months', () =>
  check(readMonth, [
    ['2026-12', '2026-12'],
    ['2026/1', '2026-01'],
    ['2026年3月', '2026-03'],
    ['2027-1', '2027-01'],
    ['2027.01', '2027-01'],
    ['202701', '2027-01'],
    ['1/2027', '2027-01'],
    ['Jan 2027', '2027-01'],
    ['January 2027', '2027-01'],
    ['Sept. 2027', '2027-09'],
    ['2027 Jan', '2027-01'],
    ['Jan-27', '2027-01'], // as spreadsheets show a month
    ['2027年十二月', '2027-12'],
    ['2019-01', '2019-01'],
    ['2026', 'invalid_month'],
    ['2027-13', 'invalid_month'],
    ['2027-00', 'invalid_month'],
    ['Jan', 'invalid_month'],
    ['01/05/2027', 'invalid_month'],
    ['Januember 2027', 'invalid_month'],
  ]))

test('a month without its year', () => {
  for (const typed of ['Jan', 'January', '1月', '01月', '一月', '1月份']) assert.deepEqual(monthOf(typed), { year: '', month: '01' }, typed)
  for (const typed of ['1', 'Monday', '月', '']) assert.equal(monthOf(typed), undefined, typed)
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
