// What the replay page works out by itself: the rows of a bill, the question to a log, and what is still lacking for it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { billRows, parsed, placed, readBill, suggested } from '../../www/replay/bill.js'
import { packed, pour } from '../../www/replay/log.js'
import { lacking, otherQuestion, question } from '../../www/replay/request.js'
import { initial, next } from '../../www/replay/state.js'
import { gzipSync } from 'node:zlib'

const catalogs = Object.fromEntries(['huawei-cn', 'tencent-cn'].map((id) => [id, JSON.parse(readFileSync(new URL(`../../www/catalogs/${id}.json`, import.meta.url), 'utf8'))]))
const huawei = catalogs['huawei-cn']

/** A state with its catalogs, after these events. */
const after = (chosen, linked, ...events) =>
  [...Object.entries(catalogs).map(([id, catalog]) => ({ type: 'fetched', id, catalog })), ...events].reduce(next, initial({ lang: 'en', ...chosen }, linked))
const NOWHERE = { at: null, api: null, region: null, status: null, project: null, user: null, calls: null, id: null }
const head = (columns, needsZone = false) => ({ type: 'head', head: { separator: ',', header: [], columns: { ...NOWHERE, ...columns }, sample: [], needsZone } })

test('a bill is split into rows, whatever it is separated by, and quotes hide separators and line ends', () => {
  assert.deepEqual(parsed('a,b\r\n"1,5","two ""quoted""\nlines"\r\n\r\n3,').rows, [['a', 'b'], ['1,5', 'two "quoted"\nlines'], ['3', '']])
  assert.deepEqual(parsed('a;b,c;d\n1;2;3').rows, [['a', 'b,c', 'd'], ['1', '2', '3']])
  assert.deepEqual(parsed('a\tb\n1\t2\n').rows, [['a', 'b'], ['1', '2']])
  assert.throws(() => parsed('a,b\n\n"never closed,1\n'), { code: 'quote_unclosed', place: 'bill:3' })
})

test('a bill that is none is refused', async () => {
  const refused = (content, code) => assert.rejects(readBill(new Blob([content])), { code })
  await refused('', 'log_empty')
  await refused('a,b\n', 'log_empty')
  await refused(new Uint8Array([0xff, 0xfe, 0x41]), 'log_not_text')
  await refused('a\0b\n1\n', 'log_not_text')
  await refused('a,b\n' + '1,2\n'.repeat(200_001), 'bill_too_long')
  assert.equal((await readBill(new Blob(['a,b\n' + '1,2\n'.repeat(200_000)]))).rows.length, 200_001)
})

test('the titles of a bill suggest what its columns mean, and its rows become lines', () => {
  const bill = parsed('账期开始,账期结束,计费模式,产品,区域,用量,应付金额\n2023-03-20 00:00,2023-03-20 01:00,按需计费,通用文字识别,华北-北京四,"1,200",¥96.00\n2023-03-20,,套餐包,,,,"3,200"\n2023-03-20,,按需计费,弹性云服务器,华北-北京四,1,0.5\n')
  const columns = suggested(bill.rows[0])
  assert.deepEqual(columns, { start: 0, end: 1, kind: 2, api: 3, region: 4, project: null, calls: 5, amount: 6 })
  const { lines, leftOut } = billRows(bill, columns, '+08:00', huawei)
  assert.deepEqual(leftOut, { foreign: [{ line: 4, name: '弹性云服务器' }], refunds: [], sums: 0 }, 'a server is no OCR')
  assert.deepEqual(lines, [
    { start: '2023-03-20T00:00:00+08:00', end: '2023-03-20T01:00:00+08:00', kind: 'pay-per-use', api: 'general-text', region: 'cn-north-4', calls: 1200, amount: '96' },
    { start: '2023-03-20T00:00:00+08:00', kind: 'package', amount: '3200' },
  ])
  assert.throws(() => billRows(parsed('开始,金额\nsoon,1\n'), { start: 0, amount: 1 }, '+08:00', huawei), { code: 'invalid_instant', place: 'bill:2', column: 'start' })
})

