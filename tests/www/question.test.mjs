// From what was typed to what the engine is asked, and from the engine's errors back to the field.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { ask, problemOf, question } from '../../www/question.js'
import { initial, next } from '../../www/state.js'

const catalog = (id) => JSON.parse(readFileSync(new URL(`../../www/catalogs/${id}.json`, import.meta.url), 'utf8'))
const after = (...events) =>
  [{ type: 'fetched', id: 'huawei-cn', catalog: catalog('huawei-cn') }, ...events].reduce(next, initial({ lang: 'en' }))
const type = (field, text) => ({ type: 'type', field, text })

test('the example is E5', () => {
  const { request } = question(after())
  const { catalog: asked, ...rest } = request
  assert.equal(asked.id, 'huawei-cn')
  assert.deepEqual(rest, {
    usage: [
      {
        kind: 'window',
        start: '2023-03-18T15:30:00+08:00',
        end: '2023-03-20T10:30:00+08:00',
        calls: 5_000,
        region: 'cn-north-4',
        api: 'general-text',
      },
      {
        kind: 'window',
        start: '2023-03-20T10:30:00+08:00',
        end: '2024-03-21T00:00:00+08:00',
        calls: 100_000,
        region: 'cn-north-4',
        api: 'general-text',
      },
    ],
    grants: [{ id: 'p1', package: 'general-text-100k', region: 'cn-north-4', quantity: 1, created: '2023-03-20T10:30:00+08:00' }],
  })
})

test('calls by month, a share that succeeds, a chosen start', () => {
  const { request } = question(
    after({ type: 'pattern', pattern: 'same' }, type('same', '1万'), type('succeed', '98.5'), type('purchases.0.starts', '2027-01-01')),
  )
  assert.deepEqual(request.usage, [
    { kind: 'months', from: '2026-12', monthly: Array(12).fill(10_000), region: 'cn-north-4', api: 'general-text', succeed: '0.985' },
  ])
  assert.deepEqual([request.grants[0].created, request.grants[0].effective], ['2026-12-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'])
})

test('the switch of pay-per-use is asked about only where the provider has one', () => {
  const at = (id, ...events) => question([{ type: 'fetched', id, catalog: catalog(id) }, { type: 'catalog', id }, { type: 'pattern', pattern: 'same' }, type('same', '100'), ...events].reduce(next, initial({ lang: 'en' }))).request
  assert.ok(!('payPerUse' in at('tencent-cn')))
  assert.equal(at('tencent-cn', type('payPerUse', 'off')).payPerUse, false)
  assert.ok(!('payPerUse' in at('tencent-cn', type('payPerUse', 'off'), type('payPerUse', ''))))
  assert.ok(!('payPerUse' in at('huawei-cn', type('payPerUse', 'off'))))
})

test('typed prices go as entered rows of this API and region', () => {
  const { request } = question(
    after(
      { type: 'api', id: 'id-card' },
      type('own.unitPrice', '0.1'),
      type('own.packages.0.size', '50k'),
      type('own.packages.0.price', '2,000'),
      { type: 'buy', package: 'own-id-card-cn-north-4-1', by: 1 },
    ),
  )
  const scope = { apis: ['id-card'], regions: ['cn-north-4'], source: 'typed in' }
  assert.deepEqual(request.entered, {
    ladders: [{ ...scope, shape: 'flat', steps: [{ upTo: null, unitPrice: '0.1' }] }],
    packages: [{ ...scope, id: 'own-id-card-cn-north-4-1', class: 'package', quota: 50_000, price: '2000', term: { years: 1 } }],
  })
  assert.deepEqual(
    request.grants.map((grant) => grant.package),
    ['own-id-card-cn-north-4-1'],
  )
})

