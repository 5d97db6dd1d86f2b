// The pages around the calculator, read in Chromium: the published examples agree, and one that was tampered with does not.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, afterEach, before, describe, test } from 'node:test'
import rules from '../../www/rules/en.js'
import { eventually, open, says } from './page.mjs'

const here = (path) => new URL(`../../${path}`, import.meta.url)
const axe = readFileSync(here('node_modules/axe-core/axe.min.js'), 'utf8')
const published = readdirSync(here('tests/cases/published'))
  .map((file) => readFileSync(here(`tests/cases/published/${file}`), 'utf8').match(/^\[\[case\]\]$/gm).length)
  .reduce((sum, count) => sum + count)

describe('proof and rules', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  /** A page with everything on it. */
  async function reach(path, options = {}) {
    const page = await site.page({ ...options, path, ready: false })
    await page.locator(path.startsWith('proof') ? '.example' : '.rule').first().waitFor()
    return page
  }
  const marks = (page) => page.locator('.example').evaluateAll((examples) =>
    examples.map((it) => ({ agrees: it.dataset.agrees, says: it.querySelector('h3 .mark').textContent.trim(), published: it.querySelector('.published dd').textContent, computed: it.querySelector('.computed dd').textContent })),
  )

  for (const [lang, word, total] of [['en', '✓ agrees', (n) => `${n} of ${n} agree`], ['zh-CN', '✓ 一致', (n) => `${n} 个示例中 ${n} 个一致`]])
    test(`${lang}: all published examples agree, as many as there are cases`, async () => {
      const page = await reach(`proof.html?lang=${lang}`)
      assert.equal(await says(page.locator('.count')), total(published))
      const all = await marks(page)
      assert.equal(all.length, published)
      for (const it of all) {
        assert.equal(it.agrees, 'true', it.published)
        assert.equal(it.says, word)
        assert.equal(it.computed, it.published)
        assert.ok(!/[{}–]|undefined|null/.test(it.computed), it.computed)
      }
      const figures = await page.locator('.example tbody .mark').allTextContents()
      assert.ok(figures.length > 5 * published)
      assert.ok(figures.every((text) => text.startsWith('✓')))
    })

  test('a published figure that was tampered with shows red, and what the engine computed stands beside it', async () => {
    const tampered = (page) => page.route('**/proof.json', async (route) => {
      const sources = await (await route.fetch()).json()
      const guide = sources.find(({ title }) => title.en.startsWith('Huawei Cloud OCR billing guide'))
      const example = guide.examples.find(({ section }) => section === '4')
      example.expect.total = '3601'
      await route.fulfill({ json: sources })
    })
    const page = await reach('proof.html?lang=en', { before: tampered })
    assert.equal(await says(page.locator('.count')), `${published - 1} of ${published} agree`)
    const wrong = (await marks(page)).filter(({ agrees }) => agrees !== 'true')
    assert.deepEqual(wrong, [{
      agrees: 'false',
      says: '✗ differs',
      published: 'Pay-per-use 5,000 × 0.08 = CNY 400, package CNY 3,200, together CNY 3,601',
      computed: 'Pay-per-use 5,000 × 0.08 = CNY 400, package CNY 3,200, together CNY 3,600',
    }])
  })

  test('an example that the engine refuses shows red with the reason', async () => {
    const broken = (page) => page.route('**/proof.json', async (route) => {
      const sources = await (await route.fetch()).json()
      sources[0].examples[0].request.grants[0].region = 'nowhere'
      await route.fulfill({ json: sources })
    })
    const page = await reach('proof.html?lang=en', { before: broken })
    assert.equal(await says(page.locator('.count')), `${published - 1} of ${published} agree`)
    assert.match(await says(page.locator('.example[data-agrees=false] .computed dd')), /gave no answer/)
  })

  test('the rule page has every rule, and an address leads to one of them', async () => {
    const page = await reach('rules.html?lang=en#W1')
    assert.deepEqual((await page.locator('.rule').evaluateAll((them) => them.map(({ id }) => id))).sort(), Object.keys(rules.rules).sort())
    await eventually(async () => assert.ok(await page.evaluate(() => Math.abs(document.getElementById('W1').getBoundingClientRect().top) < innerHeight / 2)))
    await page.getByRole('link', { name: '中文' }).click()
    await page.locator('html[lang=zh-CN] #W1').waitFor()
    assert.ok(page.url().endsWith('rules.html?lang=zh-CN#W1'), page.url())
  })

  test('every rule that an example names is a rule of the rule page', async () => {
    const page = await reach('proof.html?lang=en')
    const links = await page.locator('.example a.tag').evaluateAll((them) => [...new Set(them.map((it) => it.getAttribute('href')))])
    assert.ok(links.length > 10)
    for (const link of links) assert.ok(Object.hasOwn(rules.rules, link.replace('rules.html?lang=en#', '')), link)
  })

  for (const path of ['proof.html', 'rules.html'])
    for (const lang of ['en', 'zh-CN'])
      for (const dark of [false, true])
        test(`${path}, ${lang}, ${dark ? 'dark' : 'light'}: accessible, and no wider than the window`, async () => {
          const page = await reach(`${path}?lang=${lang}`, { dark, width: 390 })
          await page.evaluate(axe)
          await page.locator('details').evaluateAll((them) => them.slice(0, 3).forEach((it) => (it.open = true)))
          for (const width of [390, 1280]) {
            await page.setViewportSize({ width, height: 900 })
            assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)) <= 0, `too wide at ${width} px`)
            const { violations } = await page.evaluate(() => globalThis.axe.run())
            assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${width} px, ${id}: ${node.target.join(' ')} ${node.failureSummary}`)), [])
          }
        })
})
