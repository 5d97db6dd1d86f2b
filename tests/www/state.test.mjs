// The one state and its one transition: what a person does, and what comes back.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { monthsFrom, NO_PACKAGE, NO_PRICES, purchasesInUse } from '../../www/inputs.js'
import { initial, next } from '../../www/state.js'

const catalog = (id) => JSON.parse(readFileSync(new URL(`../../www/catalogs/${id}.json`, import.meta.url), 'utf8'))
const fetched = (id) => ({ type: 'fetched', id, catalog: catalog(id) })
const start = () => [fetched('huawei-cn'), fetched('alibaba-cn')].reduce(next, initial({ lang: 'en' }))
/** The state after some events. */
const after = (...events) => events.reduce(next, start())
const type = (field, text) => ({ type: 'type', field, text })

test('the page starts with the published example', () => {
  const { inputs } = start()
  assert.deepEqual([inputs.catalog, inputs.region, inputs.api, inputs.pattern], ['huawei-cn', 'cn-north-4', 'general-text', 'periods'])
  assert.deepEqual(
    inputs.periods.map((it) => it.calls),
    ['5,000', '100,000'],
  )
})

test('a state is never changed, only followed by another', () => {
  const before = start()
  const copy = structuredClone(before)
  next(before, type('periods.0.calls', '6k'))
  next(before, { type: 'buy', package: 'general-text-10k', by: 1 })
  next(before, { type: 'pattern', pattern: 'twelve' })
  assert.deepEqual(before, copy)
})

test('what was typed stays as typed, sound or not', () => {
  assert.equal(after(type('periods.1.calls', '10万x')).inputs.periods[1].calls, '10万x')
})

test('every change of the input is a new question; looking around is none', () => {
  const { question } = start()
  assert.equal(after(type('succeed', '99')).question, question + 1)
  assert.equal(after({ type: 'language', lang: 'zh-CN' }).question, question)
  assert.equal(
    after({ type: 'near', near: false }, { type: 'open', open: true }, { type: 'search', search: { text: 'id', active: 0 } }).question,
    question,
  )
  assert.equal(after({ type: 'unheard of' }).question, question)
})

test('an answer to an old question is dropped', () => {
  const asked = start()
  const typed = next(asked, type('succeed', '99'))
  const late = next(typed, { type: 'answered', question: asked.question, answer: { old: true } })
  assert.equal(late.answer, null)
  assert.deepEqual(next(typed, { type: 'answered', question: typed.question, answer: { new: true } }).answer, { new: true })
  assert.equal(next(typed, { type: 'refused', question: asked.question, problems: [{ code: 'x' }] }).problems.length, 0)
})

test('a problem leaves the last sound answer standing', () => {
  const asked = start()
  const answered = next(asked, { type: 'answered', question: asked.question, answer: { sound: true } })
  const typed = next(answered, type('succeed', 'x'))
  const refused = next(typed, { type: 'refused', question: typed.question, problems: [{ code: 'invalid_decimal', field: 'succeed' }] })
  assert.deepEqual(refused.answer, { sound: true })
  assert.equal(refused.problems.length, 1)
})

test('calls by month begin with the total that the periods had', () => {
  const { inputs } = after({ type: 'pattern', pattern: 'same' })
  assert.equal(inputs.same, '8,750') // 105,000 / 12
  assert.equal(inputs.from, '2026-12') // the month after the catalog's last check, 2026-11-20
})

test('looking at another way of giving calls costs nothing that was typed', () => {
  const { inputs } = after(
    { type: 'pattern', pattern: 'twelve' },
    type('twelve.3', '7k'),
    { type: 'pattern', pattern: 'periods' },
    { type: 'pattern', pattern: 'twelve' },
  )
  assert.equal(inputs.twelve[3], '7k')
  assert.equal(inputs.purchases[0].when.periods, '2023-03-20 10:30:00')
})

test('pasted cells fill the months from where they were pasted', () => {
  const { inputs, pasted } = after({ type: 'pattern', pattern: 'same' }, { type: 'paste', field: 'same', at: 10, text: '1k\t2k' })
  assert.equal(inputs.pattern, 'twelve')
  assert.deepEqual(inputs.twelve.slice(9), ['8,750', '1k', '2k'])
  assert.deepEqual(pasted, { field: 'same', count: 2 })
})

