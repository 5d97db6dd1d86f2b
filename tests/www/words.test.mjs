// Both languages say the same things, and there is nothing that a catalog or the engine says without words for it.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import replayEn from '../../www/replay/en.js'
import replayZhCN from '../../www/replay/zh-CN.js'
import rules from '../../www/rules/en.js'
import calculatorEn from '../../www/text/en.js'
import calculatorZhCN from '../../www/text/zh-CN.js'
import { worded, words } from '../../www/words.js'

/** The words of the calculator and of the replay page; no key means two things. */
const en = { ...calculatorEn, ...replayEn }
const zhCN = { ...calculatorZhCN, ...replayZhCN }
const FOLDERS = ['www', 'www/view', 'www/replay']

const here = (path) => new URL(`../../${path}`, import.meta.url)

test('the languages have the same keys, each of the same kind', () => {
  assert.deepEqual(Object.keys(calculatorZhCN).sort(), Object.keys(calculatorEn).sort())
  assert.deepEqual(Object.keys(replayZhCN).sort(), Object.keys(replayEn).sort())
  assert.deepEqual(Object.keys(replayEn).filter((key) => Object.hasOwn(calculatorEn, key)), [])
  for (const key of Object.keys(en)) {
    // One language may need what another can leave out, so a text and a function may stand for each other; nothing else.
    for (const text of [en[key], zhCN[key]]) assert.ok(['string', 'function'].includes(typeof text) && text !== '', key)
  }
})

test('every key that the page asks for exists', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(here(folder))
      .filter((file) => file.endsWith('.js'))
      .map((file) => `${folder}/${file}`),
  )
  const asked = files.flatMap((file) => [...readFileSync(here(file), 'utf8').matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]))
  assert.ok(asked.length > 50)
  assert.deepEqual(
    [...new Set(asked)].filter((key) => !Object.hasOwn(en, key)),
    [],
  )
})

test('no key lies idle', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(here(folder))
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(here(`${folder}/${file}`), 'utf8')),
  )
  const source = files.join('\n')
  // Families of keys whose last part comes from the engine, a catalog or the state.
  const families = ['noun.', 'error.', 'note.', 'cause.', 'severity.', 'source.', 'pattern.', 'curve.', 'own.graduated', 'own.volume', 'qps.day', 'qps.month', 'qps.year', 'column.', 'ask.', 'row.', 'avoid.', 'bill.', 'state.', 'reason.', 'export.']
  const idle = Object.keys(en).filter(
    (key) => !families.some((family) => key.startsWith(family)) && !key.includes('@') && !source.includes(`'${key}'`),
  )
  assert.deepEqual(idle, [])
})

/** What the engine's sources say, one text. */
const rust = readdirSync(here('src'))
  .filter((file) => file.endsWith('.rs'))
  .map((file) => readFileSync(here(`src/${file}`), 'utf8'))
  .join('\n')
/** What a pattern captures there. */
const codesOf = (pattern, text = rust) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]))].sort()
/** The keys of one kind of wording, their prefix taken off. */
const worders = (prefix) =>
  Object.keys(en)
    .filter((key) => key.startsWith(prefix) && !key.includes('@'))
    .map((key) => key.slice(prefix.length))
    .sort()
/** The part of the sources between two words. */
const part = (from, to) => rust.slice(rust.indexOf(from), rust.indexOf(to, rust.indexOf(from)))

/** Codes of the page itself: what was typed and is no question yet, and an engine that is not there or was started afresh. */
const ofPage = ['nothing_typed', 'not_a_count', 'number_unclear', 'date_unclear', 'paste_commas', 'paste_columns', 'paste_outside', 'paste_twice', 'paste_too_many', 'paste_one', 'no_catalog', 'no_period', 'engine_not_loaded', 'engine_restarted', 'handle_gone', 'file_unreadable', 'gzip_damaged', 'line_ends_unknown', 'first_line_too_long', 'bill_too_large', 'bill_too_long', 'other_currency', 'comma_unclear']

