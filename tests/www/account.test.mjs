// What the account page works out by itself: the question, the calendar file, places of marks, and its words in both languages.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import en from '../../www/account/en.js'
import { calendar } from '../../www/account/ics.js'
import { readAccount, writeAccount } from '../../www/account/link.js'
import { accountFormats, accountWords } from '../../www/account/page.js'
import { lastingOf, question } from '../../www/account/request.js'
import { initial, next } from '../../www/account/state.js'
import { calendarOf, context, marksOf, sentence } from '../../www/account/story.js'
import { spread } from '../../www/account/view-line.js'
import zhCN from '../../www/account/zh-CN.js'
import { readLink } from '../../www/link.js'
import calculatorEn from '../../www/text/en.js'

const here = (path) => new URL(`../../www/${path}`, import.meta.url)
const catalogs = Object.fromEntries(['huawei-cn', 'alibaba-cn', 'tencent-cn'].map((id) => [id, JSON.parse(readFileSync(here(`catalogs/${id}.json`), 'utf8'))]))
const sources = () => [...readdirSync(here('account')).filter((file) => file.endsWith('.js')).map((file) => `account/${file}`), 'account.js', 'account-page.js'].map((file) => readFileSync(here(file), 'utf8')).join('\n')

/** A state with its catalogs, after these events. */
const after = (chosen, linked, ...events) => [...Object.entries(catalogs).map(([id, catalog]) => ({ type: 'fetched', id, catalog })), ...events].reduce(next, initial({ lang: 'en', ...chosen }, linked))
const type = (field, text) => ({ type: 'type', field, text })

test('the languages have the same keys; each exists, is used, and means nothing else in the calculator', () => {
  assert.deepEqual(Object.keys(zhCN).sort(), Object.keys(en).sort())
  assert.deepEqual(Object.keys(en).filter((key) => Object.hasOwn(calculatorEn, key)), [])
  const source = sources()
  const asked = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key)
  assert.ok(asked.length > 100)
  assert.deepEqual([...new Set(asked)].filter((key) => !Object.hasOwn(en, key) && !Object.hasOwn(calculatorEn, key)), [])
  // Families of keys whose last part comes from the engine or the state.
  const families = ['head.', 'todo.', 'do.', 'alert.', 'movement.', 'event.', 'turn.', 'state.', 'why.', 'outcome.', 'every.', 'split.', 'days.', 'line.']
  assert.deepEqual(Object.keys(en).filter((key) => !families.some((family) => key.startsWith(family)) && !source.includes(`'${key}'`)), [])
})

test('whatever the engine says of an account has words', () => {
  const rust = readdirSync(here('../src')).filter((file) => file.endsWith('.rs')).map((file) => readFileSync(here(`../src/${file}`), 'utf8')).join('\n')
  const variants = (name, between) => {
    const from = rust.indexOf(`pub enum ${name} {`)
    assert.ok(from >= 0, name)
    return [...rust.slice(from, rust.indexOf('\n}', from)).matchAll(/^ {4}([A-Z]\w+),$/gm)].map(([, it]) => it.replace(/(?<!^)[A-Z]/g, `${between}$&`).toLowerCase())
  }
  const worded = { AlertCode: ['alert.', '_'], TodoWhy: ['todo.', '_'], MovementKind: ['movement.', '-'], StateName: ['state.', '_'], OrderOutcome: ['outcome.', '_'], ArrearsReason: ['why.', '_'], SplitBy: ['split.', '_'], Every: ['every.', '_'] }
  for (const [name, [family, between]] of Object.entries(worded)) {
    const codes = variants(name, between)
    assert.ok(codes.length > 1, name)
    for (const code of codes) assert.ok(Object.hasOwn(en, family + code), family + code)
    if (name === 'TodoWhy') for (const code of codes) assert.ok(Object.hasOwn(en, `head.${code}`), code)
  }
})

