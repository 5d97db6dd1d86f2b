// The replay page, read in Chromium as a person does: a log goes in, and it says what the calls should have cost and why.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parsed } from '../../www/replay/bill.js'
import { replayWords } from '../../www/replay/page.js'
import { comesToSay, eventually, field, open, says } from './page.mjs'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

/** One call every ten seconds from midnight on, 10,000 in all: 360 an hour, 28.80 at 0.08 a call. */
const CALLS = Array.from({ length: 10_000 }, (_, k) => new Date(Date.UTC(2023, 2, 20) + 10_000 * k).toISOString().slice(0, 19))
/** The package of 10,000 calls at 520, bought at 12:30:15: 4,502 calls come before it. */
const BOUGHT = '2023-03-20 12:30:15'
// 12 hours × 28.80 and 182 calls × 0.08 are 345.60 + 14.56.
const CHARGED = '360.16'
const TOTAL = '880.16' // and 520

/** A log of those calls with a quirk of every kind: a mark, quotes with line ends inside, CRLF, copies, no order, no last line end. */
function quirky() {
  const rows = CALLS.map((at, k) => `${at}+08:00,recognizeGeneralText,CN North-Beijing4,200,${k % 3 ? 'plain' : '"two\r\nlines, ""quoted"""'}`)
  const failed = Array(100).fill('2023-03-20T00:00:05+08:00,recognizeGeneralText,cn-north-4,500,failed')
  const bad = ['yesterday,recognizeGeneralText,cn-north-4,200,', '2023-03-20T00:00:05+08:00,recognizeGeneralText,cn-north-4,ok,']
  const all = [...rows, ...failed, ...bad]
  // The same order on every run: 7,919 shares no factor with the number of rows.
  const mixed = all.map((_, i) => all[(i * 7_919) % all.length])
  assert.equal(new Set(mixed).size, new Set(all).size)
  return `\uFEFFTimestamp,Operation,Region,HTTP status,Note\r\n${mixed.join('\r\n')}`
}

/** Each half packed for itself, as `cat a.gz b.gz` leaves them. */
const halves = () => Buffer.concat([quirky().slice(0, 200_000), quirky().slice(200_000)].map((half) => gzipSync(half)))

/** A plain log. @param {string} header @param {(at: string, k: number) => string} row @param {number} [count] */
const log = (header, row, count = CALLS.length) => [header, ...CALLS.slice(0, count).map(row)].join('\n')

/** A file as the page is given it. @param {string} name @param {string | Buffer} content */
const file = (name, content) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })

/** The share link's way to say what was bought. */
const LINK = `#lang=en&region=cn-north-4&buy=general-text-10k~1~${encodeURIComponent(BOUGHT)}~~`

