// A person asks why, and the page says it where it stands: the cause, who did not pay, the rule and its document.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { comesToSay, eventually, field, open, says, showsFigures, unfold } from './page.mjs'

describe('the page gives reasons', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  const part = (page, name) => page.locator(`ocr-pricing [part="${name}"]`)

  // Alibaba Cloud’s own example: 200 calls free, a dedicated plan of 1,000, 5,000 calls in the month, 3,800 charged.
  const E8 = 'lang=en&catalog=alibaba-cn&region=cn-hangzhou&api=id-card&pattern=same&same=5000&from=2026-12&buy=own-id-card-cn-hangzhou-1~1&own=alibaba-cn+cn-hangzhou+id-card~~1000~50&own-kind=alibaba-cn+cn-hangzhou+id-card~~dedicated~~'

  test('why did these 3,800 calls cost money? One click: the cause, who did not pay, the rule and its document', async () => {
    const page = await site.page({ path: `#${E8}` })
    const december = part(page, 'slices').locator('tbody tr').first()
    await comesToSay(december, '3,800 0.0825 313.50') // 3,800 × 0.0825
    await part(page, 'slices').getByRole('button', { name: 'Why? The quota was used up: 3,800 calls' }).click()
    const why = part(page, 'slices').locator('tr.opened')
    await comesToSay(why, 'The resource plan or the free quota for this API and region was used up at that moment, so the call went on at the pay-as-you-go price.')
    await comesToSay(why, /2026-12-\d\d .*: charged CNY 0\.0825 \(up to 10,000\)/)
    await comesToSay(why, '1,000 resource plan yours: It had too little left for a call. 0 left T5')
    await comesToSay(why, 'Free quota: It had too little left for a call. 0 left T5')
    await comesToSay(why, /T5 · .*billing guide.*section 5\.2, 28 April 2025/)
    await comesToSay(why, /W1 · .*billing guide.*sections 8, 11\.2, 11\.4, 28 April 2025/)
    assert.equal(await why.getByRole('link', { name: /^W1 · / }).getAttribute('href'), `${site.address}rules.html?lang=en#W1`)
    await part(page, 'slices').getByRole('button', { name: /^Why\?.*3,800/ }).click()
    await eventually(async () => assert.equal(await why.count(), 0))
  })

  test('with several steps in a month each row has a reason and an example of its own', async () => {
    const steps = 'own-step=huawei-intl+ap-southeast-1+passport~10000~0.1'
    const page = await site.page({
      path: `#lang=en&catalog=huawei-intl&region=ap-southeast-1&api=passport&pattern=twelve&from=2026-12&twelve=12,000&buy&own=huawei-intl+ap-southeast-1+passport~0.05&${steps}`,
    })
    await showsFigures(page, ['USD 1,100', 'USD 1,100', 'USD 0']) // 10,000 × 0.1 + 2,000 × 0.05
    await part(page, 'slices').getByRole('button', { name: /^Why\?.*2,000 calls/ }).click()
    await comesToSay(part(page, 'slices').locator('tr.opened'), 'charged USD 0.05 yours (above 10,000)')
    assert.equal(await part(page, 'slices').locator('tr.opened').count(), 1)
  })

  test('every rule id is a link that opens its rule in place', async () => {
    const page = await site.page()
    await unfold(page, 'payers')
    const tags = page.locator('ocr-pricing .tag.rule')
    await eventually(async () => assert.ok((await tags.count()) > 10))
    for (const tag of await tags.all()) assert.equal(await tag.getAttribute('href'), `${site.address}rules.html?lang=en#${await says(tag)}`)
    const note = part(page, 'notes').locator('li').filter({ hasText: 'A term includes its last second' })
    await note.getByRole('link', { name: 'Rule T2' }).click()
    await comesToSay(note, /T2 · .*billing guide.*section 2\.2, 28 April 2025/)
    await page.getByRole('button', { name: '中文' }).click()
    await comesToSay(note.or(part(page, 'notes').locator('li').filter({ hasText: 'T2 · ' })), /T2 · .*第 2\.2 节，2025年4月28日/)
  })

  test('who paid what, and by which key: 5,000 and 5,000 from the package bought first, 95,000 from the other', async () => {
    const periods = 'period=2023-03-18+15:30:00~2023-03-20+11:00:00~5,000&period=2023-03-20+11:00:00~2024-03-21+00:00:00~100,000'
    const buy = 'buy=general-text-100k~1~2023-03-20+11:00:00&buy=general-text-10k~1~2023-03-18+15:30:00'
    const page = await site.page({ path: `#lang=en&${periods}&${buy}` })
    await unfold(page, 'payers')
    const rows = part(page, 'payers').locator('tbody tr')
    await comesToSay(rows.nth(0), /^2023-03-18 15:30:00 .*10,000 calls, one year Nothing else could have paid.* D1 5,000 5,000$/)
    await comesToSay(rows.nth(1), /10,000 calls, one year It was bought earlier than the other one\. Passed over: General Text, 100,000 calls, one year\. D3 5,000 0$/)
    await comesToSay(rows.nth(2), /100,000 calls, one year Nothing else could have paid.* D1 95,000 5,000$/)
    assert.equal(await rows.count(), 3)
  })

  test('the receipt of a call: charged before the package, paid by it from its first second', async () => {
    const page = await site.page()
    await unfold(page, 'call')
    const receipt = part(page, 'call').locator('.receipt')
    await comesToSay(receipt, '2023-03-18 15:30:00: charged CNY 0.08 (every call).')
    await comesToSay(receipt, 'Billed in the cycle 2023-03-18 15:00:00 – 2023-03-18 15:59:59, debited 2023-03-18 17:00:00. W1')
    await comesToSay(receipt, 'General Text, 100,000 calls, one year: It takes effect only after the call. 100,000 left G6')
    await field(page, 'at').fill('2023-03-20 10:30')
    await comesToSay(receipt, '2023-03-20 10:30:00: paid by General Text, 100,000 calls, one year. It took one call; 99,999 left after it.')
    // 100,000 calls in 31,671,000 seconds: the second one 316 seconds after the first.
    await field(page, 'at').fill('2023-03-20 10:30:01')
    await comesToSay(receipt, '2023-03-20 10:35:16: paid by')
    await field(page, 'at').fill('2025-01-01')
    await comesToSay(page.locator('#field-at-problem'), 'There is no call at that time. Type another.')
    await field(page, 'at').fill('yesterday')
    await comesToSay(page.locator('#field-at-problem'), 'Type a time as')
  })

  test('calls that were refused say why', async () => {
    const page = await site.page({ path: '#lang=en&catalog=alibaba-marketplace&region=cn-hangzhou&api=id-card&buy' })
    await part(page, 'breakdown').getByRole('button', { name: 'Why? Refused: 105,000 calls' }).click()
    await comesToSay(part(page, 'breakdown'), /No resource plan had quota left.*P5 · /)
  })

  test('what a person typed in is marked as theirs wherever it shows', async () => {
    const page = await site.page({ path: `#${E8}` })
    await comesToSay(page.locator('ocr-pricing .context'), 'Prices of your own are counted.')
    await unfold(page, 'payers')
    for (const where of ['.prices tr.chosen', '.grants tbody tr', '.payers tbody tr:has-text("resource plan")'])
      await comesToSay(page.locator(`ocr-pricing ${where}`).first(), 'yours')
    await field(page, 'own.unitPrice').fill('0.07')
    await comesToSay(part(page, 'slices').locator('tbody tr').first(), '0.07 yours')
    await comesToSay(page.locator('ocr-pricing .prices .per-call'), '0.07 yours')
  })

  test('calls per second: 1,080,000 × 6 ÷ 2,592,000 s = 2.5, so 3; one above two included, for 30', async () => {
    const page = await site.page({ path: '#lang=en&pattern=same&same=1,080,000&from=2026-12' })
    await unfold(page, 'qps')
    await field(page, 'qps.peak').fill('6')
    await comesToSay(part(page, 'qps'), 'needs 3 calls a second (2.5 at its peak).')
    await field(page, 'qps.response').fill('0.5')
    await comesToSay(part(page, 'qps'), '1.5 at work at once')
    await field(page, 'own.qps.included').fill('2')
    await field(page, 'own.qps.price').fill('30')
    await comesToSay(part(page, 'qps').locator('tbody tr'), 'a month yours 2 1 30 30.00')
    await field(page, 'qps.hours').fill('25')
    await comesToSay(page.locator('#field-qps-hours-problem'), 'This value is not allowed')
    await page.waitForURL(/qps=6~0.5~25/)
    await page.waitForURL(/own-qps=huawei-cn\+cn-north-4\+general-text~2~30/)
  })
})