test('there is nothing to fill in first: the example is a whole question', () => {
  const { request } = question(after({}, false))
  assert.deepEqual(request.period, { start: '2026-03-01T00:00:00+08:00', end: '2027-03-01T00:00:00+08:00' })
  assert.deepEqual(request.grants, [{ id: 'g0', package: 'general-text-100k', region: 'cn-north-4', quantity: 1, created: '2026-03-02T10:30:00+08:00' }])
  assert.deepEqual(request.account, {
    balance: '5000',
    tier: 'V4',
    topUps: [{ at: '2026-08-18T10:00:00+08:00', amount: '15000' }],
    autoRenew: [{ grant: 'g0', leadDays: 7 }],
    alerts: { balanceBelow: '500', leftAtMost: '0.2', expiresWithinDays: 30 },
    budgets: [{ id: 'b1', every: 'month', from: '2026-03', amount: '2000', scope: { kinds: ['pay-per-use'] }, alerts: [{ on: 'forecast', over: '0.8' }, { on: 'actual', over: '1' }] }],
  })
})

test('a link’s calls and purchases are taken over; the year covers its periods', () => {
  const purchases = [{ package: 'general-text-10k', quantity: 2, when: { periods: '2023-03-20 10:30:00', months: '' }, starts: '', limited: '' }]
  const { request } = question(after({ purchases }, true))
  assert.deepEqual(request.grants.map(({ package: of, quantity, created }) => [of, quantity, created]), [['general-text-10k', 2, '2023-03-20T10:30:00+08:00']])
  assert.deepEqual(request.period, { start: '2023-03-01T00:00:00+08:00', end: '2024-04-01T00:00:00+08:00' })
})

test('what is typed reaches the request as typed, digit for digit', () => {
  const typed = [
    type('money.balance', '-1,234.5600'),
    type('money.vouchers', '.5'),
    type('money.other', 'yes'),
    type('tier', 'typed'),
    ...Object.entries({ useGrace: '3', useRetention: '4', packageGrace: '5', packageRetention: '6' }).map(([name, text]) => type(`days.${name}`, text)),
    type('buys.0.times', '2'),
    { type: 'add', list: 'buys.0.renewals' },
    type('buys.0.renewals.0.at', '2027-02-01 09:00'),
    type('buys.0.renewals.0.day', '31'),
    type('buys.0.renewals.0.price', '3300'),
    type('budgets.0.amount', '2,000; 2500.5'),
    { type: 'add', list: 'streams' },
    type('streams.0.calls', '1万'),
    type('streams.0.project', 'p'),
    type('streams.0.region', 'cn-east-3'),
  ]
  const { request } = question(after({}, false, ...typed))
  const { balance, vouchers, otherPayment, tier, lifecycle, autoRenew, budgets } = request.account
  assert.deepEqual({ balance, vouchers, otherPayment, tier }, { balance: '-1234.56', vouchers: '0.5', otherPayment: true, tier: undefined })
  assert.deepEqual(lifecycle, { package: { grace: 5, retention: 6 }, payPerUse: { grace: 3, retention: 4 } })
  assert.deepEqual(autoRenew, [{ grant: 'g0', leadDays: 7, times: 2 }])
  assert.deepEqual(request.grants[0].renewals, [{ at: '2027-02-01T09:00:00+08:00', price: '3300', expiryDay: 31 }])
  assert.deepEqual(budgets[0].amount, ['2000', '2500.5'])
  assert.deepEqual(request.usage[1], { kind: 'months', from: '2026-03', monthly: Array(12).fill(10_000), api: 'general-text', region: 'cn-east-3', project: 'p' })
})

test('what is typed wrong names its field, and so does the engine’s place', () => {
  const wrong = question(after({}, false, type('topUps.0.at', 'soon'), type('money.balance', ''), type('budgets.0.alerts.1.over', 'x')))
  assert.deepEqual(wrong.problems.map(({ code, field }) => [code, field]), [['nothing_typed', 'money.balance'], ['invalid_instant', 'topUps.0.at'], ['invalid_decimal', 'budgets.0.alerts.1.over']])
  const { fields } = question(after({}, false))
  for (const [place, field] of [['request.account.tier', 'tier'], ['request.account.topUps[0].amount', 'topUps.0.amount'], ['request.account.autoRenew[0]', 'buys.0.auto'], ['request.account.budgets[0].alerts[1].over', 'budgets.0.alerts.1.over'], ['request.grants[0].created', 'buys.0.when'], ['request.usage[0].api', 'api']])
    assert.equal(fields.get(place), field, place)
})