test('what is bought for a year is a package where its product is text recognition; else only its instant and amount can say so', () => {
  const [kind, api] = [1, 2]
  const read = (...rows) => billRows(parsed(['start,mode,product,amount', ...rows.map((row) => `2023-03-20,${row},999.00`)].join('\n')), { start: 0, kind, api, amount: 3 }, '+08:00', huawei)
  const others = read('包年/包月,弹性云服务器 ECS', 'Subscription,Elastic Cloud Server', 'Yearly/Monthly,Elastic Cloud Server', '套餐包,对象存储资源包', 'Savings plan,Table Store package')
  assert.deepEqual(others.lines, Array(5).fill({ start: '2023-03-20T00:00:00+08:00', kind: 'package', foreign: true, amount: '999' }))
  assert.deepEqual(others.rows.map(({ line, name }) => `${line} ${name}`), ['2 弹性云服务器 ECS', '3 Elastic Cloud Server', '4 Elastic Cloud Server', '5 对象存储资源包', '6 Table Store package'])
  const ours = read('包年/包月,文字识别 OCR', 'Yearly/Monthly,Optical Character Recognition', '套餐包,通用文字识别', '套餐包,身份证识别套餐包', 'Package,"General Text, 10,000 calls, one year"', 'Package,general-text-1k', 'Package,OCR_package', '套餐包,')
  assert.deepEqual(ours.lines.map((line) => [line.kind, line.foreign]), Array(8).fill(['package', undefined]))
})

test('refunds and sums of other rows are left out and counted', () => {
  const rows = ['2023-03-20,360,28.80', '2023-03-20,-10,-0.80', '2023-03-20,0,-0.00', '小计,350,28.00', ',,', 'Subtotal:,350,28.00', ',Total,28.00', '合计（元）,350,28.00', 'Grand total,350,28.00']
  const { lines, leftOut } = billRows(parsed(['start,usage,amount', ...rows].join('\n')), { start: 0, calls: 1, amount: 2 }, '+08:00', huawei)
  assert.deepEqual(lines.map(({ calls, amount }) => [calls, amount]), [[360, '28.8'], [0, '0']])
  assert.deepEqual(leftOut, { foreign: [], refunds: [{ line: 3, name: '' }], sums: 5 })
  // Only a sum is one by its first cell.
  assert.throws(() => billRows(parsed('start,amount\nTotally,1\n'), { start: 0, amount: 1 }, '+08:00', huawei), { place: 'bill:2', column: 'start' })
})

test('what names none of the catalog’s products need not be readable', () => {
  const read = (row) => billRows(parsed(`start,mode,product,amount\n${row}`), { start: 0, kind: 1, api: 2, amount: 3 }, '+08:00', huawei)
  for (const row of ['2023-03-20,,ECS,5 USD', 'soon,,ECS,5', '2023-03-20,,ECS,-5', '2023-03-20,按需,ECS,5']) assert.deepEqual(read(row), { lines: [], rows: [], leftOut: { foreign: [{ line: 2, name: 'ECS' }], refunds: [], sums: 0 } }, row)
  assert.deepEqual(read('2023-03-20,,ECS,5').lines, [{ start: '2023-03-20T00:00:00+08:00', foreign: true, amount: '5' }])
})

test('an amount may name its currency, which must be that of the answer', () => {
  const read = (amount, title = 'amount') => billRows(parsed(`start;${title}\n2023-03-20;${amount}`), { start: 0, amount: 1 }, '+08:00', huawei).lines[0].amount
  for (const amount of ['28.80', 'CNY 28.80', '28.80 cny', 'RMB28.80', '¥28.80', '￥28.80', '28.80元', '¥ 28.80 CNY', '人民币28.80元', '２８。８０']) assert.equal(read(amount), '28.8', amount)
  assert.equal(read('28.80', '应付金额（元）'), '28.8')
  assert.equal(read('28.80', 'Amount (net)'), '28.8')
  const refused = (amount, code) => assert.throws(() => read(amount), { code, place: 'bill:2', column: 'amount' }, amount)
  for (const amount of ['28.80 USD', '$28.80', 'US$ 28.80', '€28.80', '-$5']) refused(amount, 'other_currency')
  for (const amount of ['abc', '28.80 abc', 'CNY', '2.88E+01', '(28.80)', '--1', '-', `1${' '.repeat(1e6)}-1`]) refused(amount, 'invalid_decimal')
  refused('', 'nothing_typed')
  assert.throws(() => read('28.80', 'Amount (USD)'), { code: 'other_currency', place: 'bill:1', column: 'amount' })
})

test('a comma between semicolons is read as other amounts of the bill settle it, and refused where none does', () => {
  const read = (...rows) => billRows(parsed(['start;usage;amount', ...rows.map((row) => `2023-03-20;${row}`)].join('\n')), { start: 0, calls: 1, amount: 2 }, '+08:00', huawei).lines.map(({ calls, amount }) => [calls, amount])
  assert.deepEqual(read('360;28,800', '1.200,0;1.028,80', '1;28,8 元'), [[360, '28.8'], [1200, '1028.8'], [1, '28.8']])
  assert.deepEqual(read('1,200;28,800', '360;28.80'), [[1200, '28800'], [360, '28.8']])
  assert.deepEqual(read('360;28.800', '360;5'), [[360, '28.8'], [360, '5']])
  const unclear = (line, column, ...rows) => assert.throws(() => read(...rows), { code: 'comma_unclear', place: `bill:${line}`, column }, rows.join())
  unclear(2, 'amount', '360;28,800')
  unclear(3, 'amount', '360;5', '360;28，800')
  unclear(3, 'amount', '1;28.80', '1;28,80')
  unclear(2, 'calls', '1,200;5')
  unclear(3, 'amount', '1;28.80', '1;1.028,800')
  assert.throws(() => billRows(parsed('start,amount\n2023-03-20,"1.028,800"'), { start: 0, amount: 1 }, '+08:00', huawei), { code: 'comma_unclear', place: 'bill:2', column: 'amount' })
})

