// Offline and back, files that failed to load or are something else, a worker that trapped, a store full of nonsense: the page says so in
// words, keeps what was typed, and the next try works without a reload.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { words } from '../../www/words.js'
import { comesToSay, eventually, field, open } from './page.mjs'

const LANGUAGES = [['en', 'en-GB'], ['zh-CN', 'zh-CN']]
const nothing = (route) => route.fulfill({ status: 404, body: '' })
const noJson = (route) => route.fulfill({ contentType: 'application/json', body: '<!doctype html><p>Please sign in' })

/** 400 calls of General Text, one every ten seconds: 32.00 at 0.08 a call. */
const LOG = ['time,api,region', ...Array.from({ length: 400 }, (_, k) => `${new Date(Date.UTC(2026, 0, 5) + 10_000 * k).toISOString().slice(0, 19)}Z,general-text,cn-north-4`)].join('\n')
const log = (name = 'log.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(LOG) })

describe('the page goes on', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  /** The button that tries again, pressed by keyboard. */
  async function tryAgain(page, lang = 'en') {
    const button = page.getByRole('button', { name: words(lang, '')('engine.again') })
    await button.waitFor()
    await button.focus()
    await page.keyboard.press('Enter')
  }
  /** What the browser itself says about files that did not come. */
  const grumbled = () => assert.ok(site.complaints().length > 0, 'nothing failed')

  for (const [lang, locale] of LANGUAGES)
    describe(lang, () => {
      const t = words(lang, 'huawei')

      test('the calculator: offline, something that needs the whole engine, back, and it is there', async () => {
        const page = await site.page({ locale })
        await field(page, 'periods.1.calls').fill('120000')
        await page.context().setOffline(true)
        const payers = page.locator('ocr-pricing details.payers')
        await payers.locator('> summary').click()
        await comesToSay(payers, t('error.engine_not_loaded'))
        // What is there goes on meanwhile: 5,000 before the package, and 20,000 more than it holds.
        await comesToSay(page.locator('ocr-pricing .breakdown'), '25,000')
        await page.context().setOffline(false)
        await tryAgain(page, lang)
        await comesToSay(payers.locator('tbody'), '100,000')
        assert.equal(await field(page, 'periods.1.calls').inputValue(), '120000')
        grumbled()
      })

      for (const [what, answer] of [['404', nothing], ['no JSON', noJson]])
        test(`prices that are ${what} are asked for again, on all pages, and what was chosen stays`, async () => {
          for (const [path, element, done] of [
            [`#lang=${lang}&region=cn-north-4&api=general-text&pattern=same&same=4321`, 'ocr-pricing', '[part=sentence] b'],
            [`account.html?lang=${lang}`, 'ocr-account', '.page:not(.waiting)'],
            [`replay.html?lang=${lang}`, 'ocr-replay', null],
          ]) {
            const page = await site.page({ path, locale, ready: false, before: (page) => page.route('**/catalogs/huawei-cn.json', answer) })
            await comesToSay(page.locator(`${element} header.top`), t('error.no_catalog'))
            if (done === null) await page.locator(`${element} input[type=file]`).first().setInputFiles(log())
            await page.unroute('**/catalogs/huawei-cn.json')
            await tryAgain(page, lang)
            if (done === null) await comesToSay(page.locator(`${element} [part=sentence]`), lang === 'en' ? 'CNY 32' : '32')
            else await page.locator(`${element} ${done}`).first().waitFor()
            await eventually(async () => assert.equal(await page.getByRole('button', { name: t('engine.again') }).count(), 0))
            if (element === 'ocr-pricing') assert.equal(await field(page, 'same').inputValue(), '4321')
          }
          site.complaints()
        })

      test('the account: a calculation that does not come is asked for again', async () => {
        const page = await site.page({ path: `account.html?lang=${lang}`, locale, ready: false, before: (page) => page.context().route('**/ocr_pricing_bg.wasm*', nothing) })
        await comesToSay(page.locator('ocr-account header.top'), t('error.engine_not_loaded'))
        await page.context().unroute('**/ocr_pricing_bg.wasm*')
        await tryAgain(page, lang)
        await page.locator('ocr-account .page:not(.waiting)').waitFor()
        site.complaints()
      })

      test('the replay page: a file chosen while offline is read once the connection is back', async () => {
        const page = await site.page({ path: `replay.html?lang=${lang}`, locale, ready: false })
        await page.locator('ocr-replay input[type=file]').first().waitFor({ state: 'attached' })
        // Everything else of the page has come.
        await page.waitForLoadState('networkidle')
        await page.context().setOffline(true)
        await page.locator('ocr-replay input[type=file]').first().setInputFiles(log())
        await comesToSay(page.locator('ocr-replay .log'), t('error.engine_not_loaded'))
        await page.context().setOffline(false)
        await tryAgain(page, lang)
        await comesToSay(page.locator('ocr-replay [part=sentence]'), lang === 'en' ? 'CNY 32' : '32')
        site.complaints()
      })

      test('the examples and the rules: what does not come is asked for again', async () => {
        for (const [path, file, found] of [['proof.html', '**/proof.json', '.example'], ['proof.html', '**/catalogs/tencent-cn.json', '.example'], ['rules.html', `**/rules/${lang}.js`, '.rule']]) {
          const page = await site.page({ path: `${path}?lang=${lang}`, locale, ready: false, before: (page) => page.route(file, nothing) })
          await page.getByRole('button', { name: t('engine.again') }).waitFor()
          assert.equal(await page.locator(found).count(), 0)
          await page.unroute(file)
          await tryAgain(page, lang)
          await page.locator(found).first().waitFor()
        }
        grumbled()
      })
    })

  test('a log that makes the worker trap is told, and the next try reads it', async () => {
    const page = await site.page({
      path: 'replay.html?lang=en',
      ready: false,
      before: (page) =>
        page.context().route('**/ocr_pricing.js', async (route) => {
          const body = (await (await route.fetch()).text()).replace('    finish() {', '    finish() {\n        if (!globalThis.trapped) { globalThis.trapped = true; wasm.replay_push(this.__wbg_ptr, 0xfffffff0, 1 << 20) }')
          await route.fulfill({ contentType: 'text/javascript', body })
        }),
    })
    await page.locator('ocr-replay input[type=file]').first().setInputFiles(log())
    await comesToSay(page.locator('ocr-replay .log'), words('en', '')('error.engine_restarted'))
    await page.locator('ocr-replay .work button').focus()
    await page.keyboard.press('Enter')
    await comesToSay(page.locator('ocr-replay [part=sentence]'), 'CNY 32')
    await page.locator('ocr-replay input[type=file]').first().setInputFiles(log('another.csv'))
    await comesToSay(page.locator('ocr-replay .log'), 'another.csv')
    await comesToSay(page.locator('ocr-replay [part=sentence]'), 'CNY 32')
  })

  const stores = {
    garbage: "localStorage.setItem('ocr-pricing-columns', '{{{')",
    'other columns than there are': `localStorage.setItem('ocr-pricing-columns', JSON.stringify({ 'time\\tapi\\tregion': { at: 99, api: 'x', region: -1, status: {}, __proto__: [] } }))`,
    'no object': "localStorage.setItem('ocr-pricing-columns', '[1, [2], null]')",
    'a full store': "localStorage.setItem('ocr-pricing-columns', '\"' + 'x'.repeat(4_000_000) + '\"')",
    'a store that throws': "Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('no') } })",
  }
  for (const [name, script] of Object.entries(stores))
    test(`what is remembered is ${name}: the log is read all the same`, async () => {
      const page = await site.page({ path: 'replay.html?lang=en', ready: false, before: (page) => page.addInitScript(script) })
      await page.locator('ocr-replay input[type=file]').first().setInputFiles(log())
      await comesToSay(page.locator('ocr-replay [part=sentence]'), 'CNY 32')
      // And what is chosen by hand is taken, whether or not it can be remembered.
      await page.locator('ocr-replay .columns > summary').click()
      await field(page, 'column.user').selectOption('2')
      await comesToSay(page.locator('ocr-replay [part=sentence]'), 'CNY 32')
    })

  test('a link with 50 periods of 177 years is answered with words, at once', async () => {
    const period = 'period=2023-01-01+00:00:00~2199-12-30+00:00:00~180000000000000'
    for (const link of [period, Array(50).fill(period).join('&')]) {
      const began = Date.now()
      const page = await site.page({ path: `#lang=en&catalog=huawei-cn&region=cn-north-4&api=general-text&${link}`, ready: false })
      await comesToSay(page.locator('ocr-pricing .calls'), words('en', 'huawei')('error.answer_too_large'))
      await field(page, 'periods.0.calls').fill('1')
      assert.ok(Date.now() - began < 10_000)
    }
  })
})
