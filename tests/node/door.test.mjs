// The door as a program in Node meets it: `dist/index.js` with the shipped catalogs.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { load, PricingError } from '../../dist/index.js'

const engine = await load()
const catalog = (id) => JSON.parse(readFileSync(new URL(`../../dist/catalogs/${id}.json`, import.meta.url), 'utf8'))
const ALL = ['huawei-cn', 'huawei-intl', 'alibaba-cn', 'alibaba-marketplace']

/** E5: Huawei Cloud OCR billing guide (China), section 4. */
const e5 = (change = {}) => ({
  catalog: catalog('huawei-cn'),
  grants: [{ package: 'general-text-100k', region: 'cn-north-4', created: '2023-03-20T10:30:00+08:00' }],
  usage: [
    { kind: 'window', start: '2023-03-18T15:30:00+08:00', end: '2023-03-20T10:30:00+08:00', region: 'cn-north-4', api: 'general-text', calls: 5_000 },
    { kind: 'window', start: '2023-03-20T10:30:00+08:00', end: '2024-03-21T00:00:00+08:00', region: 'cn-north-4', api: 'general-text', calls: 100_000 },
  ],
  ...change,
})

/** 3,000 calls at one instant, a plan of 1,000 for 50 and a unit price of 0.1, typed in where none is published. */
const entered = (id, region, api) => ({
  catalog: catalog(id),
  grants: [{ package: 'typed-1k', region, created: '2026-01-05T00:00:00+08:00' }],
  usage: [{ kind: 'at', at: '2026-01-20T12:00:00+08:00', region, api, calls: 3_000 }],
  entered: {
    ladders: [{ apis: [api], shape: 'flat', steps: [{ upTo: null, unitPrice: '0.1' }], source: 'typed in' }],
    packages: [{ id: 'typed-1k', apis: [api], class: catalog(id).classes.at(-1).id, quota: 1_000, price: '50', term: { years: 1 }, source: 'typed in' }],
  },
})

/** Asserts that the door refuses with this code at this place. */
function refuses(work, code, place) {
  assert.throws(work, (error) => {
    assert.ok(error instanceof PricingError, `${error} is no PricingError`)
    assert.ok(error instanceof Error)
    assert.deepEqual({ code: error.code, place: error.place }, { code, place })
    assert.ok(error.message.length > 0)
    return true
  })
}

describe('estimate', () => {
  test('E5: 5,000 × 0.08 = 400, and the package for 3,200, make 3,600', () => {
    const { currency, total, packages, payPerUse, calls, unpriced } = engine.estimate(e5())
    assert.deepEqual({ currency, total, packages, payPerUse, unpriced }, { currency: 'CNY', total: '3600', packages: '3200', payPerUse: '400', unpriced: [] })
    assert.equal(calls.package, 100_000)
    assert.equal(calls.payPerUse, 5_000)
  })

  test('E9, alibaba-cn: 825 + 4,455 + 830 = 6,110 for 120,200 calls, 200 of them free', () => {
    const usage = [{ kind: 'months', from: '2026-01', region: 'cn-hangzhou', api: 'id-card', monthly: [120_200] }]
    const { total, calls } = engine.estimate({ catalog: catalog('alibaba-cn'), usage })
    assert.equal(total, '6110')
    assert.equal(calls.free, 200)
  })

  test('huawei-intl with typed-in prices: 1,000 from the plan for 50, 2,000 × 0.1 = 200', () => {
    const { currency, total, calls, grants } = engine.estimate(entered('huawei-intl', 'ap-southeast-1', 'general-table'))
    assert.deepEqual([currency, total, calls.package, calls.payPerUse], ['USD', '250', 1_000, 2_000])
    assert.equal(grants[0].entered, true)
  })

  test('alibaba-marketplace: the plan serves 1,000, the other 2,000 fail and cost nothing', () => {
    const request = entered('alibaba-marketplace', 'cn-hangzhou', 'id-card')
    delete request.entered.ladders
    const { total, calls } = engine.estimate(request)
    assert.deepEqual([total, calls.package, calls.rejected, calls.payPerUse], ['50', 1_000, 2_000, 0])
  })

  test('without a published price the sums are null, and what to type in is named', () => {
    const usage = [{ kind: 'months', from: '2026-01', region: 'ap-southeast-1', api: 'general-table', monthly: [10] }]
    const { total, calls, unpriced } = engine.estimate({ catalog: catalog('huawei-intl'), usage })
    assert.equal(total, null)
    assert.equal(calls.payPerUse, 10)
    assert.equal(unpriced[0].api, 'general-table')
  })
})

