// The rulebook: both languages say the same things, and there is nothing without a text that an answer can name.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import en from '../../www/rules/en.js'
import zhCN from '../../www/rules/zh-CN.js'

const here = (path) => new URL(`../../${path}`, import.meta.url)
const catalogs = readdirSync(here('www/catalogs'))
  .filter((file) => file.endsWith('.json') && file !== 'schema.json')
  .map((file) => [file, JSON.parse(readFileSync(here(`www/catalogs/${file}`), 'utf8'))])
const nouns = { package: 'package', packages: 'packages', Packages: 'Packages', payPerUse: 'pay-per-use', PayPerUse: 'Pay-per-use' }

test('the languages have the same keys', () => {
  assert.deepEqual(Object.keys(zhCN), Object.keys(en))
  for (const part of Object.keys(en)) assert.deepEqual(Object.keys(zhCN[part]), Object.keys(en[part]), part)
  for (const [id, rule] of Object.entries(en.rules)) {
    assert.equal(zhCN.rules[id].documents.length, rule.documents.length, id)
    rule.documents.forEach(({ date }, i) => assert.equal(zhCN.rules[id].documents[i].date, date, id))
  }
  for (const part of ['causes', 'refused'])
    for (const code of Object.keys(en[part])) assert.equal(zhCN[part][code].rule, en[part][code].rule, code)
})

test('every text says something, with the provider’s own nouns and no gap', () => {
  const say = (text) => (typeof text === 'function' ? text(nouns) : text)
  for (const language of [en, zhCN]) {
    const texts = [
      ...Object.values(language.groups),
      ...Object.values(language.rules).flatMap(({ title, text }) => [title, text]),
      ...['causes', 'refused'].flatMap((part) => Object.values(language[part]).map(({ text }) => say(text))),
      ...['keys', 'reasons'].flatMap((part) => Object.values(language[part]).map(say)),
    ]
    for (const text of texts) assert.ok(text.length > 1 && !/undefined|\s{2}/.test(text), text)
  }
})

test('the rules are those of the table of cases', () => {
  const table = readFileSync(here('tests/rules.toml'), 'utf8')
  const ids = new Set([...table.matchAll(/^([A-Z]\d{1,2})\./gm)].map(([, id]) => id))
  assert.deepEqual(Object.keys(en.rules).sort(), [...ids].sort())
})

test('every rule belongs to a group and names its documents', () => {
  for (const [id, { documents }] of Object.entries(en.rules)) {
    assert.ok(Object.hasOwn(en.groups, id[0]), id)
    assert.ok(documents.length > 0, id)
  }
  for (const { rules } of [en, zhCN])
    for (const [id, { documents }] of Object.entries(rules))
      for (const { title, date } of documents) assert.ok(title && (date === undefined || /^\d{4}-\d\d-\d\d$/.test(date)), id)
})

test('every rule that an answer can name has a text', () => {
  const named = new Set([...Object.values(en.causes), ...Object.values(en.refused)].map(({ rule }) => rule))
  for (const [, catalog] of catalogs) {
    for (const { rule } of catalog.notes ?? []) named.add(rule)
    const cites = [catalog.cites, ...(catalog.profiles ?? []).flatMap(({ options }) => options.map(({ set }) => set?.cites))]
    for (const rules of cites) for (const rule of Object.values(rules ?? {})) named.add(rule)
    for (const { id } of catalog.profiles ?? []) named.add(id)
  }
  const sources = readdirSync(here('src')).map((file) => readFileSync(here(`src/${file}`), 'utf8'))
  for (const text of sources) for (const [, rule] of text.matchAll(/"([NGDTPRFQLWK]\d{1,2})"/g)) named.add(rule)
  assert.ok(named.size > 20)
  for (const rule of named) assert.ok(Object.hasOwn(en.rules, rule), rule)
})

test('every order key of a catalog has a sentence', () => {
  for (const [file, catalog] of catalogs)
    for (const key of ['only', 'class', ...catalog.order]) assert.ok(Object.hasOwn(en.keys, key), `${file}: ${key}`)
})