test('a field more than there are titles is an error of its line and of the number that was cut; empty ones are none', () => {
  const columns = { start: 0, calls: 1, amount: 2 }
  const read = (...rows) => billRows(parsed(['start,calls,amount', ...rows.map((row) => `2023-03-20,${row}`)].join('\n')), columns, '+08:00', huawei).lines.map((line) => line.amount)
  assert.deepEqual(read('1,28.80', '2,"1,234.56",,', '3,5, '), ['28.8', '1234.56', '5'])
  const wrong = (line, column, ...rows) => assert.throws(() => read(...rows), { code: 'too_many_fields', place: `bill:${line}`, column }, rows.join())
  wrong(2, 'amount', '1,1,234.56')
  wrong(3, 'amount', '1,28.80', '1,CNY 1,234')
  wrong(3, 'calls', '1,28.80', '1,200,96.00')
  wrong(2, 'amount', '1,28.80,,x')
})

test('a place in a bill is the line that an editor shows, whoever finds the mistake there', () => {
  const bill = parsed('\n开始,说明,金额\r\n\r\n2023-03-20,"two\nlines",1\r\n2023-03-21,,abc\r2023-03-22,,1')
  assert.deepEqual(bill.lines, [2, 4, 6, 7])
  assert.throws(() => billRows(bill, { start: 0, amount: 2 }, '+08:00', huawei), { place: 'bill:6', column: 'amount' })
  assert.deepEqual(placed({ code: 'invalid_instant', place: 'bill[2].start' }, [4, 6, 7].map((line) => ({ line, name: '' }))), { code: 'invalid_instant', place: 'bill:7', column: 'start' })
})

test('what a log lacks is asked for; a catalog of one region needs none', () => {
  assert.deepEqual(lacking(after({}, false, head({}))), ['at', 'api', 'region'])
  assert.deepEqual(lacking(after({}, false, head({ at: 0, api: 1 }, true))), ['region', 'zone'])
  assert.deepEqual(lacking(after({}, false, head({ at: 0, api: 1 }, true), { type: 'type', field: 'zone', text: '+08:00' }, { type: 'type', field: 'region', text: 'cn-north-4' })), [])
  assert.deepEqual(lacking(after({ catalog: 'tencent-cn', region: '', api: '' }, false, head({ at: 0, api: 1 }))), [])
  assert.deepEqual(lacking(after({}, false, head({ api: 1, region: 2 }), { type: 'column', column: 'at', to: 3 })), [])
})

test('a link’s purchases and prices are in the question; the published example’s are not', () => {
  const purchases = [{ package: 'general-text-10k', quantity: 2, when: { periods: '2023-03-20 10:30:00', months: '' }, starts: '', limited: '' }]
  const own = { 'huawei-cn cn-north-4 web-image': { unitPrice: '0.05', points: '', steps: [], packages: [], qps: { included: '', price: '', per: '' } } }
  const { request } = question(after({ purchases, own }, true, head({ at: 0, api: 1, region: 2 })))
  assert.deepEqual(request.grants, [{ id: 'p1', package: 'general-text-10k', region: 'cn-north-4', quantity: 2, created: '2023-03-20T10:30:00+08:00' }])
  assert.deepEqual(request.entered, { ladders: [{ apis: ['web-image'], regions: ['cn-north-4'], source: 'typed in', shape: 'flat', steps: [{ upTo: null, unitPrice: '0.05' }] }] })
  assert.deepEqual(question(after({}, false, head({ at: 0 }))).request.grants, [])
})

test('what is typed wrong names its field', () => {
  const wrong = question(after({}, false, { type: 'add', list: 'buys' }, { type: 'type', field: 'buys.0.when', text: 'soon' }, { type: 'type', field: 'buys.0.quantity', text: '' }))
  assert.deepEqual(wrong.problems.map(({ code, field }) => [code, field]), [['nothing_typed', 'buys.0.quantity'], ['invalid_instant', 'buys.0.when']])
})

