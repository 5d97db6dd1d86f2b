// How the page behaves: keyboard, widths, themes, accessibility, nothing that jumps.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, before, describe, test } from 'node:test'
import { chooseApi, choosePattern, comesToSay, eventually, field, open, says, sentence, showsFigures, unfold } from './page.mjs'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const LOCALES = ['en-GB', 'zh-CN']

describe('the page behaves', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  /** What the page can look like, each reached from the one before. */
  const looks = {
    'the example': async () => {},
    'the list of APIs': async (page) => {
      await field(page, 'api').click()
      await page.locator('ocr-pricing .matches').waitFor()
    },
    'a mistake': async (page) => {
      await page.keyboard.press('Escape')
      await field(page, 'periods.1.calls').fill('-1')
      await eventually(async () => assert.equal(await field(page, 'periods.1.calls').getAttribute('aria-invalid'), 'true'))
    },
    'no published price': async (page) => {
      await field(page, 'periods.1.calls').fill('100,000')
      await field(page, 'catalog').selectOption('huawei-intl')
      await page.locator('ocr-pricing .own.wanted').waitFor()
    },
    'plans only, most calls refused': async (page) => {
      await field(page, 'catalog').selectOption('alibaba-marketplace')
      await comesToSay(sentence(page), '105,000')
    },
    'a ladder and twelve months, large numbers': async (page) => {
      await field(page, 'catalog').selectOption('alibaba-cn')
      await chooseApi(page, 'RecognizeIdcard')
      await choosePattern(page, 'twelve')
      await field(page, 'twelve.0').fill('1,000,000,000')
      await comesToSay(page.locator('ocr-pricing .months'), '999,999,800')
    },
    'all that unfolds, and prices of one’s own': async (page) => {
      await page.locator('ocr-pricing .back button').click()
      await comesToSay(page.locator('ocr-pricing .figures'), '4,800')
      await page.locator('ocr-pricing .own > summary').click()
      await page.locator('ocr-pricing .own-steps > summary').click()
      await field(page, 'own.steps.0.upTo').fill('2,000')
      await field(page, 'own.steps.0.unitPrice').fill('0.09')
      await field(page, 'own.unitPrice').fill('0.07')
      await field(page, 'own.packages.0.size').fill('10k')
      await field(page, 'own.packages.0.price').fill('300')
      await field(page, 'own.packages.0.from').fill('22')
      await field(page, 'purchases.0.limited').check()
      for (const name of ['payers', 'call', 'readings', 'qps']) await unfold(page, name)
      await field(page, 'own.qps.price').fill('30')
      for (const place of ['.slices button.why', '.notes a.tag', '.payers a.tag', '.call .passed a.tag', '.reading legend a.tag', '.qps a.tag'])
        await page.locator(`ocr-pricing ${place}`).first().click()
      await eventually(async () => assert.ok((await page.locator('ocr-pricing .rule-text').count()) >= 6))
    },
  }

  for (const locale of LOCALES)
    for (const dark of [false, true])
      describe(`${locale}, ${dark ? 'dark' : 'light'}`, () => {
        let page
        before(async () => {
          page = await site.page({ locale, dark, keep: true })
          await page.evaluate(axe)
        })
        for (const [name, reach] of Object.entries(looks))
          test(`${name}: accessible, and no wider than the window`, async () => {
            await page.setViewportSize({ width: 1280, height: 900 })
            await reach(page)
            for (const width of [768, 1280, 390]) {
              await page.setViewportSize({ width, height: 900 })
              const fold = page.locator('ocr-pricing .fold[aria-expanded=false]')
              if (width < 960 && (await fold.count()) > 0) await fold.click()
              await eventually(async () => {
                const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)
                assert.ok(wide <= 0, `at ${width} px the page is ${wide} px too wide`)
              })
              if (width === 768) continue // laid out as one of the others
              await eventually(async () => {
                const { violations } = await page.evaluate(() => globalThis.axe.run())
                assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${width} px, ${id}: ${node.target.join(' ')} ${node.failureSummary}`)), [])
              })
            }
          })
      })

  test('nothing jumps while the engine loads', async () => {
    const slow = (page) => page.route('**/*.wasm', (route) => setTimeout(() => route.continue(), 600))
    for (const width of [1280, 390]) {
      const page = await site.page({ width, before: slow })
      await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])
      const shift = await page.evaluate(
        () => new Promise((resolve) => {
          let sum = 0
          new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value))).observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(sum), 300)
        }),
      )
      assert.ok(shift < 0.02, `the layout shifted by ${shift} at ${width} px`)
    }
  })

  test('with the keyboard alone: another API, more calls, one package more', async () => {
    const page = await site.page()
    /** Tabs on until the focus is at what is wanted. */
    const tabTo = async (wanted) => {
      for (let stops = 0; stops < 80; stops++) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const element = document.querySelector('ocr-pricing').shadowRoot.activeElement
          return element && { id: element.id, name: element.getAttribute('aria-label') ?? element.textContent, outline: getComputedStyle(element).outlineStyle, shadow: getComputedStyle(element).boxShadow, height: element.getBoundingClientRect().height }
        })
        if (at && (at.id === wanted || at.name === wanted)) {
          assert.ok(at.outline !== 'none' || at.shadow !== 'none', `the focus on ${wanted} is not seen`)
          return
        }
      }
      assert.fail(`${wanted} is not reached with the Tab key`)
    }
    await tabTo('field-region')
    await tabTo('field-api')
    const chosen = page.locator('ocr-pricing [role=option][aria-selected=true]')
    await page.keyboard.type('web image')
    await comesToSay(chosen, 'Web Image')
    await page.keyboard.press('Enter')
    await comesToSay(sentence(page), 'Web Image')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('card')
    await comesToSay(chosen, /card/i)
    const first = await says(chosen)
    await page.keyboard.press('ArrowDown')
    await eventually(async () => assert.notEqual(await says(chosen), first))
    await page.keyboard.press('ArrowUp')
    await comesToSay(chosen, first)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('general text')
    await comesToSay(chosen, 'General Text')
    await page.keyboard.press('Enter')
    await showsFigures(page, ['CNY 8,400', 'CNY 3,600', 'CNY 4,800'])

    await tabTo('field-periods-1-calls')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('200k')
    await showsFigures(page, ['CNY 16,400', 'CNY 11,600', 'CNY 4,800'])
    await tabTo('One more package of 100,000')
    await page.keyboard.press('Enter') // 2 × 3,200 + 5,000 × 0.08
    await showsFigures(page, ['CNY 16,400', 'CNY 6,800', 'CNY 9,600'])
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Space')
    await showsFigures(page, ['CNY 16,400', 'CNY 11,600', 'CNY 4,800'])
  })

  test('a screen reader hears the new answer once, after the typing', async () => {
    const page = await site.page()
    const status = page.locator('ocr-pricing p[role=status]')
    await comesToSay(status, 'saves CNY 4,800')
    await field(page, 'periods.1.calls').fill('')
    await field(page, 'periods.1.calls').pressSequentially('200000', { delay: 20 })
    await comesToSay(status, 'CNY 11,600')
  })
})