test('another provider has its own tiers, or none', () => {
  assert.equal(after({}, false, { type: 'catalog', id: 'alibaba-cn' }).tier, '')
  assert.equal(after({}, false, { type: 'catalog', id: 'alibaba-cn' }, { type: 'catalog', id: 'huawei-cn' }).tier, 'V4')
  assert.deepEqual(after({}, false, { type: 'catalog', id: 'alibaba-cn' }).buys, [])
})

test('only what exists is typed into', () => {
  const state = after({}, false)
  for (const field of ['money.__proto__.x', 'buys.7.when', 'topUps.0.constructor', 'days.other'])
    assert.deepEqual({ ...next(state, type(field, 'x')), question: 0 }, { ...state, question: 0 }, field)
})

test('a link leads back to the same question; the example needs none', () => {
  assert.equal(writeAccount(after({}, false)), '')
  const changes = [type('money.balance', '1~2&3=4#5'), type('tier', 'typed'), { type: 'drop', list: 'topUps', index: 0 }, { type: 'add', list: 'buys.0.renewals' }, type('buys.0.renewals.0.at', '2027-02-01'), type('same', '1万'), { type: 'add', list: 'streams' }]
  for (let count = 1; count <= changes.length; count++) {
    const state = after({}, false, ...changes.slice(0, count))
    const link = writeAccount(state)
    const read = Object.entries(catalogs).reduce((it, [id, catalog]) => next(it, { type: 'fetched', id, catalog }), initial({ ...readLink(link), lang: 'en' }, true, readAccount(link)))
    for (const part of ['buys', 'streams', 'money', 'tier', 'days', 'topUps', 'alerts', 'budgets']) assert.deepEqual(read[part], state[part], part)
    assert.deepEqual({ ...read.calc.inputs, lang: 'en' }, { ...state.calc.inputs, lang: 'en' })
    assert.equal(writeAccount(read), link)
  }
})

test('whatever a link says is narrowed to what is known', () => {
  assert.equal(readAccount('#lang=en&same=5'), undefined)
  assert.equal(readAccount('#account=%E0%A4%A'), undefined)
  assert.equal(readAccount('#account={'), undefined)
  const hostile = { buys: [{ package: 5, renewals: 'x', __proto__: { auto: 'yes' } }, null], money: [], tier: {}, topUps: [{ at: 'x'.repeat(9_999), more: 1 }, ...Array(99).fill({})], budgets: [{ alerts: { length: 9 } }], more: 1 }
  const read = readAccount(`#account=${encodeURIComponent(JSON.stringify(hostile))}`)
  assert.deepEqual(Object.keys(read).sort(), ['alerts', 'budgets', 'buys', 'days', 'money', 'streams', 'tier', 'topUps'])
  assert.equal(read.topUps.length, 50)
  assert.deepEqual(Object.keys(read.topUps[0]), ['at', 'amount'])
  assert.equal(read.topUps[0].at.length, 400)
  assert.deepEqual([read.buys.length, read.buys[0].package, read.buys[0].renewals, read.buys[0].auto], [2, '', [], ''])
  assert.deepEqual(read.money, { balance: '', credit: '', vouchers: '', other: '' })
  assert.deepEqual(read.budgets[0].alerts, [])
  assert.deepEqual(readAccount('#account=null').streams, [])
})

