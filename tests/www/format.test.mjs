// Figures and dates, in both languages.

import assert from 'node:assert/strict'
import test from 'node:test'
import { formats, langOf, sign, unsigned } from '../../www/format.js'

const en = formats('en')
const zh = formats('zh-CN')

test('amounts keep every digit, and columns at least two', () => {
  assert.equal(en.sum('3600'), '3,600.00')
  assert.equal(en.sum('0.04599822'), '0.04599822')
  assert.equal(en.sum('900719925474.0991234567'), '900,719,925,474.0991234567')
  assert.equal(en.price('0.0825'), '0.0825')
  assert.equal(en.plainSum('4800'), '4,800')
  assert.equal(en.plainSum('12.5'), '12.50')
})

test('the currency stands where the language puts it', () => {
  assert.equal(en.money('4800', 'CNY'), 'CNY 4,800')
  assert.equal(zh.money('4800', 'CNY'), '4,800 元')
  assert.equal(zh.money('4800', 'USD'), '4,800 美元')
  assert.equal(zh.money('1', 'not a code'), '1 not a code')
})

test('shares', () => {
  assert.equal(en.share('0.5714'), '57 %')
  assert.equal(zh.share('0.5714'), '57%')
  assert.equal(en.share('0.0123'), '1.23 %')
  assert.equal(en.share('0'), '0 %')
})

test('round numbers of calls are said in 万 only where nothing is lost', () => {
  assert.equal(en.size(100_000), '100,000')
  assert.equal(zh.size(100_000), '10万')
  assert.equal(zh.size(10_000_000), '1000万')
  assert.equal(zh.size(123_456), '123,456')
  assert.equal(zh.size(1_000), '1,000')
})

test('a term shows its last second, not the first one after it', () => {
  assert.equal(en.lastSecond('2024-03-21T00:00:00+08:00'), '2024-03-20 23:59:59')
  assert.equal(en.lastSecond('2024-03-01T00:00:00+08:00'), '2024-02-29 23:59:59')
  assert.equal(en.second('2023-03-20T10:30:00+08:00'), '2023-03-20 10:30:00')
})

test('months and days', () => {
  assert.equal(en.month('2023-03'), 'Mar 2023')
  assert.equal(zh.month('2023-03'), '2023年3月')
  assert.equal(en.day('2025-04-28'), '28 April 2025')
  assert.equal(zh.day('2025-04-28'), '2025年4月28日')
  assert.equal(en.span('2023-03', '2024-03'), 'Mar 2023 – Mar 2024')
  assert.equal(en.span('2023-03', '2023-03'), 'Mar 2023')
})

test('texts of a catalog: one language or two', () => {
  assert.equal(zh.text({ en: 'ID Card', 'zh-CN': '身份证识别' }), '身份证识别')
  assert.equal(zh.text({ en: 'ID Card' }), 'ID Card')
  assert.equal(zh.text('<i>ID</i>'), '<i>ID</i>')
  assert.equal(en.text(undefined), '')
})

test('signs are read, not computed', () => {
  assert.deepEqual(['-0.01', '0', '0.00', '12'].map(sign), [-1, 0, 0, 1])
  assert.equal(unsigned('-12.5'), '12.5')
})

test('languages are narrowed to those that the page speaks', () => {
  assert.deepEqual(['zh', 'zh-CN', 'zh-Hant-TW', 'en', 'en-GB', 'de', 'C', '', null].map(langOf), [
    'zh-CN',
    'zh-CN',
    'zh-CN',
    'en',
    'en',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