test('steps, points, classes and hours of one’s own', () => {
  const own = (...events) => question(after({ type: 'api', id: 'id-card' }, ...events)).request.entered
  const scope = { apis: ['id-card'], regions: ['cn-north-4'], source: 'typed in' }
  const steps = [type('own.steps.0.upTo', '1万'), type('own.steps.0.unitPrice', '0.2')]
  assert.deepEqual(own(...steps, type('own.unitPrice', '0.1')).ladders, [
    { ...scope, shape: 'graduated', steps: [{ upTo: 10_000, unitPrice: '0.2' }, { upTo: null, unitPrice: '0.1' }] },
  ])
  assert.deepEqual(own(...steps).ladders[0].steps, [{ upTo: 10_000, unitPrice: '0.2' }, { upTo: null, unitPrice: null }])
  const row = (...events) => own(type('own.packages.0.size', '800'), ...events).packages[0]
  const named = { ...scope, id: 'own-id-card-cn-north-4-1', quota: 800, term: { years: 1 } }
  const kinds = [type('own.packages.0.unit', 'point'), type('own.packages.0.class', 'promotional'), type('own.packages.0.price', '5')]
  assert.deepEqual(row(...kinds), { ...named, class: 'promotional', unit: 'point', price: '5' })
  assert.deepEqual(row(type('own.packages.0.class', 'free')), { ...named, class: 'free', price: '0' }) // given away: no price needed
  const { request } = question(after(type('own.packages.0.size', '1'), type('own.packages.0.price', '1'), type('own.points', '3')))
  assert.equal(request.catalog.apis.find((api) => api.id === 'general-text').points, 3)
  const hours = [type('own.packages.0.price', '5'), type('own.packages.0.from', '22'), type('own.packages.0.to', '6')]
  assert.deepEqual(row(...hours), { ...named, class: 'package', price: '5', hours: { from: 22, to: 6 } })
})

test('readings go along as far as the catalog offers them, and their problems go to a field', () => {
  const chosen = (profile) => question({ ...after(), inputs: { ...after().inputs, profile } }).request.profile
  assert.deepEqual(chosen({ K1: 'expiry', K99: 'x', K2: 'nonsense', K5: 'add-up' }), { K1: 'expiry' })
  assert.equal(chosen({}), undefined)
  const { request, fields } = question(after(type('purchases.0.limited', 'limited')))
  assert.equal(request.grants[0].limited, true)
  assert.equal(problemOf({ code: 'hours_missing', place: 'request.grants[0].limited', message: '' }, fields).field, 'purchases.0.limited')
})

test('what cannot be read is a problem of its field, all of them at once', () => {
  const { problems } = question(after(type('periods.0.calls', 'many'), type('periods.1.end', 'later'), type('succeed', '')))
  assert.deepEqual(Object.fromEntries(problems.map(({ field, code }) => [field, code])), {
    'periods.0.calls': 'not_a_count',
    'periods.1.end': 'invalid_instant',
    succeed: 'nothing_typed',
  })
  assert.equal(problems.length, 3)
})

test('absurd volumes are asked, so that the engine says what is wrong', () => {
  const { request } = question(after(type('periods.0.calls', '-5')))
  assert.equal(request.usage[0].calls, -5)
})

test('the place of an error leads to its field', () => {
  const { fields } = question(after())
  const field = (place) => problemOf({ code: 'x', place, message: '' }, fields).field
  assert.equal(field('request.usage[0].calls'), 'periods.0.calls')
  assert.equal(field('request.usage[1].start'), 'periods.1.start')
  assert.equal(field('request.usage[1]'), 'periods.1.end')
  assert.equal(field('request.usage[0].region'), 'region')
  assert.equal(field('request.usage[0].api'), 'api')
  assert.equal(field('request.grants[0].created'), 'purchases.0.when')
  assert.equal(field('request.grants[0].package'), 'purchases.0.when')
  assert.equal(field('catalog.ladders[0].steps[2].upTo'), 'catalog')
  assert.equal(field('request'), undefined)
  assert.equal(field('engine'), undefined)
})

test('twelve numbers and their places', () => {
  const { fields } = question(after({ type: 'pattern', pattern: 'twelve' }))
  assert.equal(fields.get('request.usage[0].monthly[11]'), 'twelve.11')
})

test('where nothing can be compared, an estimate says what is missing', () => {
  const refusing = (code) => ({
    compare: () => {
      throw Object.assign(new Error(code), { code })
    },
    estimate: () => 'estimate',
  })
  assert.deepEqual(ask(refusing('no_published_price'), 'request', 'inputs'), {
    inputs: 'inputs',
    request: 'request',
    estimate: 'estimate',
    lacks: 'no_published_price',
  })
  assert.equal(ask(refusing('no_pay_per_use'), 'request', 'inputs').lacks, 'no_pay_per_use')
  assert.throws(() => ask(refusing('count_negative'), 'request', 'inputs'), /count_negative/)
})

test('an unknown catalog is a problem once it is known to be none', () => {
  assert.deepEqual(question(initial({ catalog: 'nowhere' })), { problems: [] })
  const { problems } = question(next(initial({ catalog: 'nowhere' }), { type: 'fetched', id: 'nowhere', catalog: null }))
  assert.deepEqual(
    problems.map(({ code, field }) => [code, field]),
    [['no_catalog', 'catalog']],
  )
})