describe('compare', () => {
  test('E5: 3,600 against 105,000 × 0.08 = 8,400, better from 42,001 calls on', () => {
    const { withPackages, payPerUse, saving, savingShare, packagesWin, curve } = engine.compare(e5())
    assert.deepEqual([withPackages.total, payPerUse.total, saving, savingShare], ['3600', '8400', '4800', '0.5714'])
    // V − ⌊V/21⌋ calls come after the purchase; the 100k package pays when that is above 3,200 ÷ 0.08 = 40,000.
    assert.equal(packagesWin[0].from, 42_001)
    assert.ok(curve.length > 2)
  })

  test('huawei-intl with typed-in prices: 250 against 3,000 × 0.1 = 300', () => {
    const { withPackages, payPerUse, saving } = engine.compare(entered('huawei-intl', 'ap-southeast-1', 'general-table'))
    assert.deepEqual([withPackages.total, payPerUse.total, saving], ['250', '300', '50'])
  })

  test('alibaba-cn with a typed-in price and plan: 200 free, then 50 + 1,800 × 0.1 = 230 against 2,800 × 0.1 = 280', () => {
    const { withPackages, payPerUse, saving } = engine.compare(entered('alibaba-cn', 'cn-hangzhou', 'id-card'))
    assert.deepEqual([withPackages.total, payPerUse.total, saving], ['230', '280', '50'])
  })

  test('alibaba-marketplace has no pay-per-use to compare with', () => {
    const request = entered('alibaba-marketplace', 'cn-hangzhou', 'id-card')
    delete request.entered.ladders
    refuses(() => engine.compare(request), 'no_pay_per_use', 'catalog.payPerUse')
  })

  test('nothing to compare without a price', () => {
    const request = entered('huawei-intl', 'ap-southeast-1', 'general-table')
    delete request.entered.ladders
    assert.throws(() => engine.compare(request), { code: 'no_published_price' })
  })
})

describe('lint', () => {
  for (const id of ALL)
    test(`${id} is sound`, () => {
      assert.deepEqual(engine.lint(catalog(id)).filter(({ severity }) => severity === 'error'), [])
    })

  test('a misspelt field is an error with its place', () => {
    const broken = catalog('huawei-cn')
    broken.ladders[0].steps[0].unitprice = '0.08'
    const problem = engine.lint(broken).find(({ code }) => code === 'unknown_field')
    assert.equal(problem?.place, 'catalog.ladders[0].steps[0].unitprice')
    assert.equal(problem?.severity, 'error')
  })

  test('an empty catalog is an error', () => {
    for (const nothing of [undefined, null, {}, [], ''])
      assert.ok(engine.lint(nothing).some(({ severity }) => severity === 'error'), `${JSON.stringify(nothing)} was accepted`)
  })
})

describe('bad input is refused with its code and place', () => {
  const at = (index, change) => {
    const request = e5()
    Object.assign(request.usage[index], change)
    return () => engine.estimate(request)
  }
  const grant = (change) => {
    const request = e5()
    Object.assign(request.grants[0], change)
    return () => engine.estimate(request)
  }
  const rows = [
    ['an unknown region', at(1, { region: 'mars-1' }), 'unknown_region', 'request.usage[1].region'],
    ['an unknown API', at(1, { api: 'telepathy' }), 'unknown_api', 'request.usage[1].api'],
    ['an unknown package', grant({ package: 'general-text-2k' }), 'unknown_package', 'request.grants[0].package'],
    ['a package not sold in that region', grant({ region: 'cn-east-3' }), 'package_not_sold', 'request.grants[0].region'],
    ['a package not sold for that API', grant({ api: 'id-card' }), 'package_not_sold', 'request.grants[0].api'],
    ['a negative count', at(0, { calls: -1 }), 'count_negative', 'request.usage[0].calls'],
    ['a fraction of a call', at(0, { calls: 1.5 }), 'count_fractional', 'request.usage[0].calls'],
    ['2^53 calls', at(0, { calls: 2 ** 53 }), 'count_too_large', 'request.usage[0].calls'],
    ['no number', at(0, { calls: Number.NaN }), 'invalid_type', 'request.usage[0].calls'],
    ['a number for a price', grant({ price: 3200 }), 'decimal_as_number', 'request.grants[0].price'],
    ['a price with an exponent', grant({ price: '3e3' }), 'invalid_decimal', 'request.grants[0].price'],
    ['a misspelt field', at(0, { cals: 1 }), 'unknown_field', 'request.usage[0].cals'],
    ['an unknown field on top', () => engine.estimate(e5({ catalogue: {} })), 'unknown_field', 'request.catalogue'],
    ['an instant without offset', grant({ created: '2023-03-20T10:30:00' }), 'instant_without_offset', 'request.grants[0].created'],
    [
      'a period that ends before it starts',
      () => engine.estimate(e5({ period: { start: '2024-01-01T00:00:00+08:00', end: '2023-01-01T00:00:00+08:00' } })),
      'period_reversed',
      'request.period.end',
    ],
    ['an empty catalog', () => engine.estimate(e5({ catalog: {} })), 'empty_catalog', 'catalog'],
  ]
  for (const [name, work, code, place] of rows) test(name, () => refuses(work, code, place))

  test('and the engine still answers', () => assert.equal(engine.estimate(e5()).total, '3600'))
})
