// The README's example does what the README says.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('the example of the README prints what stands below it', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const [, program, printed] = /```js\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/.exec(readme) ?? []
  assert.ok(program && printed, 'README.md has an example and its output')
  const file = `${root}readme-example.mjs`
  writeFileSync(file, program)
  try {
    assert.equal(execFileSync(process.execPath, [file], { cwd: root, encoding: 'utf8' }), printed)
  } finally {
    rmSync(file)
  }
})