test('a bill may call a region by any of its other names', () => {
  const rows = '开始,产品,地域,金额\n2026-01-01,通用印刷体识别,华南地区(广州),1\n2026-01-01,通用印刷体识别,华东地区（上海）,2\n2026-01-01,通用印刷体识别,ap-hongkong,4\n'
  const { lines, rows: taken } = billRows(parsed(rows), { start: 0, api: 1, region: 2, amount: 3 }, '+08:00', catalogs['tencent-cn'])
  assert.deepEqual(lines.map(({ region, foreign, amount }) => [region, foreign, amount]), [['mainland', undefined, '1'], ['mainland', undefined, '2'], [undefined, true, '4']])
  assert.deepEqual(taken[2], { line: 4, name: 'ap-hongkong' }, 'what is not known of it')
})

test('the column of error codes, and the switch of pay-per-use, are spoken of only where the provider has them', () => {
  const with_ = { at: 0, api: 1, status: 2, errorCode: 3 }
  const asked = (id, ...events) => question(after({ catalog: id, region: id === 'tencent-cn' ? 'mainland' : 'cn-north-4', api: '', payPerUse: 'off' }, false, head(with_), ...events)).request
  assert.equal(asked('tencent-cn').columns.errorCode, 3)
  assert.equal(asked('tencent-cn').payPerUse, false)
  assert.ok(!('errorCode' in asked('huawei-cn').columns))
  assert.ok(!('payPerUse' in asked('huawei-cn')))
  const state = after({ catalog: 'tencent-cn', payPerUse: 'off' }, false, head(with_), { type: 'other', open: true }, { type: 'other-catalog', id: 'huawei-cn' })
  const { request } = question(state)
  const other = otherQuestion(state, request).request
  // What succeeded at Tencent is told by its error codes, whoever is asked what it would have cost.
  assert.deepEqual([other.columns.errorCode, other.elsewhere, 'payPerUse' in other], [3, 'error-code', false])
})

test('another provider is asked about the APIs that do the same, under every name that the log may use', () => {
  const state = after({}, false, head({ at: 0, api: 1, region: 2 }), { type: 'name', of: 'apiNames', name: 'ocr_v1', to: 'general-text' }, { type: 'other', open: true }, { type: 'other-catalog', id: 'tencent-cn' })
  const { request } = otherQuestion(state, question(state).request)
  assert.equal(request.catalog.id, 'tencent-cn')
  assert.deepEqual(request.columns, { ...NOWHERE, at: 0, api: 1 })
  assert.deepEqual(request.defaults, { region: 'mainland' })
  assert.equal(request.elsewhere, 'http-status', 'what succeeded at Huawei proves nothing at Tencent')
  for (const name of ['general-text', 'recognizeGeneralText', '通用文字识别', 'General Text', 'ocr_v1']) assert.equal(request.apiNames[name], 'general-text', name)
  // Tencent sells nothing of the kind.
  assert.ok(!Object.hasOwn(request.apiNames, 'web-image'))
  assert.deepEqual(request.grants, [])
})

test('whether a file is packed is told by its first bytes, not by its name', async () => {
  assert.equal(await packed(new File(['time,api\n'], 'log.csv.gz')), false)
  assert.equal(await packed(new File([], 'log.csv.gz')), false)
  assert.equal(await packed(new File([gzipSync('')], 'log.csv')), true)
})

test('a file comes whole and in order, packed or not, in pieces as small as wished', async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, k) => (k * k) % 251)
  for (const [content, isPacked] of [[bytes, false], [gzipSync(bytes), true]])
    for (const piece of [7_777, 1 << 20]) {
      const file = new File([content], 'log')
      assert.equal(await packed(file), isPacked)
      const found = []
      await pour(file, isPacked, (part) => (assert.ok(part.length <= piece), found.push(...part), true), piece)
      assert.deepEqual(Uint8Array.from(found), bytes)
    }
  assert.equal(await pour(new Blob([bytes]), false, () => false), 'part')
})

test('gzip that was put together out of several comes whole, wherever the pieces end in which it is read', async () => {
  const texts = Array.from({ length: 60 }, (_, k) => `${k},`.repeat(k * k))
  const packs = texts.map((text) => gzipSync(text))
  for (const size of [1, 7, 19, 1_000, 1 << 20]) {
    const file = new Blob(packs)
    const bytes = new Uint8Array(await file.arrayBuffer())
    file.stream = () => ReadableStream.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_, k) => bytes.slice(k * size, (k + 1) * size)))
    const found = []
    let read = 0
    await pour(file, true, (part, of) => (found.push(part), (read = of), true))
    assert.equal(Buffer.concat(found).toString(), texts.join(''))
    assert.equal(read, file.size)
  }
  const damaged = (...parts) => assert.rejects(pour(new Blob(parts), true, () => true), { code: 'gzip_damaged' })
  await damaged(packs[20], packs[50].subarray(0, -9))
  await damaged(packs[20], packs[50].subarray(0, 12), packs[50])
  await damaged(packs[20], 'something else')
})
