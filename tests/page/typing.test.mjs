// What people type and paste, as they type and paste it: read where it means one thing, asked about where it means two, and never lost. An
// error waits until something was typed, and stands at a field that is marked and in sight.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { words } from '../../www/words.js'
import { chooseApi, choosePattern, comesToSay, eventually, field, open, says, sentence } from './page.mjs'
import { cutOff, WIDTHS } from './widths.mjs'

const LANGUAGES = ['en', 'zh-CN']
const PAGES = { 'ocr-pricing': '', 'ocr-account': 'account.html', 'ocr-replay': 'replay.html' }

/** A log of calls around a purchase, and a bill beside it. */
const LOG = `time,api,region,status,project\n${Array.from({ length: 300 }, (_, k) => `${new Date(Date.UTC(2023, 2, 20) + 600_000 * k).toISOString().slice(0, 19)}+08:00,${k % 50 ? 'general-text' : 'a_long_name_that_nobody_knows_and_that_does_not_break'},cn-north-4,${k % 9 ? 200 : 'x'},default`).join('\n')}\n`
const BILL = '开始,结束,API,区域,用量,应付金额\n2023-03-20 00:00:00,2023-03-20 01:00:00,general-text,cn-north-4,5,1.00\n2023-03-20 01:00:00,2023-03-20 02:00:00,general-text,cn-north-4,6,123456.78\n'
const file = (name, content) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })

