// Where the documents disagree, the page lets a person choose, and says beside each other reading what it would change.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { comesToSay, eventually, field, open, unfold } from './page.mjs'

/** General Text in CN North-Beijing4: a package of 10,000 costs 520, a call 0.08. All calls of a period are made in its first second. */
const at = (when, calls) => `period=${when}~${when.replace(/0$/, '1')}~${calls}`
const bought = (id, when, more = '') => `buy=${id}~1~${when}~${more}`
const own = (size, price, kind) => `own=huawei-cn+cn-north-4+general-text~~${size}~${price}&own-kind=huawei-cn+cn-north-4+general-text~${kind}`
const TEN = 'general-text-10k'
const OWN = 'own-general-text-cn-north-4-1'

/** For each question: a link where the reading matters, the other reading's total, and what its row says. */
const questions = {
  // A is bought first and starts, so ends, later than B. Usual: A takes the 10,000, B has expired when 5,000 follow: 2 × 520 + 400.
  // Nearest expiry first: B takes the 10,000, A is left for the 5,000: 2 × 520.
  K1: {
    link: [bought(TEN, '2023-03-20+10:30:00', '~2023-04-01'), bought(TEN, '2023-03-20+10:31:00'), at('2023-06-01+00:00:00', 10_000), at('2024-03-25+00:00:00', 5_000)],
    usual: 'CNY 1,440', option: 'expiry', other: 'CNY 1,040', says: '−CNY 400 total CNY 1,040; 10,000 calls change payer', back: '+CNY 400',
  },
  // Usual: 5,000 free calls go first, then the package has expired: 520 + 400. Free last: the package serves the first, free calls the second.
  K2: {
    link: [own('5000', '', '~free~~'), bought(TEN, '2023-03-20+10:30:00'), bought(OWN, '2023-05-01+00:00:00'), at('2023-06-01+00:00:00', 5_000), at('2024-03-25+00:00:00', 5_000)],
    usual: 'CNY 920', option: 'last', other: 'CNY 520', says: '−CNY 400 total CNY 520; 5,000 calls change payer', back: '+CNY 400',
  },
  // A package for 500, serving 22:00 to 6:00, and 5,000 calls at noon. Usual: it serves them. By hours: 500 + 400.
  K3: {
    link: [own('10000', '500', '~package~22~6'), bought(OWN, '2023-05-01+00:00:00', '~~limited'), at('2023-06-01+12:00:00', 5_000)],
    usual: 'CNY 500', option: 'off-peak', other: 'CNY 900', says: '+CNY 400 total CNY 900; 5,000 calls change payer', back: '−CNY 400',
  },
  // B is limited, so drawn before A, bought earlier, which expires with all its calls: 2 × 520 + 400. One at a time: B waits for A.
  K5: {
    link: [bought(TEN, '2023-03-20+10:30:00'), bought(TEN, '2023-04-10+00:00:00', '~~limited'), at('2023-06-01+00:00:00', 10_000), at('2024-03-25+00:00:00', 5_000)],
    usual: 'CNY 1,440', option: 'one-at-a-time', other: 'CNY 1,040', says: '−CNY 400 total CNY 1,040; 10,000 calls change payer', back: '+CNY 400',
  },
  // 100 calls in the half hour before the purchase of a package for 80. Usual: 80 + 8. All calls of that hour: 80.
  K7: {
    link: ['period=2023-03-20+10:00:00~2023-03-20+10:30:00~100', bought('general-text-1k', '2023-03-20+10:30:00')],
    usual: 'CNY 88', option: 'overlap', other: 'CNY 80', says: '−CNY 8 total CNY 80; 100 calls change payer', back: '+CNY 8',
  },
  // 9 calls in each of two hours at 0.001. Usual: 0.009 is cut to 0.00 twice. The month's 0.018 is cut to 0.01.
  K8: {
    link: ['buy', 'own=huawei-cn+cn-north-4+general-text~0.001', 'period=2023-06-01+10:00:00~2023-06-01+12:00:00~18'],
    usual: 'CNY 0', option: 'month', other: 'CNY 0.01', says: '+CNY 0.01 total CNY 0.01; no call changes payer', back: '−CNY 0.01',
  },
}

describe('other readings', () => {
  let site
  before(async () => (site = await open()))
  after(() => site?.close())
  afterEach(() => site.tidy())

  const option = (page, question, id) => page.locator(`ocr-pricing label.option:has(input[name="reading ${question}"][value="${id}"])`)
  const total = (page) => page.locator('ocr-pricing .figures dd.value').nth(1)

  /** Questions that only an account over time can tell apart: arrears, and renewals after the end. */
  const overTime = ['K6', 'K9']

  test('there is a link for each question of the catalog that a bill can tell apart', async () => {
    const page = await site.page()
    await unfold(page, 'readings')
    await eventually(async () => {
      const names = await page.locator('ocr-pricing .option input').evaluateAll((inputs) => inputs.map((input) => input.name.replace('reading ', '')))
      assert.deepEqual([...new Set(names)], [...Object.keys(questions), ...overTime].sort())
    })
  })

  for (const [question, { link, usual, option: id, other, says, back }] of Object.entries(questions))
    test(`${question}: ${usual} or ${other}`, async () => {
      const page = await site.page({ path: `#lang=en&${link.join('&')}` })
      await comesToSay(total(page), usual)
      await unfold(page, 'readings')
      await comesToSay(option(page, question, id), says)
      await option(page, question, id).click()
      await comesToSay(total(page), other)
      await comesToSay(option(page, question, id), 'chosen')
      const usualId = await page.locator(`ocr-pricing input[name="reading ${question}"]`).first().getAttribute('value')
      await comesToSay(option(page, question, usualId), back)

      await page.waitForURL(new RegExp(`reading=${question}~${id}`))
      const again = await site.page({ path: new URL(page.url()).hash })
      await comesToSay(total(again), other)
      await comesToSay(again.locator('ocr-pricing [part="readings"] summary'), question)
    })

  test('a limited-time package without hours says what to do, beside the reading and, once chosen, at its box', async () => {
    const page = await site.page({ path: `#lang=en&${bought(TEN, '2023-05-01+00:00:00', '~~limited')}&${at('2023-06-01+12:00:00', 5_000)}` })
    await unfold(page, 'readings')
    await comesToSay(option(page, 'K3', 'off-peak'), 'Type one of your own under “Your prices”, with its hours.')
    await option(page, 'K3', 'off-peak').click()
    await comesToSay(page.locator('#field-purchases-0-limited-problem'), 'with its hours')
    await field(page, 'purchases.0.limited').uncheck()
    await comesToSay(total(page), 'CNY 520')
  })
})
