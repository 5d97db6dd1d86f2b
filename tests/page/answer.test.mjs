// A person opens the page, changes something, and reads the new answer. Every expected sum is worked out beside it.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { chooseApi, choosePattern, comesToSay, field, open, says, sentence, showsFigures, totals } from './page.mjs'

describe('the page answers', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  test('at once, with the published example: 5,000 × 0.08 + 3,200 = 3,600 against 105,000 × 0.08 = 8,400', async () => {
    const page = await site.page()
    assert.equal(await says(sentence(page)), 'One 100,000 package saves CNY 4,800, 57 %; with this pattern of calls it wins from 42,001 calls on.')
    await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])
    assert.deepEqual(await totals(page), ['0', '100,000', '5,000', '3,200.00', '400.00', '3,600.00'])
  })

  test('in Chinese to a Chinese reader', async () => {
    const page = await site.page({ locale: 'zh-CN' })
    await comesToSay(sentence(page), '购买 1 个 10万次套餐包可省 4,800 元（57%）')
    await comesToSay(sentence(page), '42,001 次起')
    await showsFigures(page, ['8,400 元', '3,600 元', '4,800 元'])
  })

  test('in the other language at a click, and back', async () => {
    const page = await site.page()
    await page.getByRole('button', { name: '中文' }).click()
    await comesToSay(sentence(page), '可省 4,800 元')
    await page.getByRole('button', { name: 'English' }).click()
    await comesToSay(sentence(page), 'saves CNY 4,800')
  })

  test('more calls: 3,200 + 105,000 × 0.08 = 11,600 against 205,000 × 0.08 = 16,400', async () => {
    const page = await site.page()
    await field(page, 'periods.1.calls').fill('200k')
    await showsFigures(page, ['CNY 16,400', 'CNY 11,600', 'CNY 4,800'])
    assert.equal(await field(page, 'periods.1.calls').inputValue(), '200k')
    await field(page, 'periods.1.calls').fill('20万')
    await showsFigures(page, ['CNY 16,400', 'CNY 11,600', 'CNY 4,800'])
  })

  test('half of the requests fail: 3,200 + 2,500 × 0.08 = 3,400 against 52,500 × 0.08 = 4,200', async () => {
    const page = await site.page()
    await field(page, 'succeed').fill('50')
    await showsFigures(page, ['CNY 4,200', 'CNY 3,400', 'CNY 800'])
  })

  test('another package: 520 + 95,000 × 0.08 = 8,120 against 8,400', async () => {
    const page = await site.page()
    await page.getByRole('button', { name: 'One package of 100,000 fewer' }).click()
    await showsFigures(page, ['CNY 8,400', 'CNY 8,400', 'CNY 0'])
    await comesToSay(sentence(page), 'Pay-per-use alone costs CNY 8,400')
    await page.getByRole('button', { name: 'One more package of 10,000', exact: true }).click()
    await showsFigures(page, ['CNY 8,400', 'CNY 8,120', 'CNY 280'])
  })

  test('two of a package: 2 × 3,200 + 5,000 × 0.08 = 6,800', async () => {
    const page = await site.page()
    await page.getByRole('button', { name: 'One more package of 100,000', exact: true }).click()
    await showsFigures(page, ['CNY 8,400', 'CNY 6,800', 'CNY 1,600'])
    await comesToSay(sentence(page), 'Two 100,000 packages save CNY 1,600')
  })

  test('bought earlier, it serves the first 5,000 too and leaves 5,000 at the end: 3,200 + 400', async () => {
    const page = await site.page()
    await field(page, 'purchases.0.when').fill('2023-03-18 15:30:00')
    // 5,000 of its 100,000 go at once, so the last 5,000 of the year are uncovered.
    await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])
    await comesToSay(page.locator('ocr-pricing .slices'), 'The package had expired')
  })

  test('a package for another region does nothing there, and the region says that it has no General Text', async () => {
    const page = await site.page()
    await field(page, 'region').selectOption('cn-east-3')
    await comesToSay(page.locator('ocr-pricing .field[class*=row]').filter({ has: field(page, 'region') }), 'not offered in this region')
    await field(page, 'region').selectOption('cn-north-4')
    await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])
  })

  test('another API, found by its Chinese name, has no published price until one is typed in: 105,000 × 0.05 = 5,250', async () => {
    const page = await site.page()
    await chooseApi(page, '身份证')
    await comesToSay(sentence(page), 'No price is published for ID Card in CN North-Beijing4')
    assert.deepEqual((await totals(page)).slice(0, 3), ['0', '0', '105,000'])
    await field(page, 'own.unitPrice').fill('0.05')
    await showsFigures(page, ['CNY 5,250', 'CNY 5,250', 'CNY 0'])
  })

  test('International: own prices are kept for each region: 105,000 × 0.01 = 1,050 and × 0.02 = 2,100', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('huawei-intl')
    await chooseApi(page, 'passport')
    await comesToSay(sentence(page), 'No price is published for Passport')
    await field(page, 'own.unitPrice').fill('0.01')
    await showsFigures(page, ['USD 1,050', 'USD 1,050', 'USD 0'])

    await field(page, 'region').selectOption('ap-southeast-2')
    await comesToSay(sentence(page), 'No price is published')
    await field(page, 'own.unitPrice').fill('0.02')
    await showsFigures(page, ['USD 2,100', 'USD 2,100', 'USD 0'])
    await field(page, 'region').selectOption('ap-southeast-1')
    await showsFigures(page, ['USD 1,050', 'USD 1,050', 'USD 0'])
  })

  test('a package of one’s own: 100 + 5,000 × 0.01 = 150 against 105,000 × 0.01 = 1,050', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('huawei-intl')
    await field(page, 'own.unitPrice').fill('0.01')
    await field(page, 'own.packages.0.size').fill('100k')
    await field(page, 'own.packages.0.price').fill('100')
    await page.getByRole('button', { name: 'One more package of 100,000', exact: true }).click()
    await showsFigures(page, ['USD 1,050', 'USD 150', 'USD 900'])
  })

  test('a plan in points: 300 of 3 a call serve 100 calls of 600; 500 × 0.0825 = 41.25, and 20 for the plan', async () => {
    const page = await site.page({ path: '#lang=en&catalog=alibaba-cn&region=cn-hangzhou&api=id-card&pattern=twelve&from=2026-12&twelve=800&buy' })
    await page.locator('ocr-pricing .own > summary').click()
    await field(page, 'own.packages.0.size').fill('300')
    await field(page, 'own.packages.0.price').fill('20')
    await field(page, 'own.packages.0.unit').selectOption('point')
    await field(page, 'own.points').fill('3')
    await page.getByRole('button', { name: 'One more resource plan of 300', exact: true }).click()
    await showsFigures(page, ['CNY 49.50', 'CNY 61.25', 'CNY 11.75']) // 600 × 0.0825; 200 of the 800 are free
    await comesToSay(sentence(page), 'One 300-point resource plan costs CNY 11.75 more')
  })

  test('Alibaba’s ladder, month by month: E9, 825 + 4,455 + 830 = 6,110, twelve times 73,320', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('alibaba-cn')
    await chooseApi(page, 'RecognizeIdcard')
    await choosePattern(page, 'same')
    await field(page, 'same').fill('120,200')
    await showsFigures(page, ['CNY 73,320', 'CNY 73,320', 'CNY 0'])
    await comesToSay(page.locator('ocr-pricing .months tbody tr').nth(1), '200 0 120,000 0.00 6,110.00 6,110.00')
    for (const [step, calls, price, amount] of [['up to 10,000', '10,000', '0.0825', '825.00'], ['10,001 to 100,000', '90,000', '0.0495', '4,455.00'], ['100,001 to 500,000', '20,000', '0.0415', '830.00']])
      await comesToSay(page.locator('ocr-pricing .lines tr').filter({ hasText: step }).first(), new RegExp(`${calls} ${price} ${amount}`.replaceAll('.', '\\.')))
  })

  test('twelve cells pasted from a spreadsheet: the first month 120,200, then nothing: 6,110', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('alibaba-cn')
    await chooseApi(page, 'RecognizeIdcard')
    await choosePattern(page, 'twelve')
    await field(page, 'twelve.0').evaluate((input, text) => {
      const data = new DataTransfer()
      data.setData('text/plain', text)
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, `120,200${'\t0'.repeat(11)}\r\n`)
    assert.equal(await field(page, 'twelve.11').inputValue(), '0')
    await showsFigures(page, ['CNY 6,110', 'CNY 6,110', 'CNY 0'])
  })

  test('Marketplace sells plans only: 105,000 calls against a plan of 100,000, 5,000 fail', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('alibaba-marketplace')
    await comesToSay(sentence(page), 'all 105,000 calls fail')
    await field(page, 'own.packages.0.size').fill('100,000')
    await field(page, 'own.packages.0.price').fill('2000')
    await page.getByRole('button', { name: /^One more .* of 100,000$/ }).click()
    await comesToSay(sentence(page), 'CNY 2,000; 5,000 of 105,000 calls find no quota and fail')
  })

  test('a link gives the same answer to whom it is sent, prices of one’s own included', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('huawei-intl')
    await field(page, 'own.unitPrice').fill('0.01')
    await field(page, 'periods.0.calls').fill('20k')
    await page.getByRole('button', { name: '中文' }).click()
    await showsFigures(page, ['1,200 美元', '1,200 美元', '0 美元']) // 120,000 × 0.01
    await page.waitForURL(/#.*own=/)

    const again = await site.page({ path: new URL(page.url()).hash })
    await showsFigures(again, ['1,200 美元', '1,200 美元', '0 美元'])
    assert.equal(await says(sentence(again)), await says(sentence(page)))
    assert.equal(await field(again, 'periods.0.calls').inputValue(), '20k')

    await again.reload()
    await showsFigures(again, ['1,200 美元', '1,200 美元', '0 美元'])
  })

  test('a program is told of a new answer, and can choose by attributes', async () => {
    const page = await site.page()
    const detail = await page.evaluate(async () => {
      const element = document.createElement('ocr-pricing')
      for (const [name, value] of Object.entries({ catalog: 'alibaba-cn', api: 'id-card', calls: '120,200', lang: 'en' })) element.setAttribute(name, value)
      document.querySelector('main').append(element)
      const ready = () => element.shadowRoot.querySelector('.page:not(.waiting)')
      while (!ready()) await new Promise((resolve) => setTimeout(resolve, 20))
      const first = element.answer.payPerUse.total
      const told = new Promise((resolve) => document.addEventListener('ocr-pricing-answer', resolve, { once: true }))
      const input = element.shadowRoot.querySelector('#field-same')
      input.value = '10,200'
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      const { detail } = await told
      return { first, then: detail.answer.payPerUse.total, asked: detail.request.usage[0].monthly[0] }
    })
    // 12 × 6,110; then 12 × 10,000 × 0.0825 = 12 × 825
    assert.deepEqual(detail, { first: '73320', then: '9900', asked: 10_200 })
  })
})
