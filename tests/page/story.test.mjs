// The story that the replay page has to tell right: 3,900 General Text calls were made in CN East-Shanghai1 while the package is for
// CN North-Beijing4, and the bill has CNY 312.00 for them.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { replayWords } from '../../www/replay/page.js'
import { comesToSay, eventually, field, open, says } from './page.mjs'

/** 1,300 calls in each of three hours, every other second. */
const CALLS = [8, 9, 10].flatMap((hour) => Array.from({ length: 1_300 }, (_, k) => new Date(Date.UTC(2026, 4, 6, hour, 0, 2 * k)).toISOString().slice(0, 19)))
const log = (more = '') => ['time,api,region,status', ...CALLS.map((at) => `${at}+08:00,recognizeGeneralText,cn-east-3,200`), more].join('\n')
/** The package of 100,000 calls for 3,200. */
const BUY = `&region=cn-north-4&buy=general-text-100k~1~${encodeURIComponent('2026-04-20 10:00:00')}~~`

/** 1,300 × 0.08 = 104.00 an hour, 312.00 together. */
const HOURS = ['08', '09', '10']
const BILLS = {
  'with English names': ['start,billing mode,product,region,usage,amount', '2026-04-20 10:00:00,Yearly/Monthly,"General Text, 100,000 calls, one year",CN North-Beijing4,,3200.00', ...HOURS.map((hour) => `2026-05-06 ${hour}:00:00,Pay-per-use,General Text,CN East-Shanghai1,1300,104.00`)],
  'with Chinese names': ['开始时间,计费模式,产品,区域,用量,金额', '2026-04-20 10:00:00,包年/包月,通用文字识别套餐包 10 万次,华北-北京四,,3200.00', ...HOURS.map((hour) => `2026-05-06 ${hour}:00:00,按需计费,通用文字识别,华东-上海一,1300,104.00`)],
  'without any name': ['start,amount', ...HOURS.map((hour) => `2026-05-06 ${hour}:00:00,104.00`), '2026-04-20 10:00:00,3200.00'],
  'with a name for the package that nobody knows': ['start,product,amount', '2026-04-20 10:00:00,PKG 100K,3200.00', ...HOURS.map((hour) => `2026-05-06 ${hour}:00:00,general-text,104.00`)],
}

const file = (name, content) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })

describe('the story of CNY 312.00', () => {
  let site
  before(async () => {
    site = await open()
  })
  after(() => site?.close())
  afterEach(() => site.tidy())

  const part = (page, css) => page.locator(`ocr-replay ${css}`)
  const sentence = (page) => part(page, '[part=sentence]')
  const give = (page, given, to = 'file') => field(page, to).setInputFiles(given)
  const billSays = (page) => part(page, '.bill-says')

  async function told({ lang = 'en', content = log() } = {}) {
    const page = await site.page({ path: `replay.html?lang=${lang}#lang=${lang}${BUY}`, locale: lang, ready: false })
    await part(page, '.buy').waitFor()
    await give(page, file('log.csv', content))
    await part(page, '.unpriced').waitFor()
    return page
  }
  async function priced(options) {
    const page = await told(options)
    await part(page, '.unpriced button').click()
    await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement?.id), 'field-own-unitPrice'))
    await page.keyboard.type('0.08')
    await part(page, '.unpriced').waitFor({ state: 'detached' })
    return page
  }

  test('the calls count, the headline says so, and the price there is asked for', async () => {
    const page = await told()
    await comesToSay(sentence(page), '3,900 of 3,900 calls are charged by pay-per-use; what they cost is not published. Type your price, and the sum appears.')
    assert.equal(await part(page, '.gaps').count(), 0)
    await comesToSay(part(page, '.unpriced'), 'General Text · CN East-Shanghai1 3,900 calls')
    assert.match(await says(part(page, '.charges li')), /^The package is for another region W1 3,900 calls .* Avoided by calling General Text in CN North-Beijing4, where the package is/)
    await comesToSay(part(page, '.notes'), replayWords('en', 'huawei')('note.not_listed_here'))
    assert.equal(await part(page, '.bad').count(), 0)
  })

  test('with 0.08 typed in they cost 312.00, which calling where the package is would have saved; nothing of the package has expired', async () => {
    const page = await priced()
    await comesToSay(sentence(page), 'These calls should have cost CNY 3,512; 3,900 of 3,900 calls are charged by pay-per-use.')
    assert.deepEqual(await part(page, '.figures .value span:last-child').allInnerTexts(), ['3,512', '3,200', '312'])
    assert.match(await says(part(page, '.charges li')), /^The package is for another region W1 3,900 calls 312\.00 Avoided by calling General Text in CN North-Beijing4, where the package is .*3,900 calls not charged\. Saves CNY 312\.$/)
    await comesToSay(part(page, '.grants tbody'), '0 100,000 0')
    await comesToSay(part(page, '.grants'), 'Left: on 2026-05-31 23:59:59, at the end of the last month of the log. It has not expired.')
  })

  test('Chinese: the same', async () => {
    const page = await told({ lang: 'zh-CN' })
    await comesToSay(sentence(page), '共 3,900 次调用，其中 3,900 次按需计费； 其价格没有公布，请填写您的价格，即可得出总额。')
    await part(page, '.unpriced button').click()
    await field(page, 'own.unitPrice').fill('0.08')
    await comesToSay(sentence(page), '这些调用应收 3,512 元； 共 3,900 次调用，其中 3,900 次按需计费。')
    await comesToSay(part(page, '.charges li'), '改在套餐包所在的华北-北京四调用通用文字识别')
    await comesToSay(part(page, '.charges li'), '可省 312 元')
    await comesToSay(part(page, '.grants'), '剩余为 2026-05-31 23:59:59（日志最后一个月的月末）的数量，尚未到期。')
  })

  test('the bill agrees, whatever names it has', async () => {
    const page = await priced()
    for (const [what, rows] of Object.entries(BILLS)) {
      await give(page, file(`${what}.csv`, rows.join('\n')), 'bill')
      await comesToSay(part(page, '.bill .file-line'), what)
      await comesToSay(billSays(page), 'The bill and the answer come to the same: CNY 3,512.')
      await comesToSay(part(page, '.bill'), '4 lines agree, 0 do not')
    }
  })

  test('a bill with a line that could not be placed is not judged; the headline leads to it, and it can be left out', async () => {
    const page = await priced()
    const rows = BILLS['with English names']
    const server = '2026-05-06 08:00:00,Pay-per-use,Elastic Cloud Server,CN East-Shanghai1,1,5.00'
    await give(page, file('bill.csv', [...rows, server].join('\n')), 'bill')
    await comesToSay(billSays(page), 'Incomplete: this bill is not judged. What could be compared is CNY 3,512 on the bill and CNY 3,512 in the answer.')
    await comesToSay(part(page, '.bill-gaps'), '1 line could not be placed: line 6 (Elastic Cloud Server). It names a product or a region')
    await comesToSay(sentence(page), 'Not complete: 1 line of the bill could not be placed.')
    await sentence(page).getByRole('link').click()
    await eventually(async () => assert.match(await page.evaluate(() => document.activeElement.shadowRoot.activeElement?.className), /\bbill\b/))
    await part(page, '.bill-gaps .button').click()
    await comesToSay(billSays(page), 'Without the lines left out, the bill and the answer come to the same: CNY 3,512.')
    assert.equal(await part(page, '.gaps').count(), 0)
    await comesToSay(part(page, '.bill'), 'Left out: 1 line. Take them in again')
    await part(page, '.bill').getByRole('button', { name: 'Take them in again' }).click()
    await comesToSay(billSays(page), 'Incomplete')
    // One line more than was left out of an earlier bill, and a refund.
    await give(page, file('other.csv', [...rows, server, rows[2].replace('104.00', '-0.80')].join('\n')), 'bill')
    await comesToSay(billSays(page), 'Incomplete')
    await comesToSay(sentence(page), '2 lines of the bill could not be placed.')
    await comesToSay(part(page, '.bill-gaps'), 'line 7 (General Text). It is a refund or a credit')
    // Nothing could be placed: that is no bill of CNY 0.
    await give(page, file('nothing.csv', [rows[0], server, server].join('\n')), 'bill')
    await comesToSay(sentence(page), '2 lines of the bill could not be placed.')
    await comesToSay(billSays(page), 'Incomplete: this bill is not judged.')
    assert.doesNotMatch(await says(part(page, '.bill')), /too (low|high)/)
  })

  test('with rows that could not be read, or names that are not known, the headline says so and the bill is not judged', async () => {
    const page = await priced({ content: log('yesterday,recognizeGeneralText,cn-east-3,200\n2026-05-06T11:00:00+08:00,ocr_v1,cn-east-3,200') })
    await comesToSay(sentence(page), 'What could be read of this log should have cost CNY 3,512; 3,900 of 3,900 calls are charged by pay-per-use. Not complete: 1 row could not be read. 1 call under names that are not known: not counted.')
    await give(page, file('bill.csv', BILLS['with English names'].join('\n')), 'bill')
    await comesToSay(billSays(page), 'Incomplete: this bill is not judged. What could be compared is CNY 3,512 on the bill and CNY 3,512 in the answer.')
    await comesToSay(part(page, '.bill-gaps'), '1 row could not be read. Mend that in the log and read it again. 1 call under names that are not known: not counted. Say what they mean.')
    await sentence(page).getByRole('link', { name: '1 row' }).click()
    await eventually(async () => assert.match(await page.evaluate(() => document.activeElement.shadowRoot.activeElement?.className), /\bbad\b/))
    await sentence(page).getByRole('link', { name: '1 call' }).click()
    await eventually(async () => assert.match(await page.evaluate(() => document.activeElement.shadowRoot.activeElement?.className), /\bnames\b/))
  })
})
