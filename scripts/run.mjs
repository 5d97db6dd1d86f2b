// Runs other programs: says what runs and why, shows that it is alive, keeps quiet unless it goes wrong.

import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A failure that one sentence explains; no stack is shown. */
export class Stop extends Error {}

/** A step that failed, with everything it printed. */
export class StepFailed extends Stop {
  constructor(sentence, output) {
    super(sentence)
    this.output = output
  }
}

/** Runs a script's work and turns a `Stop` into one sentence on the screen. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  }
}

/** The full path of the first of these programs that this machine has, by PATH or by address. */
export function which(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of names) {
    if (!name) continue
    const places = name.includes('/') ? [name] : folders.map((folder) => join(folder, name))
    for (const place of places) {
      try {
        accessSync(place, constants.X_OK)
        if (statSync(place).isFile()) return place
      } catch {}
    }
  }
}

/** What a short command prints, or undefined when it is missing or fails. */
export function ask(command, ...args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', timeout: 60_000 })
  return status === 0 ? stdout.trim() : undefined
}

/**
 * Runs one step: a heading, a sign of life while it works (each 15 seconds, or the last line on a terminal),
 * its time when it is done, and what it printed (the last 200 lines) when it fails, unless it may fail.
 * @returns {Promise<{ output: string, seconds: number }>}
 */
export function step(title, command, args, { env = {}, mayFail = false, summary = (_output) => '' } = {}) {
  const { stdout } = process
  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 1000
  let output = ''
  let last = ''
  console.log(`▸ ${title}`)

  const beat = setInterval(
    () => {
      const line = `  ${elapsed().toFixed(0)} s  ${last}`
      if (stdout.isTTY) stdout.write(`\r\x1b[K${line.slice(0, (stdout.columns || 80) - 1)}`)
      else console.log(line.slice(0, 120))
    },
    stdout.isTTY ? 500 : 15_000,
  )

  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const take = (text) => {
      output += text
      last = output.slice(-2000).trimEnd().split(/[\r\n]/).at(-1)?.trim() ?? ''
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    const end = () => {
      clearInterval(beat)
      if (stdout.isTTY) stdout.write('\r\x1b[K')
    }
    child.on('error', (error) => {
      end()
      reject(new StepFailed(`“${command}” could not be started: ${error.message}.`, output))
    })
    child.on('close', (code, signal) => {
      end()
      const seconds = elapsed()
      if (code === 0) {
        const said = summary(output)
        console.log(`  done in ${seconds.toFixed(1)} s${said ? `: ${said}` : ''}`)
        return resolve({ output, seconds })
      }
      if (mayFail) console.log('  that did not work here')
      else console.log(output.trimEnd().split('\n').slice(-200).join('\n'))
      reject(new StepFailed(`“${title}” failed (${signal ?? `exit code ${code}`}): ${[command, ...args].join(' ')}`, output))
    })
  })
}
