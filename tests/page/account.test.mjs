// The account page, read in Chromium as a person does: what happens next, what to do by when, and what lies behind it.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, afterEach, before, describe, test } from 'node:test'
import { accountWords } from '../../www/account/page.js'
import { comesToSay, eventually, field, open, says } from './page.mjs'

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

describe('the account page', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  const part = (page, css) => page.locator(`ocr-account ${css}`)
  const sentence = (page) => part(page, '[part=sentence]')

  async function reach({ lang = 'en', link = '', ...options } = {}) {
    const page = await site.page({ ...options, path: `account.html?lang=${lang}${link}`, ready: false })
    await part(page, '.page:not(.waiting)').waitFor()
    return page
  }
  const asTable = (page) => part(page, '.line label.choice').filter({ has: page.locator('input[value=table]') }).click()

  test('a complete example: what happens next, and what to do, with dates', async () => {
    const page = await reach()
    await comesToSay(sentence(page), 'On 7 July 2026 the package is used up: buy another by then. Without one, on 4 August 2026 at 07:00 the balance falls below zero: top up CNY 1,434.32 by then, and nothing stops.')
    const todos = (await part(page, '.todos li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
    assert.equal(todos.length, 4)
    assert.match(todos[1], /^2 by 4 August 2026 at 07:00 Top up at least CNY 1\.36, or the balance falls below zero\. CNY 1,434\.32 carries the account through/)
    assert.match(todos[2], /^3 by 11 August 2026 at 07:00 Top up more than CNY [\d.]+, or pay-per-use is frozen/)
    // 5,000 + 15,000 come in; what is left is what was not charged.
    const [charged, left] = (await part(page, '.ends .value').allInnerTexts()).map((text) => Number(text.replace(/[^\d.−]/g, '')))
    // The debits of the last hours come after the year.
    assert.ok(charged + left >= 20_000 && charged + left < 20_010, `${charged} + ${left}`)
    await comesToSay(part(page, '.debts'), 'A package expired or was used up, and was not replaced')
    await comesToSay(part(page, '.forecast'), 'A forecast, not a bill.')
    await comesToSay(part(page, '.turns'), 'Pay-per-use: frozen')
  })

  test('the top-up that is said to carry through does', async () => {
    const page = await reach()
    await part(page, 'button').filter({ hasText: 'Add a top-up' }).click()
    await field(page, 'topUps.1.at').fill('2026-08-04 07:00')
    await field(page, 'topUps.1.amount').fill('1,434.32')
    await comesToSay(part(page, '.ends .value').nth(1), 'CNY 0')
    await comesToSay(part(page, '.debts'), 'There are none.')
    assert.equal(await part(page, '.todos li').count(), 1) // the package
  })

  test('typing a balance changes the answer; with enough of it only the package is left to buy', async () => {
    const page = await reach()
    await field(page, 'money.balance').fill('6,434.31')
    await comesToSay(sentence(page), 'top up CNY 0.01 by then')
    await field(page, 'money.balance').fill('50k')
    await comesToSay(page.locator('#field-money-balance-problem'), accountWords('en', 'huawei')('error.invalid_decimal'))
    await comesToSay(part(page, '.context'), 'still the answer to the last sound input')
    await comesToSay(sentence(page), 'CNY 0.01')
    await field(page, 'money.balance').fill('50,000')
    await comesToSay(part(page, '.context'), 'left at the end: CNY')
    await comesToSay(sentence(page), /^On 7 July 2026 the package is used up: buy another by then\.$/)
    await field(page, 'same').fill('8,000')
    await comesToSay(sentence(page), 'Nothing has to be done: until 28 February 2027 the balance lasts')
  })

  test('an error stands beside its field, whoever found it', async () => {
    const page = await reach()
    const problem = (name) => page.locator(`#field-${name}-problem`)
    const t = accountWords('en', 'huawei')
    await field(page, 'topUps.0.at').fill('soon')
    await comesToSay(problem('topUps-0-at'), t('error.invalid_instant'))
    await field(page, 'topUps.0.at').fill('2026-02-31 10:00') // the engine knows the calendar
    await comesToSay(problem('topUps-0-at'), t('error.invalid_instant'))
    await field(page, 'topUps.0.at').fill('2026-08-12 10:00')
    await field(page, 'budgets.0.alerts.0.over').fill('many')
    await comesToSay(problem('budgets-0-alerts-0-over'), t('error.invalid_decimal'))
    await field(page, 'budgets.0.alerts.0.over').fill('80')
    await field(page, 'budgets.0.until').fill('2026-01')
    await eventually(async () => assert.equal(await field(page, 'budgets.0.until').getAttribute('aria-invalid'), 'true'))
    await field(page, 'budgets.0.until').fill('')
    await part(page, '.buy button.plain').first().click()
    await field(page, 'buys.0.renewals.0.at').fill('2026-09-01')
    await field(page, 'buys.0.renewals.0.day').fill('15')
    // Further days cost what the provider says: nobody publishes it.
    await eventually(async () => assert.equal(await field(page, 'buys.0.renewals.0.price').getAttribute('aria-invalid'), 'true'))
    await field(page, 'buys.0.renewals.0.price').fill('3300')
    await eventually(async () => assert.equal(await part(page, '[aria-invalid]').count(), 0))
  })

  test('the timeline by keyboard: marks in order of time, Enter says what happens', async () => {
    const page = await reach()
    const at = () => page.evaluate(() => document.querySelector('ocr-account').shadowRoot.activeElement?.getAttribute('data-mark'))
    for (let stops = 0; (await at()) !== '0'; stops++) {
      assert.ok(stops < 60, 'the timeline is not reached with the Tab key')
      await page.keyboard.press('Tab')
    }
    const marks = await part(page, '[data-mark]').evaluateAll((all) => all.sort((a, b) => Number(a.dataset.mark) - Number(b.dataset.mark)).map((it) => it.getAttribute('aria-label')))
    assert.ok(marks.length > 20)
    await page.keyboard.press('Enter')
    await comesToSay(part(page, '.chosen-mark'), /^2 March 2026/)
    for (let step = 1; step < marks.length; step++) {
      await page.keyboard.press('ArrowRight')
      await eventually(async () => assert.equal(await at(), String(step)))
    }
    await page.keyboard.press('Home')
    for (const label of marks.slice(0, 4)) {
      await page.keyboard.press('Enter')
      await eventually(async () => assert.equal((await page.evaluate(() => document.querySelector('ocr-account').shadowRoot.activeElement?.getAttribute('aria-label'))), label))
      await comesToSay(part(page, '.chosen-mark'), label.slice(label.indexOf(': ', 20) + 2).replace(/\s+/g, ' '))
      await page.keyboard.press('ArrowRight')
    }
    // One stop only: the next is what follows the timeline.
    await page.keyboard.press('Tab')
    assert.equal(await at(), null)
  })

  test('as tables: months, states, tries, alerts, and every movement a page at a time', async () => {
    const page = await reach()
    await asTable(page)
    await comesToSay(part(page, '.of-states'), /Pay-per-use grace 2026-08-04 07:00:00 2026-08-11 07:00:00 L3/)
    await comesToSay(part(page, '.of-payments'), '2027-02-28 03:00:00 automatic renewal 100,000 package 3,200.00 not paid')
    await comesToSay(part(page, '.of-alerts'), '2026-08-04 07:00:00 The balance falls to CNY −1.36')
    await comesToSay(part(page, '.of-movements tbody'), /^2026-03-02 10:30:00 Package bought: 100,000 package -3,200\.00 [\d,.]+ 2026-08-18 10:00:00 Top-up 15,000\.00 [\d,.]+$/)
    await field(page, 'each').check()
    await comesToSay(part(page, '.paging'), /1 to 50 of [\d,]{5}/)
    await part(page, '.paging button').last().click()
    await comesToSay(part(page, '.paging'), '51 to 100 of')
    assert.equal(await part(page, '.of-movements tbody tr').count(), 50)
    assert.equal(await part(page, '.tables th[scope=col]').count() > 20, true)
  })

  test('what to do is downloaded as a calendar', async () => {
    const page = await reach()
    const [download] = await Promise.all([page.waitForEvent('download'), part(page, '.todos button').click()])
    assert.equal(download.suggestedFilename(), 'ocr-account.ics')
    const text = readFileSync(await download.path(), 'utf8')
    assert.equal(text.split('BEGIN:VEVENT\r\n').length - 1, 4)
    assert.ok(text.includes('DTSTART:20260803T230000Z\r\nSUMMARY:Top up · Huawei Cloud OCR\\, China\r\n'))
  })

  test('Chinese is written; the language changes without losing what was typed', async () => {
    const page = await reach({ lang: 'zh-CN', locale: 'zh-CN' })
    await comesToSay(sentence(page), '2026年7月7日套餐包用完，请在此之前续购； 如不续购，2026年8月4日 07:00余额将低于零， 请在此之前充值 1,434.32 元，全年即可不中断。')
    await comesToSay(part(page, '.turns'), '按需计费：已冻结')
    await field(page, 'money.balance').fill('6,434.31')
    await comesToSay(sentence(page), '0.01 元')
    await page.getByRole('link', { name: 'English' }).click()
    await comesToSay(sentence(page), 'CNY 0.01')
    assert.equal(await field(page, 'money.balance').inputValue(), '6,434.31')
    assert.ok(page.url().includes('?lang=en'))
  })

  test('another provider: its own tiers, no periods where none are published; a link’s purchases are taken over', async () => {
    const page = await reach({ link: `#lang=en&pattern=same&same=10k&from=2026-03&buy=general-text-10k~2~~${encodeURIComponent('2026-03-05')}~` })
    assert.equal(await field(page, 'buys.0.package').inputValue(), 'general-text-10k')
    assert.equal(await field(page, 'buys.0.quantity').inputValue(), '2')
    assert.equal(await field(page, 'same').inputValue(), '10k')
    await field(page, 'catalog').selectOption('alibaba-cn')
    await comesToSay(field(page, 'tier').locator('option').first(), 'no periods published')
    // What has no published price is asked for where it can be typed.
    await comesToSay(page.locator('#field-own-unitPrice-problem'), accountWords('en', 'alibaba')('error.no_published_price'))
    await field(page, 'own.unitPrice').fill('0.1')
    await comesToSay(part(page, '.page:not(.old) .context'), 'Alibaba')
    await field(page, 'catalog').selectOption('alibaba-marketplace')
    await comesToSay(sentence(page), '120,000 of 120,000 calls find no quota and fail: buy a resource plan')
  })

  test('without a worker the page works it out itself, to the same answer', async () => {
    const page = await reach({ before: (page) => page.addInitScript(() => delete globalThis.Worker) })
    await comesToSay(sentence(page), 'CNY 1,434.32')
  })

  test('what was typed stays in the address, and comes back from it', async () => {
    const page = await reach()
    assert.ok(!page.url().includes('#'))
    await field(page, 'money.balance').fill('6,434.31')
    await part(page, '.row-of .drop-row').first().click() // the top-up
    await comesToSay(sentence(page), 'CNY 15,000.01')
    await eventually(async () => assert.ok(page.url().includes('&account=')))
    await page.reload()
    await comesToSay(sentence(page), 'CNY 15,000.01')
    assert.equal(await field(page, 'money.balance').inputValue(), '6,434.31')
    await page.evaluate(() => (location.hash = ''))
    await comesToSay(sentence(page), 'CNY 1,434.32')
  })

  test('on a phone the same stands month below month, and the sentence stays in sight', async () => {
    const page = await reach({ width: 390 })
    await comesToSay(part(page, '.by-month'), '4 Aug 07:00 Pay-per-use is in its grace period')
    assert.equal(await part(page, 'svg.year').count(), 0)
    await page.evaluate(() => scrollTo(0, 2_000))
    await comesToSay(part(page, '.echo'), 'On 7 July 2026 the package is used up')
    // What is typed into does not move, however long the answer above it becomes.
    await part(page, '.fold').click()
    await field(page, 'money.balance').focus()
    const top = async () => (await field(page, 'money.balance').boundingBox()).y
    const before = await top()
    await field(page, 'money.balance').fill('50,000')
    await comesToSay(part(page, '.echo'), /^On 7 July 2026 the package is used up: buy another by then\.$/)
    // Text has heights between pixels, a page scrolls by whole ones.
    assert.ok(Math.abs((await top()) - before) < 1, `from ${before} to ${await top()}`)
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
          await page.setViewportSize({ width: 1280, height: 900 })
        }
        await look('the example')
        await part(page, '[data-mark]').nth(1).press('Enter')
        await field(page, 'tier').selectOption('typed')
        await field(page, 'days.useGrace').fill('x')
        await part(page, '.buy button.plain').first().click()
        for (const list of ['.todos a.tag', '.turns a.tag', '.warnings a.tag']) await part(page, list).first().click()
        await part(page, '.rule-text').nth(2).waitFor()
        await part(page, '.rest summary').click()
        await look('a mistake, and all that unfolds')
        await field(page, 'tier').selectOption('V0')
        await part(page, '.buy .renewal .drop-row').click()
        await part(page, '.panel > summary').first().click()
        await part(page, '.panel[open] button.plain').first().click()
        await field(page, 'streams.0.calls').fill('20k')
        await field(page, 'streams.0.project').fill('a-project-whose-name-is-long-and-does-not-break-anywhere')
        await field(page, 'streams.0.region').selectOption('cn-north-4')
        await part(page, '.split').waitFor()
        await asTable(page)
        await field(page, 'each').check()
        await look('tables')
      })
})
