import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { type Ended } from '../client.js'

const PYTHON = fileURLToPath(new URL('.venv/bin/python', import.meta.url))
const PROGRAM = fileURLToPath(new URL('session.py', import.meta.url))

/** Runs a line of az, `vm stop -g rg -n vm`, with `more` words that may have spaces. */
export type Az = (line: string, ...more: string[]) => Promise<Ended>

/** az in one process, which ends with the test: starting takes longer than any command. */
export function openSession (t: Test, env: Record<string, string>): Az {
  const child = spawn(PYTHON, [PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  t.teardown(async () => {
    child.stdin.end()
    await ended
  })
  return async (line, ...more) => {
    child.stdin.write(`${JSON.stringify([...line.split(' '), ...more])}\n`)
    const { value, done } = await answers.next()
    if (done === true) throw new Error(`az ended before it answered ${line}`)
    return JSON.parse(value)
  }
}
