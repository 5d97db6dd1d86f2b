// The share link: everything comes back as it was, and nothing that a stranger writes into it does harm.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { NO_PACKAGE, NO_PRICES } from '../../www/inputs.js'
import { readLink, writeLink } from '../../www/link.js'
import { initial, next } from '../../www/state.js'

const catalog = JSON.parse(readFileSync(new URL('../../www/catalogs/huawei-cn.json', import.meta.url), 'utf8'))
const start = () => next(initial({ lang: 'en' }), { type: 'fetched', id: 'huawei-cn', catalog })
const after = (...events) => events.reduce(next, start())
const type = (field, text) => ({ type: 'type', field, text })

test('the example has no link; everything else comes back as it was', () => {
  assert.equal(writeLink(start().inputs), '')
  const changed = after(
    { type: 'pattern', pattern: 'twelve' },
    type('twelve.3', '10万 & 100%~#='),
    type('succeed', '98.5'),
    type('payPerUse', 'off'),
    { type: 'buy-again', package: 'general-text-10k' },
    type('purchases.1.when.months', '2027-02-01 00:00:00'),
    { type: 'api', id: 'id-card' },
    type('own.unitPrice', '0.1'),
    type('own.packages.0.size', '5万'),
    type('own.packages.0.price', '2,000'),
    type('own.packages.0.class', 'promotional'),
    type('own.packages.0.from', '22'),
    type('own.packages.0.to', '6'),
    type('own.packages.1.size', '800'),
    type('own.packages.1.unit', 'point'),
    type('own.points', '3'),
    type('own.steps.0.upTo', '1万'),
    type('own.steps.0.unitPrice', '0.2'),
    type('own.qps.included', '10'),
    type('own.qps.price', '300'),
    type('qps.peak', '5'),
    type('at', '2027-01-01 12:00:00'),
    type('purchases.0.limited', 'limited'),
    { type: 'reading', profile: 'K3', option: 'off-peak' },
  ).inputs
  const { inputs } = initial({ lang: 'en', ...readLink(`#${writeLink(changed)}`) })
  assert.deepEqual(inputs, changed)
})

test('links from before prices had kinds and steps still say the same', () => {
  const { own, purchases } = readLink('#lang=en&own=huawei-cn+cn-north-4+id-card~0.1~5%E4%B8%87~2,000~~&buy=own-id-card-cn-north-4-1~2~~~')
  assert.deepEqual(own, {
    'huawei-cn cn-north-4 id-card': { ...NO_PRICES, unitPrice: '0.1', packages: [{ ...NO_PACKAGE, size: '5万', price: '2,000' }, NO_PACKAGE] },
  })
  assert.deepEqual(purchases, [
    { package: 'own-id-card-cn-north-4-1', quantity: 2, when: { periods: '', months: '' }, starts: '', limited: '' },
  ])
})

test('a link without purchases buys nothing', () => {
  const { inputs } = after({ type: 'buy', package: 'general-text-100k', by: -1 })
  assert.deepEqual(readLink(writeLink(inputs)).purchases, [])
})

test('hostile links are read as far as they make sense', () => {
  assert.deepEqual(readLink(''), {})
  assert.deepEqual(readLink('#%%%&=&a&__proto__=x&constructor=y&pattern=no'), {})
  assert.equal(readLink(`#same=${'9'.repeat(1_000_000)}`).same.length, 400)
  assert.equal(readLink(`#${'period=a~b~c&'.repeat(100_000)}`).periods.length, 50)
  assert.equal(readLink(`#twelve=${'1~'.repeat(10_000)}`).twelve.length, 12)
  assert.equal(readLink('#buy=general-text-1k~1e99~x').purchases[0].quantity, 1)
  const { own } = readLink('#own=__proto__~0.1~1k~2&own-step=__proto__~1~2&own-kind=__proto__~~~&own-qps=__proto__~1')
  assert.deepEqual(Object.keys(readLink('#reading=__proto__~x&reading=K1~expiry').profile), ['__proto__', 'K1'])
  assert.deepEqual(Object.keys(own), ['__proto__'])
  assert.equal({}.unitPrice, undefined)
  assert.equal(readLink('#same=%3Cimg%20src%3Dx%3E').same, '<img src=x>') // text, and put on the page as text
})
