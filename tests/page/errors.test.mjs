// What a person types wrong stays, the problem stands beside it, and the last sound answer stays and says so.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { words } from '../../www/words.js'
import { chooseApi, comesToSay, eventually, field, open, says, sentence, showsFigures } from './page.mjs'

const LANGUAGES = [['en', 'en-GB'], ['zh-CN', 'zh-CN']]

describe('what is wrong', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  const CALLS = 'periods.1.calls'
  const rows = [
    [CALLS, '-5', 'count_negative'],
    [CALLS, '1.5', 'count_fractional'],
    [CALLS, '9007199254740992', 'count_too_large'],
    [CALLS, 'many', 'not_a_count'],
    [CALLS, '', 'nothing_typed'],
    ['periods.1.start', '2023-13-01', 'invalid_instant'],
    ['periods.0.end', '2023-03-01 00:00:00', 'period_reversed'],
    ['purchases.0.when', 'yesterday', 'invalid_instant'],
    ['purchases.0.starts', '2023-03-21 10:30:00', 'invalid_effective'],
    ['succeed', '101', 'share_above_one'],
  ]
  for (const [lang, locale] of LANGUAGES)
    describe(lang, () => {
      const t = words(lang, 'huawei')
      let page
      before(async () => (page = await site.page({ locale, keep: true })))
      for (const [name, typed, code] of rows)
        test(`“${typed}” in ${name} is ${code}`, async () => {
          const answer = await says(sentence(page))
          const input = field(page, name)
          const was = await input.inputValue()
          await input.fill(typed)

          await eventually(async () => assert.equal(await input.getAttribute('aria-invalid'), 'true'))
          const problem = page.locator(`#${await input.getAttribute('aria-describedby')}`)
          assert.equal(await says(problem), t(`error.${code}`))
          assert.equal(await input.inputValue(), typed)
          const [box, beside] = [await input.boundingBox(), await problem.boundingBox()]
          assert.ok(beside.y >= box.y && beside.y < box.y + box.height + 40, 'the problem stands at its field')
          assert.equal(await says(sentence(page)), answer)
          await comesToSay(page.locator('ocr-pricing .context'), t('stale'))

          await input.fill(was)
          await eventually(async () => assert.equal(await input.getAttribute('aria-invalid'), null))
          await showsFigures(page, lang === 'en' ? ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'] : ['8,400 元', '3,600 元', '4,800 元'])
        })
    })

  test('an own price with an exponent is refused at its field', async () => {
    const page = await site.page()
    await field(page, 'catalog').selectOption('huawei-intl')
    await field(page, 'own.unitPrice').fill('1e3')
    await comesToSay(page.locator('#field-own-unitPrice-problem'), words('en', 'huawei')('error.invalid_decimal'))
    assert.equal(await field(page, 'own.unitPrice').inputValue(), '1e3')
  })

  test('an API that is none is refused by name, and what was typed stays', async () => {
    const page = await site.page()
    await chooseApi(page, 'telepathy')
    await comesToSay(page.locator('#field-api-problem'), words('en', 'huawei')('error.unknown_api'))
    assert.equal(await field(page, 'api').inputValue(), 'telepathy')
  })

  const links = [
    ['catalog=nobody', 'catalog', 'no_catalog'],
    ['region=mars-1', 'region', 'unknown_region'],
    ['api=telepathy', 'api', 'unknown_api'],
  ]
  for (const [link, name, code] of links)
    test(`a link with ${link} names the field`, async () => {
      const page = await site.page({ path: `#lang=en&${link}`, ready: false })
      await comesToSay(page.locator(`#field-${name}-problem`), words('en', '')(`error.${code}`))
      if (name === 'catalog') assert.match(site.complaints().join(), /404/)
    })

  test('a link full of markup and nonsense is text, and the page stands', async () => {
    const page = await site.page({ path: '#lang=en&api=%3Cimg%20src=x%20onerror=alert(1)%3E&same=%zz&twelve=~~~&buy=__proto__~9&own=constructor~1~2', ready: false })
    await comesToSay(page.locator('#field-api-problem'), words('en', 'huawei')('error.unknown_api'))
    assert.equal(await field(page, 'api').inputValue(), '<img src=x onerror=alert(1)>')
    assert.equal(await page.locator('ocr-pricing img').count(), 0)
  })

  test('what unfolds says when it cannot be loaded, and tries again when it is opened again', async () => {
    const page = await site.page()
    await page.route('**/ocr_pricing_bg.wasm', (route) => route.fulfill({ status: 404, body: '' }))
    await page.locator('ocr-pricing details.payers > summary').click()
    await comesToSay(page.locator('ocr-pricing details.payers'), words('en', 'huawei')('error.engine_not_loaded'))
    assert.match(site.complaints().join(), /404/)
    await page.unroute('**/ocr_pricing_bg.wasm')
    await page.locator('ocr-pricing details.payers > summary').click()
    await page.locator('ocr-pricing details.payers > summary').click()
    await comesToSay(page.locator('ocr-pricing details.payers tbody'), '100,000')
    await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])
  })

  describe('when the engine cannot be loaded', () => {
    const PRICE = '3,200'
    for (const [lang, locale] of LANGUAGES) {
      test(`${lang}: the page says so in words, still shows list prices, and tries again`, async () => {
        const t = words(lang, 'huawei')
        const page = await site.page({ locale, ready: false, before: (page) => page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' })) })
        await comesToSay(sentence(page), t('engine.missing'))
        await comesToSay(page.locator('ocr-pricing .prices'), PRICE)
        assert.match(site.complaints().join(), /404/)

        await page.unroute('**/*.wasm')
        await page.getByRole('button', { name: t('engine.again') }).click()
        await comesToSay(sentence(page), '4,800')
      })
    }

    test('a file that is no WASM is as good as none', async () => {
      const page = await site.page({ ready: false, before: (page) => page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: 'not this' })) })
      await comesToSay(sentence(page), words('en', 'huawei')('engine.missing'))
      site.complaints()
    })

    test('a browser without WebAssembly is told what to use', async () => {
      const page = await site.page({ ready: false, before: (page) => page.addInitScript(() => delete globalThis.WebAssembly) })
      await comesToSay(sentence(page), words('en', 'huawei')('engine.no_webassembly'))
    })
  })
})