test('every error has words, and there are words for no other', () => {
  const codes = codesOf(/^\s+[A-Z]\w+ "([a-z_]+)" "/gm)
  assert.ok(codes.length > 40)
  const page = ['question.js', 'typed.js', 'paste.js', 'state.js', 'engine.js', 'view/calls.js', 'replay/log.js', 'replay/bill.js'].map((file) => readFileSync(here(`www/${file}`), 'utf8')).join('\n')
  for (const code of ofPage) assert.match(page, new RegExp(`'(error\\.)?${code}'`))
  // `other` stands for a code without words: of an engine that is newer than the page.
  assert.deepEqual(worders('error.'), [...codes, ...ofPage, 'other'].sort())
})

test('every note has words, and there are words for no other', () => {
  const files = readdirSync(here('www/catalogs')).filter((file) => file.endsWith('.json') && !file.includes('schema'))
  assert.ok(files.length >= 6)
  const ofCatalogs = files.flatMap((file) => (JSON.parse(readFileSync(here(`www/catalogs/${file}`), 'utf8')).notes ?? []).map(({ code }) => code))
  // Alone, or in a list: code, rule, when.
  const ofEngine = [...codesOf(/Note \{\s*code: "([a-z_0-9]+)"/g), ...codesOf(/\("([a-z_0-9]+)", "[A-Z]\d{1,2}", /g)]
  assert.ok(ofEngine.length > 3)
  assert.deepEqual(worders('note.'), [...new Set([...ofCatalogs, ...ofEngine, 'other'])].sort())
})

test('every cause of a charge has a name and a sentence, and no other has', () => {
  const codes = codesOf(/Cause::\w+ => "([a-z_]+)"/g)
  assert.equal(codes.length, 12)
  assert.deepEqual(worders('cause.'), codes)
  assert.deepEqual(Object.keys(rules.causes).sort(), codes)
})

test('every key that decides who pays has a sentence, and no other has', () => {
  const ofOrder = codesOf(/OrderKey::\w+ => "([a-z]+)"/g)
  assert.equal(ofOrder.length, 7)
  const others = ['only', 'class', 'waiting']
  for (const key of others) assert.ok(rust.includes(`"${key}"`), key)
  assert.deepEqual(Object.keys(rules.keys).sort(), [...ofOrder, ...others].sort())
})

test('every reason for which a grant is passed over has a sentence, and no other has', () => {
  const reasons = codesOf(/\("([a-z_]+)", "[A-Z]\d"\)/g, part('pub fn passed', '\n}'))
  assert.equal(reasons.length, 8)
  assert.deepEqual(Object.keys(rules.reasons).sort(), [...reasons, 'later'].sort())
  assert.ok(rust.includes('reason: "later"'))
})

test('every refusal has a sentence, and no other has', () => {
  const codes = codesOf(/Refusal::\w+ => (?:catalog\.not_open_code\.as_deref\(\)\.unwrap_or\()?"([a-z_]+)"/g)
  assert.deepEqual(codes, ['arrears', 'frozen', 'no_quota', 'not_open', 'pay_per_use_off', 'released', 'stopped'])
  assert.deepEqual(Object.keys(rules.refused).sort(), codes)
})

/** Variants of an enum of the engine, as they stand in answers. */
const variants = (name) =>
  codesOf(/^ {4}([A-Z]\w+),$/gm, part(`pub enum ${name} {`, '\n}')).map((it) => it.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase())

test('every change that avoids a charge, and all that can come of a line of a bill, has words in both languages, and no other has', async () => {
  const [english, chinese] = await Promise.all(['en', 'zh-CN'].map(async (lang) => (await import(here(`www/replay/${lang}.js`).href)).default))
  const families = {
    avoid: [...variants('ChangeKind'), 'nothing', 'unknown', 'saves'],
    state: variants('ReconciledState').filter((it) => it !== 'matched'), // those are counted, not shown
    reason: variants('ReconciledReason'),
  }
  assert.deepEqual([families.avoid.length, families.state.length, families.reason.length], [15, 3, 6])
  for (const [family, codes] of Object.entries(families)) {
    for (const text of [english, chinese]) {
      const worded = Object.keys(text).filter((key) => key.startsWith(`${family}.`)).map((key) => key.slice(family.length + 1))
      assert.deepEqual(worded.sort(), [...codes].sort())
    }
  }
})

test('each provider’s things are called as its own pages call them', () => {
  assert.equal(words('zh-CN', 'huawei')('source.package'), '套餐包')
  assert.equal(words('zh-CN', 'alibaba')('source.package'), '资源包')
  assert.equal(words('zh-CN', 'huawei')('source.payPerUse'), '按需计费')
  assert.equal(words('zh-CN', 'alibaba')('source.payPerUse'), '按量付费')
  assert.equal(words('en', 'alibaba')('source.package'), 'Resource plans')
  assert.equal(words('en', 'a-fifth-provider')('source.package'), 'Packages')
})

test('names from outside are no keys', () => {
  assert.equal(worded('constructor'), false)
  assert.equal(words('en', '__proto__')('toString'), 'toString')
})