test('a paste that does not fit changes nothing and says so at its field, until something else is typed', () => {
  const before = after({ type: 'pattern', pattern: 'twelve' })
  const refused = next(before, { type: 'paste', field: 'twelve.10', at: 10, text: '1k\n2k\n3k' })
  assert.equal(refused.inputs, before.inputs)
  assert.equal(refused.question, before.question)
  assert.deepEqual(refused.pasted, { field: 'twelve.10', problem: { code: 'paste_too_many', count: 3, room: 2, field: 'twelve.10' } })
  assert.equal(next(refused, type('twelve.10', '5')).pasted, null)
  const one = next(before, { type: 'paste', field: 'succeed', text: '99\n98' })
  assert.deepEqual([one.inputs, one.pasted?.problem?.code], [before.inputs, 'paste_one'])
})

test('months pasted with their calls go where they belong, and the first month moves with them', () => {
  const { inputs } = after({ type: 'pattern', pattern: 'twelve' }, { type: 'paste', field: 'twelve.5', at: 5, text: 'Month\tCalls\nFeb 2028\t2,000\nJan 2028\t1,000' })
  assert.deepEqual([inputs.from, inputs.twelve.slice(0, 3)], ['2028-01', ['1,000', '2,000', '0']])
})

test('growth and season write the twelve numbers', () => {
  const twelve = { type: 'pattern', pattern: 'twelve' }
  assert.deepEqual(after(twelve, type('same', '1000'), type('growth', '10')).inputs.twelve.slice(0, 4), [
    '1,000',
    '1,100',
    '1,210',
    '1,331',
  ])
  assert.deepEqual(after(twelve, type('same', '1000'), type('busy', '2'), type('times', '3')).inputs.twelve.slice(0, 3), [
    '1,000',
    '3,000',
    '1,000',
  ])
  assert.equal(after(twelve, type('same', '1000'), type('growth', 'x')).inputs.twelve[1], '1,000')
})

test('the stepper adds to the last purchase of a package and takes from it', () => {
  const buy = (by) => ({ type: 'buy', package: 'general-text-100k', by })
  assert.equal(after(buy(1)).inputs.purchases[0].quantity, 2)
  assert.deepEqual(after(buy(-1)).inputs.purchases, [])
  assert.deepEqual(after(buy(-1), buy(-1)).inputs.purchases, [])
  const twice = after({ type: 'buy-again', package: 'general-text-100k' }, buy(1)).inputs.purchases
  assert.deepEqual(
    twice.map((it) => it.quantity),
    [1, 2],
  )
})

test('packages not sold for another API are set aside, not lost', () => {
  const away = after({ type: 'api', id: 'id-card' })
  assert.equal(purchasesInUse(away.inputs, catalog('huawei-cn')).length, 0)
  const back = next(away, { type: 'api', id: 'general-text' })
  assert.equal(purchasesInUse(back.inputs, catalog('huawei-cn')).length, 1)
})

test('another provider is asked about the same service', () => {
  const { inputs } = after({ type: 'api', id: 'id-card' }, { type: 'catalog', id: 'alibaba-cn' })
  assert.deepEqual([inputs.catalog, inputs.region, inputs.api], ['alibaba-cn', 'cn-hangzhou', 'id-card'])
})

test('own prices belong to one API in one region', () => {
  const here = after({ type: 'api', id: 'id-card' }, type('own.unitPrice', '0.1'), type('own.packages.0.size', '50k'))
  assert.deepEqual(here.inputs.own, {
    'huawei-cn cn-north-4 id-card': { ...NO_PRICES, unitPrice: '0.1', packages: [{ ...NO_PACKAGE, size: '50k' }] },
  })
})

test('a reading is chosen; the default is not written down', () => {
  const other = after({ type: 'reading', profile: 'K1', option: 'expiry' })
  assert.deepEqual(other.inputs.profile, { K1: 'expiry' })
  assert.deepEqual(next(other, { type: 'reading', profile: 'K1', option: 'created' }).inputs.profile, {})
})

test('what is unfolded asks no new question, and shows one thing at a place', () => {
  const before = after()
  const open = next(before, { type: 'unfold', key: 'note x', to: 'W1' })
  assert.equal(open.question, before.question)
  assert.equal(next(open, { type: 'unfold', key: 'note x', to: 'D3' }).opened['note x'], 'D3')
  assert.equal(next(open, { type: 'unfold', key: 'note x', to: 'W1' }), open)
})

test('twelve months from any month', () => {
  assert.deepEqual(monthsFrom('2026-11').slice(0, 3), ['2026-11', '2026-12', '2027-01'])
})

test('catalogs are looked up by their own names only', () => {
  const state = next(initial({ catalog: 'constructor' }), { type: 'fetched', id: 'huawei-cn', catalog: catalog('huawei-cn') })
  assert.deepEqual(next(state, { type: 'region', id: 'x' }).inputs.catalog, 'constructor')
})