/** A history of the engine's shape, small enough to be written by hand. */
const HISTORY = {
  estimate: { currency: 'CNY', period: { start: '2026-03-01T00:00:00+08:00', end: '2027-03-01T00:00:00+08:00' }, total: '18170.32', months: [{ month: '2026-03' }, { month: '2027-02' }], calls: { counted: 280_000, rejected: 8_000 }, grants: [], notes: [] },
  movements: [{ at: '2026-08-12T10:00:00+08:00', kind: 'top-up', amount: '15000', balance: '14998.64', vouchers: '0' }],
  purchases: [{ grant: 'g0', at: '2026-03-02T10:30:00+08:00', outcome: 'paid', automatic: false, amount: '3200' }],
  renewals: [{ grant: 'g0', at: '2027-02-23T03:00:00+08:00', outcome: 'unpaid', automatic: true, amount: '3200' }],
  states: [
    { of: 'pay-per-use', state: 'active', start: '2026-03-01T00:00:00+08:00', end: '2026-08-04T07:00:00+08:00' },
    { of: 'pay-per-use', state: 'grace', start: '2026-08-04T07:00:00+08:00', end: '2026-08-11T07:00:00+08:00' },
  ],
  arrears: [],
  alerts: [
    { at: '2026-08-01T01:00:00+08:00', code: 'budget_forecast', of: { budget: 'b1' }, value: '1920.29', threshold: '1600', advice: 'review' },
    { at: '2026-08-04T07:00:00+08:00', code: 'arrears', of: {}, value: '-1.36', threshold: '0', advice: 'top_up', by: '2026-08-11T07:00:00+08:00', amount: '1.36' },
  ],
  split: [],
  todo: [
    { do: 'buy', by: '2026-07-07T14:30:10+08:00', api: 'general-text', region: 'cn-north-4', why: 'packages_run_out' },
    { do: 'top_up', by: '2026-08-04T07:00:00+08:00', amount: '1.36', why: 'arrears' },
    { do: 'renew', by: '2027-03-03T00:00:00+08:00', amount: '3200', grant: 'g0', why: 'package_ends' },
  ],
  notes: [],
  closing: { balance: '1835.36', vouchers: '0' },
}
const pageIn = (lang) => ({ t: accountWords(lang, 'huawei'), f: accountFormats(lang) })
const answered = (history = HISTORY, lasting) => ({ request: question(after({}, false)).request, inputs: after({}, false).calc.inputs, history, ...(lasting ? { lasting } : {}) })

test('the headline says what happens next and what to do, in both languages', () => {
  assert.equal(sentence(pageIn('en'), answered()), 'On *7 July 2026* the package is used up: *buy another* by then. \nWithout one, on *4 August 2026 at 07:00* the balance falls below zero: \n*top up at least CNY 1.36* by then.')
  assert.equal(sentence(pageIn('zh-CN'), answered()), '*2026年7月7日*套餐包用完，请在此之前*续购*；\n如不续购，*2026年8月4日 07:00*余额将低于零，\n请在此之前*充值至少 1.36 元*。')
  const lasting = { at: '2026-08-04T07:00:00+08:00', amount: '1434.32' }
  assert.ok(sentence(pageIn('en'), answered(HISTORY, lasting)).endsWith('*top up CNY 1,434.32* by then, and nothing stops.'))
  assert.match(sentence(pageIn('en'), answered({ ...HISTORY, todo: [], estimate: { ...HISTORY.estimate, calls: { counted: 1, rejected: 0 } } })), /^Nothing has to be done: \nuntil \*28 February 2027\*/)
  assert.match(context(pageIn('en'), answered()), /Mar 2026 – Feb 2027\. Charged: CNY 18,170\.32; left at the end: CNY 1,835\.36; 8,000 calls fail\.$/)
})

test('all that happens stands in order of time, what to do with its number', () => {
  const marks = marksOf(pageIn('en'), answered())
  assert.deepEqual(marks.map(({ lane, kind, number }) => [lane, kind, ...(number ? [number] : [])]), [
    ['package', 'purchase paid'],
    ['todo', 'buy', 1],
    ['alert', 'budget_forecast'],
    ['todo', 'top_up', 2],
    ['state', 'grace'],
    ['alert', 'arrears'],
    ['balance', 'top-up'],
    ['package', 'renewal unpaid'],
    ['todo', 'renew', 3],
  ])
  assert.ok(marks[2].text.includes('CNY 1,920.29 is forecast, more than CNY 1,600 (80 % of CNY 2,000)'))
  assert.ok(marks[2].text.endsWith('a forecast is no bill.'))
  assert.ok(marks[8].text.includes('Renew the 100,000 package (CNY 3,200)'))
})

