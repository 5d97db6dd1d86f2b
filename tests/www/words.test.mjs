// Both languages say the same things, and there is nothing that a catalog or the engine says without words for it.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import en from '../../www/text/en.js'
import zhCN from '../../www/text/zh-CN.js'
import { worded, words } from '../../www/words.js'

const here = (path) => new URL(`../../${path}`, import.meta.url)

test('the languages have the same keys, each of the same kind', () => {
  assert.deepEqual(Object.keys(zhCN).sort(), Object.keys(en).sort())
  for (const key of Object.keys(en)) {
    // One language may need what another can leave out, so a text and a function may stand for each other; nothing else.
    for (const text of [en[key], zhCN[key]]) assert.ok(['string', 'function'].includes(typeof text) && text !== '', key)
  }
})

test('every key that the page asks for exists', () => {
  const files = ['www', 'www/view'].flatMap((folder) =>
    readdirSync(here(folder))
      .filter((file) => file.endsWith('.js'))
      .map((file) => `${folder}/${file}`),
  )
  const asked = files.flatMap((file) => [...readFileSync(here(file), 'utf8').matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]))
  assert.ok(asked.length > 50)
  assert.deepEqual(
    [...new Set(asked)].filter((key) => !worded(key)),
    [],
  )
})

test('no key lies idle', () => {
  const files = ['www', 'www/view'].flatMap((folder) =>
    readdirSync(here(folder))
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(here(`${folder}/${file}`), 'utf8')),
  )
  const source = files.join('\n')
  // Families of keys whose last part comes from the engine, a catalog or the state.
  const families = ['noun.', 'error.', 'note.', 'cause.', 'severity.', 'source.', 'pattern.', 'own.', 'curve.']
  const idle = Object.keys(en).filter(
    (key) => !families.some((family) => key.startsWith(family)) && !key.includes('@') && !source.includes(`'${key}'`),
  )
  assert.deepEqual(idle, [])
})

test('every note of the shipped catalogs has words', () => {
  const files = readdirSync(here('www/catalogs')).filter((file) => file.endsWith('.json') && !file.includes('schema'))
  assert.ok(files.length >= 4)
  for (const file of files) {
    const { notes = [] } = JSON.parse(readFileSync(here(`www/catalogs/${file}`), 'utf8'))
    for (const note of notes) assert.ok(worded(`note.${note.code}`), `${file}: ${note.code}`)
  }
})

test('every note of the engine’s own has words', () => {
  const source = readdirSync(here('src'))
    .filter((file) => file.endsWith('.rs'))
    .map((file) => readFileSync(here(`src/${file}`), 'utf8'))
    .join('\n')
  const codes = [...source.matchAll(/Note \{\s*code: "([a-z_]+)"/g)].map((match) => match[1])
  assert.ok(codes.length > 0)
  for (const code of codes) assert.ok(worded(`note.${code}`), code)
})

test('every error of the engine has words', () => {
  const codes = [...readFileSync(here('src/error.rs'), 'utf8').matchAll(/^\s+[A-Z]\w+ "([a-z_]+)" "/gm)].map((match) => match[1])
  assert.ok(codes.length > 30)
  for (const code of codes) assert.ok(worded(`error.${code}`), code)
})

test('every cause of a charge has words', () => {
  for (const code of [
    'other_project',
    'used_up',
    'expired',
    'not_yet_effective',
    'free_trial_other_region',
    'other_region',
    'other_api',
    'other_user',
    'before_switch_off',
    'no_package',
  ])
    assert.ok(worded(`cause.${code}`), code)
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