describe('the replay page', () => {
  let site
  let folder
  before(async () => {
    // The browser’s own clearing away can be called by its name, to be done at the worst time.
    site = await open(['--js-flags=--expose-gc'])
    folder = mkdtempSync(join(tmpdir(), 'replay-'))
  })
  after(async () => {
    await site?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  afterEach(() => site.tidy())

  const part = (page, css) => page.locator(`ocr-replay ${css}`)
  const sentence = (page) => part(page, '[part=sentence]')

  async function reach({ lang = 'en', link = '', ...options } = {}) {
    const page = await site.page({ ...options, path: `replay.html?lang=${lang}${link}`, ready: false })
    await part(page, '.drop-zone').waitFor()
    return page
  }
  const give = (page, given, to = 'file') => field(page, to).setInputFiles(given)
  const done = (page) => part(page, '.page:not(.waiting):not(.old)').waitFor()

  async function buy(page, id, when, list = 'buys', at = 0) {
    await field(page, `${list}.${at}.package`).selectOption(id)
    await field(page, `${list}.${at}.when`).fill(when)
  }

  test('a log with every quirk comes to what its calls cost, with causes, months, and the rows that are no calls', async () => {
    const page = await reach({ link: LINK })
    await give(page, file('log.csv', quirky()))
    await comesToSay(sentence(page), `CNY ${TOTAL}; 4,502 of 10,000 calls`)
    await comesToSay(part(page, '.context'), '10,102 rows')
    await comesToSay(sentence(page), 'What could be read of this log should have cost')
    await comesToSay(sentence(page), 'Not complete: 2 rows could not be read.')
    assert.deepEqual(await part(page, '.figures .value span:last-child').allInnerTexts(), [TOTAL, '520', CHARGED])

    assert.match(await says(part(page, '.charges li')), /^The package starts later W1 4,502 calls 360\.16 Avoided by buying General Text, 10,000 calls, one year 12 hours 30 minutes earlier.* Saves CNY 360\.16\.$/)
    // free, packages, pay-per-use; then money of packages, of pay-per-use, and both
    assert.deepEqual(await part(page, '.months tr.all td.sum').allInnerTexts(), ['0', '5,498', '4,502', '520.00', CHARGED, TOTAL])
    await comesToSay(part(page, '.breakdown'), '100 failed requests')
    // 10,000 less 5,498; its year goes on after the log
    await comesToSay(part(page, '.grants tbody'), '5,498 4,502 0')

    const bad = await says(part(page, '.bad'))
    assert.match(bad, /1 the HTTP status is none line [\d,]+ 1 the time cannot be read line [\d,]+/)
    assert.match(bad, /99 of 10,102 rows repeat an earlier one among the 1,048,576 before it\. They are counted/)
  })

  test('the list of bad rows is downloaded as a table', async () => {
    const page = await reach()
    await give(page, file('log.csv', `time,api,region,status\n2023-03-20T00:00:00+08:00,general-text,cn-north-4,200\n=1+1,general-text,cn-north-4,200\n2023-03-20T00:00:00+08:00,general-text,cn-north-4,999\n2023-03-20T00:00:00+08:00\n`))
    await done(page)
    const [download] = await Promise.all([page.waitForEvent('download'), part(page, '.bad button').click()])
    assert.equal(download.suggestedFilename(), 'bad-rows.csv')
    assert.equal(
      readFileSync(await download.path(), 'utf8'),
      '\uFEFFline,code,column,what is wrong\r\n3,invalid_instant,at,the time cannot be read\r\n4,invalid_status,status,the HTTP status is none\r\n5,too_few_fields,status,the row ends too early\r\n',
    )
  })

  for (const [what, name, content] of [['gzip', 'log.csv.gz', gzipSync(quirky())], ['gzip under another name', 'log', gzipSync(quirky())], ['gzip of two parts', 'log.csv.gz', halves()], ['plain text named as gzip', 'log.csv.gz', quirky()]])
    test(`${what} gives the same answer`, async () => {
      const page = await reach({ link: LINK })
      await give(page, file(name, content))
      await comesToSay(sentence(page), `CNY ${TOTAL}; 4,502 of 10,000 calls`)
    })

  test('without a worker the page reads the log itself, to the same answer', async () => {
    const page = await reach({ link: LINK, before: (page) => page.addInitScript(() => delete globalThis.Worker) })
    await give(page, file('log.csv', quirky()))
    await comesToSay(sentence(page), `CNY ${TOTAL}; 4,502 of 10,000 calls`)
  })

  test('a file that is dropped is read', async () => {
    const page = await reach({ link: LINK })
    const data = await page.evaluateHandle((text) => {
      const data = new DataTransfer()
      data.items.add(new File([text], 'dropped.csv'))
      return data
    }, quirky())
    await page.locator('ocr-replay').dispatchEvent('drop', { dataTransfer: data })
    await comesToSay(sentence(page), TOTAL)
    await comesToSay(part(page, '.drop-zone'), 'dropped.csv')
  })

  test('Chinese titles and names are known; a zone and a region that the log lacks are asked for, never assumed', async () => {
    const page = await reach({ lang: 'zh-CN', locale: 'zh-CN' })
    await give(page, file('日志.csv', log('调用时间;接口;状态码', (at) => `${at.replace('T', ' ')};通用文字识别;200`)))
    await part(page, '.asks.wanted').waitFor()
    await comesToSay(part(page, '.columns summary'), '时间、API、HTTP 状态码')
    assert.equal(await field(page, 'zone').inputValue(), '')
    assert.equal(await field(page, 'region').inputValue(), '')
    assert.equal(await part(page, '.figures').count(), 0)
    await field(page, 'region').selectOption('cn-north-4')
    await page.waitForTimeout(500)
    assert.equal(await part(page, '.figures').count(), 0)
    await part(page, '.asks button').click()
    // 27 hours × 28.80 and 280 calls × 0.08
    await comesToSay(sentence(page), '800 元')
    await field(page, 'zone').selectOption('+00:00')
    // The first call, at 08:00 in China then, is four hours before that noon: 4 × 28.80 and 520.
    await part(page, '.buys .under button').click()
    await buy(page, 'general-text-10k', '2023-03-20 12:00:00')
    await comesToSay(sentence(page), '635.20 元')
  })

  test('columns mapped by hand are remembered for the next file with that header', async () => {
    const page = await reach()
    const given = log('when exactly,what,where', (at) => `${at}+08:00,general-text,cn-north-4`, 360)
    await give(page, file('one.csv', given))
    await comesToSay(sentence(page), 'leaves something open')
    await comesToSay(part(page, '.sample tbody tr:first-child'), '2023-03-20T00:00:00+08:00 general-text cn-north-4')
    for (const [column, title] of [['at', 'when exactly'], ['api', 'what'], ['region', 'where']]) await field(page, `column.${column}`).selectOption({ label: title })
    await comesToSay(sentence(page), 'CNY 28.80')
    await page.reload()
    await part(page, '.drop-zone').waitFor()
    await give(page, file('two.csv', given))
    await comesToSay(sentence(page), 'CNY 28.80')
  })

  test('names that are not known are listed, and count once they are mapped', async () => {
    const page = await reach()
    await give(page, file('log.csv', log('time,api,region', (at, k) => `${at}+08:00,${k % 2 ? 'ocr_v1' : 'general-text'},${k % 4 ? 'cn-north-4' : 'Beijing'}`, 720)))
    // A quarter of all has the unknown region, half the unknown API: 180 calls are left, 14.40; the hours 90 each.
    await comesToSay(sentence(page), 'CNY 14.40')
    await comesToSay(part(page, '.names'), 'ocr_v1 API · 360 calls')
    await comesToSay(part(page, '.names'), 'Beijing Region · 180 calls')
    await field(page, 'name.api.0').selectOption('general-text')
    await comesToSay(sentence(page), 'CNY 43.20') // 540 calls
    await field(page, 'name.region.0').selectOption('cn-north-4')
    await comesToSay(sentence(page), 'CNY 57.60') // all 720
    await give(page, file('log.csv', log('time,api,region', (at) => `${at}+08:00,v3,cn-north-4`, 360)))
    await comesToSay(sentence(page), 'No call of this log could be counted')
    await field(page, 'name.api.0').selectOption('general-text')
    await comesToSay(sentence(page), 'CNY 28.80')
  })

  test('packages are added with date, region and project', async () => {
    const page = await reach()
    await give(page, file('log.csv', log('time,api,region,project', (at, k) => `${at}+08:00,general-text,cn-north-4,${k % 2 ? 'a' : 'b'}`)))
    await comesToSay(sentence(page), 'CNY 800')
    await part(page, '.buys .under button').click()
    await comesToSay(part(page, '.buys fieldset'), 'Counts once this is typed: bought.')
    await buy(page, 'general-text-10k', '2023-03-20')
    await comesToSay(sentence(page), 'CNY 520')
    await field(page, 'buys.0.project').fill('a')
    // Half of the calls, 180 an hour at 14.40, in 27 hours and 280 ÷ 2 calls × 0.08: 400; and 520.
    await comesToSay(sentence(page), 'CNY 920; 5,000 of 10,000')
    await comesToSay(part(page, '.charges'), 'bound to another project')
    await field(page, 'buys.0.when').fill('noon')
    await comesToSay(page.locator('#field-buys-0-when-problem'), replayWords('en', 'huawei')('error.invalid_instant'))
    await comesToSay(sentence(page), 'CNY 920')
  })

  test('while a large log is read, the page shows how far it is; cancel ends the worker, and it can be read again', async () => {
    const path = join(folder, 'large.csv')
    const piece = `${log('', (at) => `${at}+08:00,recognizeGeneralText,cn-north-4,200`)}\n`.slice(1)
    writeFileSync(path, `time,operation,region,status\n${piece.repeat(300)}`) // 3 million rows
    const page = await reach()
    await give(page, path)
    await comesToSay(part(page, '.work'), /[\d,]+ rows · [\d.]+ .?B of 1\d\d(\.\d)? MB/)
    assert.equal(page.workers().length, 1)
    await part(page, '.work button').click()
    await comesToSay(part(page, '.log .work'), 'Cancelled.')
    await eventually(() => assert.equal(page.workers().length, 0))
    assert.equal(await part(page, '.figures').count(), 0)
    await part(page, '.work button').click()
    await part(page, '.figures').waitFor()
    await comesToSay(sentence(page), 'CNY 240,000; 3,000,000 of 3,000,000') // 3,000,000 × 0.08
  })

  test('a log that is not in UTF-8 is shown, and the page says so', async () => {
    const page = await reach()
    const inGbk = Buffer.from([0xb5, 0xf7, 0xd3, 0xc3, 0xca, 0xb1, 0xbc, 0xe4]) // 调用时间
    await give(page, file('log.csv', Buffer.concat([inGbk, Buffer.from(',api,region\n2023-03-20T00:00:00+08:00,general-text,cn-north-4\n')])))
    await comesToSay(part(page, '.log [role=alert]'), replayWords('en', 'huawei')('log.garbled'))
    // What is read for the first lines ends within a character here.
    await give(page, file('log.csv', `time,api,region,notes\n${`2023-03-20T00:00:00+08:00,general-text,cn-north-4,${'字'.repeat(7_001)}\n`.repeat(100)}`))
    await comesToSay(sentence(page), '100 of 100 calls')
    assert.equal(await part(page, '.log [role=alert]').count(), 0)
  })

  test('nothing of a file that is being read is cleared away: each of fifty is read to its end', async () => {
    const page = await reach()
    const given = (count) => log('time,api,region', (at) => `${at}+08:00,general-text,cn-north-4`, count)
    await give(page, file('first.csv', given(1)))
    await comesToSay(sentence(page), '1 of 1 calls')
    const [worker] = page.workers()
    await worker.evaluate(() => void setInterval(() => globalThis.gc(), 3))
    for (let count = 100; count < 150; count++) {
      await give(page, count % 2 ? file('log.csv.gz', gzipSync(given(count))) : file('log.csv', given(count)))
      await comesToSay(sentence(page), `${count} of ${count} calls`)
    }
    assert.deepEqual(page.workers(), [worker])
  })

  /** From now on no file comes to its end. */
  const stops = (page) => page.workers()[0].evaluate(() => void (Blob.prototype.stream = () => new ReadableStream({ type: 'bytes' })))

  test('cancelled beside an earlier answer: that one stays, and nothing says that the log is being read', async () => {
    const page = await reach({ link: LINK })
    await give(page, file('log.csv', quirky()))
    await comesToSay(sentence(page), TOTAL)
    await stops(page)
    await field(page, 'buys.0.quantity').fill('2')
    await comesToSay(part(page, '.context'), replayWords('en', 'huawei')('stale.reading'))
    await part(page, '.work button').click()
    await comesToSay(part(page, '.log .work'), 'Cancelled.')
    assert.equal(await says(part(page, '.context')), replayWords('en', 'huawei')('stale.before'))
    await comesToSay(sentence(page), TOTAL)
  })

  test('first lines that never come can be cancelled, and do not hold up the next file', async () => {
    const page = await reach()
    const given = (count) => file('log.csv', log('time,api,region', (at) => `${at}+08:00,general-text,cn-north-4`, count))
    await give(page, given(100))
    await comesToSay(sentence(page), '100 of 100 calls')
    await stops(page)
    await give(page, given(200))
    await part(page, '.work button').click()
    await comesToSay(part(page, '.log .work'), 'Cancelled.')
    await part(page, '.work button').click()
    await comesToSay(sentence(page), '200 of 200 calls')
    await stops(page)
    await give(page, given(300))
    await part(page, '.work button').waitFor()
    await give(page, given(250))
    await comesToSay(sentence(page), '250 of 250 calls')
  })

  const many = Array.from({ length: 4_097 }, (_, k) => `2023-03-20T00:00:00+08:00,general-text,cn-north-4,u${k}`).join('\n')
  const hostile = [
    ['an empty file', 'log_empty', ''],
    ['a header alone', 'log_empty', 'time,api,region\n'],
    ['a picture', 'log_not_text', readFileSync(new URL('page.png', import.meta.url))],
    ['UTF-16', 'log_not_text', Buffer.from('\uFEFFtime,api\n1,2\n', 'utf16le')],
    ['gzip that is cut off', 'gzip_damaged', gzipSync(quirky()).subarray(0, 5_000)],
    ['gzip that is none', 'gzip_damaged', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])],
    ['line ends of CR alone', 'line_ends_unknown', 'time,api,region\r2023-03-20T00:00:00+08:00,general-text,cn-north-4\r'],
    ['line ends of CR alone in a long file', 'line_ends_unknown', 'time,api,region\r'.repeat(200_000)],
    ['one endless line', 'first_line_too_long', 'x'.repeat(3_000_000)],
    ['a quote that never ends', 'quote_unclosed', `time,api,region\n"${'x'.repeat(3_000_000)}`],
    ['too many users', 'too_many_streams', `time,api,region,user\n${many}`],
  ]
  for (const lang of ['en', 'zh-CN'])
    test(`${lang}: whatever the file is, the page says what is wrong with it and takes the next one`, async () => {
      const t = replayWords(lang, 'huawei')
      const page = await reach({ lang, locale: lang })
      for (const [name, code, content] of hostile) {
        await give(page, file('bad.csv', content))
        // A row that is no row is one of the rows; a file that is no file is refused.
        const place = code === 'quote_unclosed' ? part(page, '.bad') : part(page, '.work [role=alert]')
        const wanted = code === 'quote_unclosed' ? t(`row.${code}`) : t(`error.${code}`)
        await eventually(async () => assert.ok((await says(place)).includes(wanted), `${name}: ${await says(place)}`))
        await give(page, file('good.csv', log('time,api,region', (at) => `${at}+08:00,general-text,cn-north-4`, 360)))
        await comesToSay(sentence(page), '28.80')
      }
      await give(page, file('other.csv', 'name,colour\napple,red\n'))
      await comesToSay(sentence(page), t('sentence.lacking').replace(/\s+/g, ' '))
      await comesToSay(page.locator('#field-column-at-problem'), t('column.lacking'))
    })

  test('what if: other packages, another reading, another provider, side by side with the answer', async () => {
    const page = await reach({ link: LINK })
    await give(page, file('log.csv', log('time,api,region', (at, k) => `${at}+08:00,${k < 9_640 ? 'general-text' : 'web-image'},cn-north-4`)))
    // web-image has no published price: give it one. 360 calls within one hour.
    await comesToSay(sentence(page), 'what 360 of them cost is not published')
    await field(page, 'api').fill('web image')
    await part(page, '.matches').waitFor()
    await page.keyboard.press('Enter')
    await field(page, 'own.unitPrice').fill('0.05')
    await comesToSay(sentence(page), 'CNY 898.16') // 880.16 and 360 × 0.05

    await part(page, '.other button[aria-expanded]').click()
    await field(page, 'otherBuys.0.when').fill('2023-03-20 00:00:00')
    const sides = async () => (await part(page, '.sides tbody tr').first().locator('td').allInnerTexts()).join(' ')
    await eventually(async () => assert.equal(await sides(), '898.16 538.00')) // 520 and 360 × 0.05

    await field(page, 'other.catalog').selectOption('tencent-cn')
    // 9,640 calls less 1,000 free ones, all at the price of the step reached: 8,640 × 0.15
    await eventually(async () => assert.equal(await sides(), '898.16 1,296.00'))
    await comesToSay(part(page, '.other'), 'Not offered there under any name, and not in that sum: web-image (360)')
    assert.match(await says(part(page, '.sides thead')), /Huawei Cloud OCR, China · CNY .*Tencent Cloud OCR, China · CNY/)
  })

  test('the provider’s bill is held against the answer, line by line', async () => {
    const page = await reach()
    await give(page, file('log.csv', log('time,api,region', (at) => `${at}+08:00,general-text,cn-north-4`, 1_080)))
    await comesToSay(sentence(page), 'CNY 86.40') // 3 × 28.80
    const bill = (amounts) => file('bill.csv', ['账期开始,计费模式,产品,区域,用量,应付金额', ...amounts.map(([hour, amount, calls]) => `2023-03-20 0${hour}:00:00,按需计费,通用文字识别,cn-north-4,${calls},${amount}`)].join('\n'))
    await give(page, bill([[0, '28.80', 360], [1, '28.80', 360], [2, '28.80', 360]]), 'bill')
    await comesToSay(part(page, '.bill-says'), 'The bill and the answer come to the same: CNY 86.40.')
    await comesToSay(part(page, '.bill'), '3 lines agree, 0 do not')
    // A bill that ends an hour before the log is not too low: it is not all there.
    await give(page, bill([[0, '28.80', 360], [1, '28.80', 360]]), 'bill')
    await comesToSay(part(page, '.bill-says'), 'Incomplete: this bill is not judged. What could be compared is CNY 57.60 on the bill and CNY 86.40 in the answer.')
    await comesToSay(part(page, '.bill-gaps'), '1 line of the answer lies before the bill begins or after it ends')
    await give(page, bill([[0, '28.80', 360], [2, '30.40', 380]]), 'bill')
    await comesToSay(part(page, '.bill-says'), 'The bill says CNY 59.20, the answer CNY 86.40: the bill is too low.')
    const lines = await part(page, '.bill tbody tr').allInnerTexts()
    assert.deepEqual(lines.map((line) => line.split('\t')), [
      ['2023-03-20 01:00:00 – 01:59:59', 'General Text', '–', '28.80', '-28.80', 'not on the bill'],
      ['2023-03-20 02:00:00 – 02:59:59', 'General Text', '30.40', '28.80', '1.60', 'another number of calls'],
    ])
    await give(page, file('bill.csv', '开始,产品,金额\n2023-03-20,general-text,86.40\n2023-03-20,general-text,-0.80\n2023-03-20,ECS,1\n合计,,86.60\n'), 'bill')
    for (const said of ['1 line could not be placed: line 3 (general-text). It is a refund or a credit', '1 line could not be placed: line 4 (ECS). It names a product', 'Rows that sum up others: 1.']) await comesToSay(part(page, '.bill'), said)
    await comesToSay(part(page, '.bill-says'), 'Incomplete: this bill is not judged.')
    await give(page, file('bill.csv', '开始,金额\nsoon,1\n'), 'bill')
    await comesToSay(part(page, '.bill [role=alert]'), 'Line 2, Start of the cycle: Type a time')
    await give(page, file('bill.csv', '开始,金额\n2023-03-20,28.80 USD\n'), 'bill')
    await comesToSay(part(page, '.bill [role=alert]'), 'Line 2, Amount: This is in another currency')
    // What only the engine sees has its place in the file too.
    await give(page, file('bill.csv', '开始,用量,金额\n\n2023-03-20,1,1\n2023-03-20,0.5,1\n'), 'bill')
    await comesToSay(part(page, '.bill [role=alert]'), 'Line 4, Calls: Calls are whole')
    await give(page, file('bill.csv', '开始,金额\n2023-03-20,1\n9999-01-01,1\n'), 'bill')
    await comesToSay(part(page, '.bill [role=alert]'), 'Line 3, Start of the cycle: Type a time')
    await give(page, file('bill.csv', '开始,金额\n\n"2023-03-20,1\n'), 'bill')
    await comesToSay(part(page, '.bill [role=alert]'), 'Line 3: A quotation mark')
  })

  test('the answer is taken along as files, and their sums are those on the screen', async () => {
    const page = await reach({ link: LINK })
    await give(page, file('log.csv', quirky()))
    await comesToSay(sentence(page), TOTAL)
    /** The rows of a file. */
    const saved = async (name, starts) => {
      const [download] = await Promise.all([page.waitForEvent('download'), part(page, '.exports').getByRole('button', { name, exact: true }).click()])
      const text = readFileSync(await download.path(), 'utf8')
      assert.ok(text.startsWith(starts), text.slice(0, 100))
      await part(page, '.exports button:not(:disabled)').first().waitFor()
      return parsed(text.replace('\uFEFF', '')).rows
    }
    /** The sum of a column in cents. */
    const cents = ([titles, ...rows], title) => {
      assert.ok(titles.includes(title), titles.join())
      return rows.reduce((sum, row) => sum + Math.round(100 * Number(row[titles.indexOf(title)])), 0)
    }
    const total = Math.round(100 * Number(TOTAL))
    assert.equal(cents(await saved('Bill (CSV)', '\uFEFF'), 'charged'), total)
    assert.equal(cents(await saved('Ledger (CSV)', '\uFEFF'), 'amount'), total)
    assert.equal(cents(await saved('Causes (CSV)', '\uFEFF'), 'amount'), Math.round(100 * Number(CHARGED)))
    assert.equal(cents(await saved('FOCUS 1.2 (CSV)', ''), 'BilledCost'), total)
    const [download] = await Promise.all([page.waitForEvent('download'), part(page, '.exports').getByRole('button', { name: 'Everything (JSON)' }).click()])
    const { total: inJson } = JSON.parse(readFileSync(await download.path(), 'utf8'))
    assert.equal(inJson, TOTAL)
  })

  test('the receipt of one call of the log: who paid, who did not, and why', async () => {
    const page = await reach({ link: LINK })
    await give(page, file('log.csv', quirky()))
    await comesToSay(sentence(page), TOTAL)
    await field(page, 'call.at').fill('2023-03-20 12:30:10') // the last one before the purchase
    await comesToSay(part(page, '.receipt'), '2023-03-20 12:30:10: charged CNY 0.08')
    await field(page, 'call.at').fill('2023-03-20 20:00:00') // call 7,201; 7,201 − 4,502 are paid, 10,000 − 2,699 left
    await comesToSay(part(page, '.receipt'), 'paid by General Text, 10,000 calls, one year. It took one call; 7,301 left after it')
    await field(page, 'call.at').fill('2023-03-20 20:00:01')
    await comesToSay(page.locator('#field-call-at-problem'), 'There is no call at that time')
  })

  test('the language changes and the log stays', async () => {
    const page = await reach()
    await give(page, file('log.csv', log('time,api,region', (at) => `${at}+08:00,general-text,cn-north-4`, 360)))
    await comesToSay(sentence(page), 'CNY 28.80')
    await page.getByRole('link', { name: '中文' }).click()
    await comesToSay(sentence(page), '28.80 元')
    assert.ok(page.url().includes('?lang=zh-CN'))
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  })

  test('the calculator leads here with its purchases and prices', async () => {
    const page = await site.page()
    await field(page, 'purchases.0.when').fill('2023-03-20 00:00:00')
    await eventually(async () => assert.ok((await page.locator('ocr-pricing .books a').first().getAttribute('href')).includes('#')))
    await page.locator('ocr-pricing .books a').first().click()
    await part(page, '.buy').waitFor()
    assert.equal(await field(page, 'buys.0.package').inputValue(), 'general-text-100k')
    assert.equal(await field(page, 'buys.0.when').inputValue(), '2023-03-20 00:00:00')
  })

  test('with the keyboard alone: a log, its zone, a package', async () => {
    const page = await reach()
    /** Tabs on until the focus is at what is wanted. */
    const tabTo = async (wanted) => {
      for (let stops = 0; stops < 80; stops++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const element = document.querySelector('ocr-replay').shadowRoot.activeElement
          return element && (element.id || element.textContent)
        })
        if (at === wanted) return
      }
      assert.fail(`${wanted} is not reached with the Tab key`)
    }
    // Asked for early: the browser must know that its dialog is answered here before the key opens it.
    const chosen = page.waitForEvent('filechooser')
    await tabTo('field-file')
    await page.keyboard.press('Enter')
    await (await chosen).setFiles(file('log.csv', log('time,api,region', (at) => `${at},general-text,cn-north-4`)))
    await part(page, '.asks.wanted').waitFor()
    await tabTo('Take UTC+08:00')
    await page.keyboard.press('Enter')
    await comesToSay(sentence(page), 'CNY 800')
    await tabTo('Add a package')
    await page.keyboard.press('Enter')
    await field(page, 'buys.0.package').waitFor()
    await page.keyboard.press('Shift+Tab')
    for (let back = 0; back < 12 && (await page.evaluate(() => document.querySelector('ocr-replay').shadowRoot.activeElement?.id)) !== 'field-buys-0-package'; back++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowDown') // from 1,000 to 10,000
    await tabTo('field-buys-0-when')
    await page.keyboard.type('2023-03-20')
    await comesToSay(sentence(page), 'CNY 520')
  })

  for (const lang of ['en', 'zh-CN'])
    for (const dark of [false, true])
      test(`${lang}, ${dark ? 'dark' : 'light'}: accessible, and no wider than the window`, async () => {
        const page = await reach({ lang, locale: lang, dark })
        await page.evaluate(axe)
        const look = async (what) => {
          for (const width of [768, 1280, 390]) {
            await page.setViewportSize({ width, height: 900 })
            const fold = part(page, '.fold[aria-expanded=false]')
            if (width < 960 && (await fold.count()) > 0) await fold.click()
            await eventually(async () => {
              const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)
              assert.ok(wide <= 0, `${what}: at ${width} px the page is ${wide} px too wide`)
            })
            if (width === 768) continue // laid out as one of the others
            await eventually(async () => {
              const { violations } = await page.evaluate(() => globalThis.axe.run())
              assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${what}, ${width} px, ${id}: ${node.target.join(' ')} ${node.failureSummary}`)), [])
            })
          }
        }
        await look('nothing yet')
        await give(page, file('log.csv', log('time,api,status', (at, k) => `${at},${k % 2 ? 'a_long_name_that_nobody_knows_and_that_does_not_break' : 'general-text'},${k % 9 ? 200 : 'x'}`, 2_000)))
        await part(page, '.asks.wanted').waitFor()
        await look('asked')
        await field(page, 'zone').selectOption('+08:00')
        await field(page, 'region').selectOption('cn-north-4')
        await part(page, '.figures').waitFor()
        await part(page, '.buys .under button').click()
        await buy(page, 'general-text-1k', 'never')
        await part(page, '.buys .problem').waitFor()
        await field(page, 'buys.0.when').fill('2023-03-20 01:00:00')
        await part(page, '.opened-rows > summary').click()
        await part(page, '.opened-rows .under button').click()
        await field(page, 'opened.0.from').fill('2023-03-01')
        await part(page, '.prices-of > summary').click()
        await part(page, '.readings-of > summary').click()
        await done(page)
        await part(page, '.charges a.tag').first().click()
        await part(page, '.charges .rule-text').waitFor()
        await part(page, '.other button[aria-expanded]').click()
        await field(page, 'other.catalog').selectOption('tencent-intl')
        await part(page, '.sides').waitFor()
        await give(page, file('bill.csv', '开始,API,应付金额\n2023-03-20 00:00:00,general-text,1.00\n'), 'bill')
        await part(page, '.bill-says').waitFor()
        await look('everything')
      })
})