test('the sum that carries through is the engine’s: what is lacking at worst, if that is enough', () => {
  const { request } = answered()
  const engine = (enough) => ({
    account: ({ account }) => (account.credit ? { todo: [], movements: [{ balance: '-900' }, { balance: '-1434.32' }, { balance: '5' }] } : { todo: enough && account.topUps.length === 2 ? [] : HISTORY.todo }),
  })
  assert.deepEqual(lastingOf(engine(true), request, HISTORY), { at: '2026-08-04T07:00:00+08:00', amount: '1434.32' })
  assert.equal(lastingOf(engine(false), request, HISTORY), undefined)
  assert.equal(lastingOf(engine(true), request, { ...HISTORY, todo: [] }), undefined)
})

test('the calendar is RFC 5545: CRLF, lines of 75 octets, escaped text, UTC, and the same for the same answer', () => {
  const file = (lang) => {
    const { name, entries } = calendarOf(pageIn(lang), answered())
    return calendar(entries, name)
  }
  for (const lang of ['en', 'zh-CN']) {
    const text = file(lang)
    assert.equal(text, file(lang))
    assert.ok(text.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:') && text.endsWith('END:VCALENDAR\r\n'))
    assert.ok(!/[^\r]\n|\r[^\n]/.test(text))
    const lines = text.split('\r\n')
    for (const line of lines) assert.ok(Buffer.byteLength(line) <= 75, line)
    assert.ok(lines.some((line) => line.startsWith(' ')))
    assert.ok(!text.includes('\uFFFD'))
    const whole = text.replaceAll('\r\n ', '')
    for (const [name, count] of [['BEGIN:VEVENT', 3], ['END:VEVENT', 3], ['BEGIN:VALARM', 3], ['UID:', 3], ['DTSTAMP:', 3]]) assert.equal(whole.split(`\r\n${name}`).length - 1, count, name)
    assert.equal(new Set(whole.match(/^UID:.*$/gm)).size, 3)
    assert.deepEqual(whole.match(/^DTSTART:.*$/gm), ['DTSTART:20260707T063010Z', 'DTSTART:20260803T230000Z', 'DTSTART:20270302T160000Z'])
    assert.deepEqual(whole.match(/^DTSTAMP:.*$/gm), whole.match(/^DTSTART:.*$/gm).map((line) => line.replace('START', 'STAMP')))
  }
  assert.ok(file('en').replaceAll('\r\n ', '').includes('DESCRIPTION:by 4 August 2026 at 07:00: Top up at least CNY 1.36\\, or the balance falls below zero.'))
  assert.ok(file('zh-CN').includes('SUMMARY:续购 · 华为云'))
  assert.ok(calendar([{ at: '2026-01-01T00:00:00+08:00', key: 'a', title: 'x;y\\z', text: 'one\ntwo' }], 'n').includes('SUMMARY:x\\;y\\\\z\r\nDESCRIPTION:one\\ntwo\r\n'))
  // A character of four octets is never cut.
  const wide = calendar([{ at: '2026-01-01T00:00:00+08:00', key: 'a', title: '😀'.repeat(60), text: '' }], 'n')
  assert.ok(wide.replaceAll('\r\n ', '').includes('😀'.repeat(60)))
  for (const line of wide.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75)
})

test('marks that would hide each other stand side by side, inside the drawing', () => {
  assert.deepEqual(spread([10, 100], 20, 0, 200), [10, 100])
  assert.deepEqual(spread([50, 50, 50], 20, 0, 200), [30, 50, 70])
  assert.deepEqual(spread([195, 199, 200], 20, 0, 200), [160, 180, 200])
  assert.deepEqual(spread([5, 5, 5, 5, 5], 100, 0, 200), [0, 50, 100, 150, 200])
})
