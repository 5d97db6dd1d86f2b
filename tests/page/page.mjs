// Opens the built page in Chromium and reads it as a person does.

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { Stop } from '../../scripts/run.mjs'
import { serve } from '../../scripts/serve.mjs'
import { chromeArgs, findBrowser } from '../../scripts/setup.mjs'

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */

/** The page under the strict policy, in a browser of its own. @param {string[]} [args] more for the browser */
export async function open(args = []) {
  const found = findBrowser({ driver: false })
  if (!found) throw new Stop('No browser found: run “npm test”, which installs one, or name it in CHROME.')
  const server = await serve(fileURLToPath(new URL('../../dist/', import.meta.url)))
  const browser = await chromium.launch({ executablePath: found.chrome, args: [...chromeArgs, ...args] })
  const complaints = []
  const finished = []

  return {
    address: server.address,
    /** What the browser grumbled about since the last time: errors, failed requests, violations of the policy. */
    complaints: () => complaints.splice(0),
    /** Ends a test: closes its pages, and none may have had a complaint. */
    async tidy() {
      await Promise.all(finished.splice(0).map((page) => page.close()))
      assert.deepEqual(complaints.splice(0), [])
    },
    /**
     * A fresh page, with its first answer unless `ready` is false; closed at the end of the test unless `keep` is true.
     * @param {{ path?: string, width?: number, locale?: string, dark?: boolean, before?: (page: Page) => Promise<unknown>, ready?: boolean, keep?: boolean }} [options]
     */
    async page({ path = '', width = 1280, locale = 'en-GB', dark = false, before, ready = true, keep = false } = {}) {
      const page = await browser.newPage({ locale, colorScheme: dark ? 'dark' : 'light', viewport: { width, height: 900 }, reducedMotion: 'reduce' })
      if (!keep) finished.push(page)
      page.setDefaultTimeout(20_000)
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      // A page that is closed or loaded anew drops what it still asked for: that is no failure.
      const dropped = 'net::ERR_ABORTED'
      page.on('requestfailed', (request) => request.failure()?.errorText !== dropped && complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
      await before?.(page)
      await page.goto(server.address + path)
      if (ready) await page.locator('ocr-pricing .page:not(.waiting)').waitFor()
      return page
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/** What a part of the page says, blanks folded. @param {Locator} part */
export async function says(part) {
  return (await part.innerText()).replace(/\s+/g, ' ').trim()
}

/** Waits until a part of the page says this: a text, or a pattern. @param {Locator} part @param {string | RegExp} wanted */
export async function comesToSay(part, wanted) {
  await eventually(async () => {
    const text = await says(part)
    assert.ok(wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted), `expected ${wanted}, the page says: ${text}`)
  })
}

/** Repeats a check until it holds, for five seconds: a busy machine is no failure. @param {() => unknown} check */
export async function eventually(check) {
  for (const end = Date.now() + 5_000; ; ) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }
}

/** @param {Page} page */
export const sentence = (page) => page.locator('ocr-pricing [part="sentence"]')

/** A field by its name in the state: `periods.1.calls`. @param {Page} page @param {string} name */
export const field = (page, name) => page.locator(`#field-${name.replace(/[^a-zA-Z0-9-]/g, '-')}`)

/** The three figures come to be these: pay-per-use alone, with packages, difference; their amounts only. @param {Page} page @param {string[]} wanted */
export async function showsFigures(page, wanted) {
  await eventually(async () => {
    const values = await page.locator('ocr-pricing .figures dd.value').evaluateAll((values) =>
      values.map((value) => [...value.children].filter((part) => !part.matches('.share')).map((part) => part.textContent.trim()).join(' ')),
    )
    assert.deepEqual(values, wanted)
  })
}

/** The line of totals in the breakdown, from the first count to the total. @param {Page} page */
export async function totals(page) {
  return await page.locator('ocr-pricing .months tr.all td.sum').allInnerTexts()
}

/** Chooses an API by typing into its box, once the box has shown what it found. @param {Page} page @param {string} typed */
export async function chooseApi(page, typed) {
  await field(page, 'api').fill(typed)
  await page.locator('ocr-pricing .matches').waitFor()
  await page.keyboard.press('Enter')
}

/** Chooses how the calls are given. @param {Page} page @param {'periods' | 'same' | 'twelve'} pattern */
export async function choosePattern(page, pattern) {
  await page.locator('ocr-pricing label.choice').filter({ has: page.locator(`input[value=${pattern}]`) }).click()
}

/** Unfolds a section that is worked out only then. @param {Page} page @param {'payers' | 'call' | 'readings' | 'qps'} name */
export async function unfold(page, name) {
  await page.locator(`ocr-pricing details.${name} > summary`).click()
  await page.locator(`ocr-pricing details.${name} .body:not(.old)`).waitFor()
}
