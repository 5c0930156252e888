import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { type Ended } from '../client.js'

const PYTHON = fileURLToPath(new URL('.venv/bin/python', import.meta.url))
const PROGRAM = fileURLToPath(new URL('session.py', import.meta.url))

/** Runs a command of az, such as `vm stop -g rg -n vm`. `more` are arguments that can contain spaces. */
export type Az = (line: string, ...more: string[]) => Promise<Ended>

/** Starts a process for all commands, because starting az takes longer than any command. It ends with the test. */
export function openSession (t: Test, env: Record<string, string>): Az {
  const child = spawn(PYTHON, [PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const results = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  t.teardown(async () => {
    child.stdin.end()
    await ended
  })
  return async (line, ...more) => {
    child.stdin.write(`${JSON.stringify([...line.split(' '), ...more])}\n`)
    const { value, done } = await results.next()
    if (done === true) throw new Error(`az ended before the result of ${line}`)
    return JSON.parse(value)
  }
}
