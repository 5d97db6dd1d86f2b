// Looking things up in catalogs.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { CATALOGS, inForce, nextMonth, packagesFor, priced, readable, sameApi, sameRegion, searchApis } from '../../www/catalog.js'

const read = (id) => JSON.parse(readFileSync(new URL(`../../www/catalogs/${id}.json`, import.meta.url), 'utf8'))
const huawei = read('huawei-cn')
const ids = (typed) => searchApis(huawei, 'cn-north-4', typed).map((api) => api.id)

test('every catalog in the menu ships, under its own id', () => {
  for (const id of CATALOGS) assert.equal(read(id).id, id)
})

test('a file that is no catalog is told from one', () => {
  for (const id of CATALOGS) assert.ok(readable(read(id)), id)
  for (const nothing of [
    null,
    undefined,
    '',
    0,
    [],
    {},
    { apis: [] },
    { ...huawei, apis: [] },
    { ...huawei, ladders: {} },
    { ...huawei, ladders: [{}] },
  ])
    assert.ok(!readable(nothing), JSON.stringify(nothing)?.slice(0, 60))
})

test('an API is found by its name, Chinese name, operation and path', () => {
  for (const typed of ['general text', 'TEXT General', '通用文字', 'recognizeGeneralText', '/ocr/general-text'])
    assert.ok(ids(typed).includes('general-text'), typed)
  assert.deepEqual(ids('no such thing'), [])
})

test('a name that begins as typed comes before one that has it somewhere', () => {
  assert.equal(ids('id card')[0], 'id-card')
  assert.ok(ids('id card').includes('colombia-id-card'))
})

test('whoever types an API’s whole name, in either language, finds that API first', () => {
  for (const id of CATALOGS) {
    const catalog = read(id)
    const { apis, regions } = catalog
    for (const region of regions)
      for (const api of apis)
        for (const name of Object.values(api.name))
          for (const typed of [name, name.toLowerCase(), ` ${name} `]) assert.equal(searchApis(catalog, region.id, typed)[0]?.id, api.id, `${id}, ${region.id}: ${typed}`)
  }
})

test('words that every API has tell none from another', () => {
  for (const typed of ['ID', 'id card', 'ID card recognition', 'ID Card OCR', 'IDCard', '身份证', '身份证识别', '身份证OCR']) assert.equal(ids(typed)[0], 'id-card', typed)
  for (const id of CATALOGS) {
    const found = searchApis(read(id), read(id).regions[0].id, 'ID card recognition')
    assert.ok(found.length > 0 && found.every((api) => /id.?card/i.test(api.name.en)), id)
  }
  assert.equal(ids('bank card')[0], 'bankcard')
  assert.equal(ids('识别').length, huawei.apis.length)
})

test('names come before operations, and these before paths; a placeholder in a path is none of its words', () => {
  const row = (id, en, operation, path) => ({ id, name: { en, 'zh-CN': en }, operation, path })
  const apis = [row('a', 'First', 'readOne', '/v2/{seal_id}/ocr/seal'), row('b', 'Second', 'sealCheck', '/b'), row('c', 'Red seals', 'c', '/c'), row('d', 'The unsealed', 'd', '/d'), row('e', 'Seal of office', 'e', '/e'), row('f', 'Seal', 'f', '/f')]
  const found = (typed) => searchApis({ ...huawei, apis }, 'cn-north-4', typed).map((api) => api.id)
  assert.deepEqual(found('seal'), ['f', 'e', 'c', 'd', 'b', 'a'])
  assert.deepEqual(found('seal_id'), [])
  assert.deepEqual(found('/v2/{seal_id}/ocr/seal'), ['a'])
  assert.ok(!ids('ID').includes('general-text'))
})

test('what has a price comes first, what the region lacks last', () => {
  assert.equal(ids('')[0], 'general-text')
  assert.equal(ids('').length, huawei.apis.length)
  const inSouth = searchApis(huawei, 'cn-south-1', '')
  assert.equal(inSouth[0].id, 'web-image')
})

test('priced means: a published price for calls, or for packages where only those are sold', () => {
  assert.equal(priced(huawei, 'general-text', 'cn-north-4'), true)
  assert.equal(priced(huawei, 'general-text', 'cn-east-3'), false)
  assert.equal(priced(huawei, 'id-card', 'cn-north-4'), false)
  assert.equal(priced(read('alibaba-cn'), 'id-card', 'cn-hangzhou'), true)
  assert.equal(priced(read('alibaba-marketplace'), 'id-card', 'cn-hangzhou'), false)
})

test('packages of E5’s API, smallest first', () => {
  assert.deepEqual(
    packagesFor(huawei, 'general-text', 'cn-north-4').map((row) => [row.quota, row.price]),
    [
      [1_000, '80'],
      [10_000, '520'],
      [100_000, '3200'],
      [500_000, '13000'],
      [1_000_000, '16000'],
      [5_000_000, '50000'],
      [10_000_000, '80000'],
    ],
  )
})

test('of several price versions the one in force', () => {
  const rows = [
    { until: '2022-03-01T00:00:00+08:00', price: 'old' },
    { from: '2022-03-01T00:00:00+08:00', price: 'new' },
  ]
  assert.equal(inForce(rows, '2022-02-28T23:59:59+08:00').price, 'old')
  assert.equal(inForce(rows, '2022-03-01T00:00:00+08:00').price, 'new')
  assert.equal(inForce([rows[0]], '2023-01-01T00:00:00+08:00').price, 'old')
  assert.equal(inForce([]), undefined)
})

test('the same service elsewhere', () => {
  const alibaba = read('alibaba-cn')
  const general = huawei.apis.find((api) => api.id === 'general-text')
  assert.equal(sameApi(alibaba, general, 'general-text'), 'general-text')
  assert.equal(sameApi(alibaba, undefined, 'nothing like it'), 'id-card')
  assert.equal(sameRegion(alibaba, 'id-card', 'cn-north-4'), 'cn-hangzhou')
  assert.equal(sameRegion(huawei, 'web-image', 'cn-south-1'), 'cn-south-1')
})

test('plans start in the month after the last check', () => {
  assert.equal(nextMonth({ checkedOn: '2026-11-20' }), '2026-12')
  assert.equal(nextMonth({ checkedOn: '2026-12-01' }), '2027-01')
})