describe('typing', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  /** A page of the product, with its first answer where it has one. */
  async function reach(host, { lang = 'en', link = '', ...options } = {}) {
    const page = await site.page({ ...options, path: `${PAGES[host]}?lang=${lang}${link && `#lang=${lang}&${link}`}`, locale: lang, ready: false })
    await page.locator(host === 'ocr-replay' ? 'ocr-replay .drop-zone' : `${host} .page:not(.waiting)`).waitFor()
    return page
  }
  const paste = (input, text) =>
    input.evaluate((element, said) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', said)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)
  /** Everything that says it is wrong, with the field it belongs to; each such field must be marked and in sight. */
  async function wrongs(page, host) {
    return await page.locator(host).evaluate((element) => {
      const root = element.shadowRoot
      const marked = [...root.querySelectorAll('[aria-invalid]')]
      return {
        // Problems that no marked field in sight names as its own.
        loose: [...root.querySelectorAll('.problem')].filter((problem) => !marked.some((it) => it.getAttribute('aria-describedby') === problem.id && it.checkVisibility() && it.getBoundingClientRect().width > 0)).map((it) => it.textContent),
        marked: marked.map((it) => it.id),
        problems: root.querySelectorAll('.problem').length,
      }
    })
  }
  /** One field is wrong, it is marked, and beside it stands this. */
  async function marks(page, host, name, text) {
    await comesToSay(page.locator(`#field-${name.replace(/[^a-zA-Z0-9-]/g, '-')}-problem`), text)
    await eventually(async () => assert.deepEqual(await wrongs(page, host), { loose: [], marked: [`field-${name.replace(/[^a-zA-Z0-9-]/g, '-')}`], problems: 1 }))
  }

  for (const lang of LANGUAGES) {
    const t = words(lang, 'huawei')
    test(`${lang}: what can be meant in two ways is asked about, with both, and stays as typed`, async () => {
      const page = await reach('ocr-pricing', { lang })
      const before = await says(sentence(page))
      await field(page, 'periods.1.calls').fill('50.000')
      await marks(page, 'ocr-pricing', 'periods.1.calls', t('error.number_unclear', { either: ['50,000', '50'] }))
      assert.equal(await field(page, 'periods.1.calls').inputValue(), '50.000')
      assert.equal(await says(sentence(page)), before)
      await field(page, 'periods.1.calls').fill('１００ 000')
      await eventually(async () => assert.deepEqual((await wrongs(page, 'ocr-pricing')).marked, []))
      await comesToSay(sentence(page), before)
      await field(page, 'purchases.0.when').fill('05/01/2027')
      const days = lang === 'en' ? ['5 January 2027', '1 May 2027'] : ['2027年1月5日', '2027年5月1日']
      await marks(page, 'ocr-pricing', 'purchases.0.when', t('error.date_unclear', { days, either: ['2027-01-05', '2027-05-01'] }))
      const account = await reach('ocr-account', { lang })
      await field(account, 'money.balance').fill('3.200')
      await marks(account, 'ocr-account', 'money.balance', t('error.number_unclear', { either: ['3,200', '3.2'] }))
    })

    for (const host of Object.keys(PAGES))
      test(`${lang}: nothing is wrong on ${host} before something is typed, nor in a row that was only added`, async () => {
        const page = await reach(host, { lang })
        const nothing = { loose: [], marked: [], problems: 0 }
        assert.deepEqual(await wrongs(page, host), nothing)
        if (host === 'ocr-pricing') await choosePattern(page, 'twelve')
        const added = host === 'ocr-pricing' ? [] : await page.locator(`${host} .under button`).all()
        for (const fold of await page.locator(`${host} .inputs details:not([open]) > summary`).all()) if (await fold.isVisible()) await fold.click()
        for (const add of added) await add.click()
        await page.waitForTimeout(600)
        assert.deepEqual(await wrongs(page, host), nothing)
        assert.equal(await page.locator(`${host} .context.stale`).count(), 0)
      })
  }

  test('a row counts once what it needs is typed, and says what it still needs', async () => {
    const page = await reach('ocr-account')
    const left = page.locator('ocr-account .ends .value').nth(1)
    const before = await says(left)
    await page.locator('ocr-account button').filter({ hasText: 'Add a top-up' }).click()
    const row = page.locator('ocr-account fieldset').filter({ has: field(page, 'topUps.1.at') })
    await comesToSay(row, 'Counts once this is typed: when and amount.')
    await field(page, 'topUps.1.at').fill('1 Jul 2026')
    await comesToSay(row, 'Counts once this is typed: amount.')
    assert.equal(await says(left), before)
    await field(page, 'topUps.1.amount').fill('1,000.50')
    await eventually(async () => assert.notEqual(await says(left), before))
    assert.deepEqual(await wrongs(page, 'ocr-account'), { loose: [], marked: [], problems: 0 })
  })

  test('months are read as people write them', async () => {
    const page = await reach('ocr-pricing', { link: 'pattern=same&same=1000&buy=' })
    for (const typed of ['Jan 2027', '2027/1', '2027-1', '2027.01', '2027年1月', 'January 2027', '1/2027', '202701']) {
      await field(page, 'from').fill('2026-05')
      await comesToSay(page.locator('ocr-pricing .context'), 'May 2026 – Apr 2027')
      await field(page, 'from').fill(typed)
      await comesToSay(page.locator('ocr-pricing .context'), 'Jan 2027 – Dec 2027')
    }
    await field(page, 'from').fill('2019-01')
    await comesToSay(page.locator('ocr-pricing .context'), 'Jan 2019 – Dec 2019')
    assert.deepEqual(await wrongs(page, 'ocr-pricing'), { loose: [], marked: [], problems: 0 })
  })

  test('a month in which a package was not sold is said at the day of the purchase, on a phone too', async () => {
    const page = await site.page({ path: '#lang=en&pattern=same&same=1000&from=2019-01', width: 390, ready: false })
    await marks(page, 'ocr-pricing', 'purchases.0.when', words('en', 'huawei')('error.unknown_package'))
    await page.locator('ocr-pricing .fold').click()
    await eventually(async () => assert.equal(await field(page, 'purchases.0.when').isVisible(), false)) // whoever folds it away may
    await page.locator('ocr-pricing .fold').click()
    await field(page, 'purchases.0.when').fill('2023-03-20')
    await eventually(async () => assert.deepEqual((await wrongs(page, 'ocr-pricing')).marked, []))
  })

  test('a catalog that cannot be had says what to do, without a marked field to mend', async () => {
    const page = await site.page({ path: '#lang=en&catalog=nobody', ready: false })
    const t = words('en', '')
    await comesToSay(sentence(page), t('error.no_catalog'))
    assert.doesNotMatch(await says(page.locator('ocr-pricing .top')), /marked field/)
    assert.match(site.complaints().join(), /404/)
  })

  test('two pasted columns are months and their calls', async () => {
    const page = await reach('ocr-pricing')
    await choosePattern(page, 'twelve')
    await paste(field(page, 'twelve.7'), 'Month\tCalls\n2027年1月\t1,234\nFeb 2027\t2k\n')
    await eventually(async () => assert.deepEqual([await field(page, 'twelve.1').inputValue(), await field(page, 'twelve.2').inputValue(), await field(page, 'twelve.7').inputValue()], ['1,234', '2k', '8,750']))
    await comesToSay(page.locator('ocr-pricing .calls [role=status]'), 'Pasted into 2 months.')
    await paste(field(page, 'twelve.0'), Array.from({ length: 12 }, (_, k) => `2030-${k + 1}\t${k + 1}00`).join('\n'))
    await eventually(async () => assert.equal(await field(page, 'from').inputValue(), '2030-01'))
    await comesToSay(page.locator('ocr-pricing .context'), '7,800 calls, Jan 2030 – Dec 2030') // 100 × (1 + 2 + … + 12)
  })

  for (const lang of LANGUAGES)
    test(`${lang}: a paste that cannot be placed changes nothing, and its line is named at the field`, async () => {
      const t = words(lang, 'huawei')
      const page = await reach('ocr-pricing', { lang })
      await choosePattern(page, 'twelve')
      await eventually(async () => assert.equal(await field(page, 'twelve.0').inputValue(), '8,750'))
      await paste(field(page, 'twelve.0'), '2027-01\t100\n2027-02\t50.000')
      await marks(page, 'ocr-pricing', 'twelve.0', t('paste.line', { line: '2', cell: '50.000', text: t('error.number_unclear', { either: ['50,000', '50'] }) }))
      await paste(field(page, 'twelve.11'), '1\n2')
      await marks(page, 'ocr-pricing', 'twelve.11', t('error.paste_too_many', { count: 2, room: 1 }))
      await paste(field(page, 'succeed'), '99\n98')
      await marks(page, 'ocr-pricing', 'succeed', t('error.paste_one'))
      for (let month = 0; month < 12; month++) assert.equal(await field(page, `twelve.${month}`).inputValue(), '8,750')
      await field(page, 'twelve.0').fill('9,000')
      await eventually(async () => assert.deepEqual((await wrongs(page, 'ocr-pricing')).marked, []))
    })

  test('the API search picks what was named, on every page that has it', async () => {
    const page = await reach('ocr-pricing')
    for (const typed of ['ID', 'ID card recognition', '身份证']) {
      await chooseApi(page, typed)
      await comesToSay(page.locator('ocr-pricing .subject'), 'ID Card')
      await chooseApi(page, 'general text')
      await comesToSay(page.locator('ocr-pricing .subject'), 'General Text')
    }
    for (const host of ['ocr-account', 'ocr-replay']) {
      const other = await reach(host)
      if (host === 'ocr-replay') await other.locator('ocr-replay .prices-of > summary').click()
      await field(other, 'api').fill('ID')
      await other.locator(`${host} .matches [aria-selected=true]`).filter({ hasText: 'ID Card' }).waitFor()
      await other.keyboard.press('Enter')
      await eventually(async () => assert.equal(await field(other, 'api').inputValue(), 'ID Card'))
    }
  })

  describe('at every width, nothing is cut off', () => {
    /** Unfolds all that unfolds. */
    const unfold = (page, host) => page.locator(host).evaluate((element) => element.shadowRoot.querySelectorAll('details:not([open])').forEach((it) => it.setAttribute('open', '')))
    async function whole(page, host) {
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        const fold = page.locator(`${host} .fold[aria-expanded=false]`)
        if (PAGES[host] !== undefined && width < 960 && (await fold.count()) > 0 && (await fold.isVisible())) await fold.click()
        await eventually(async () => {
          const found = await page.evaluate(cutOff)
          assert.deepEqual(found.slice(0, 5), [], `at ${width} px, ${found.length} in all`)
        })
      }
    }
    for (const lang of LANGUAGES) {
      test(`${lang}: the calculator, everything unfolded`, async () => {
        const page = await reach('ocr-pricing', { lang })
        for (const name of ['payers', 'call', 'readings', 'qps']) {
          await page.locator(`ocr-pricing details.${name} > summary`).click()
          await page.locator(`ocr-pricing details.${name} .body:not(.old)`).waitFor()
        }
        await unfold(page, 'ocr-pricing')
        await whole(page, 'ocr-pricing')
        await choosePattern(page, 'twelve')
        await field(page, 'twelve.0').fill('1,000,000,000')
        await comesToSay(page.locator('ocr-pricing .months'), '999,996,250')
        await whole(page, 'ocr-pricing')
      })
      test(`${lang}: the account, its tables`, async () => {
        const page = await reach('ocr-account', { lang })
        await page.locator('ocr-account .line label.choice').filter({ has: page.locator('input[value=table]') }).click()
        await page.locator('ocr-account .tables').waitFor()
        await unfold(page, 'ocr-account')
        await whole(page, 'ocr-account')
      })
      test(`${lang}: the replay, with a log and a bill`, async () => {
        const page = await reach('ocr-replay', { lang, link: `region=cn-north-4&buy=general-text-1k~1~${encodeURIComponent('2023-03-21 00:00:00')}~~` })
        await field(page, 'file').setInputFiles(file('log.csv', LOG))
        await page.locator('ocr-replay .figures').waitFor()
        await page.locator('ocr-replay .other button[aria-expanded]').click()
        await page.locator('ocr-replay .sides').waitFor()
        await field(page, 'bill').setInputFiles(file('bill.csv', BILL))
        await page.locator('ocr-replay .bill-says').waitFor()
        await unfold(page, 'ocr-replay')
        await whole(page, 'ocr-replay')
      })
      for (const name of ['rules', 'proof'])
        test(`${lang}: ${name}`, async () => {
          const page = await site.page({ path: `${name}.html?lang=${lang}`, locale: lang, ready: false })
          await page.locator('main h2, main table').first().waitFor()
          await whole(page, 'body')
        })
    }
  })
})
