import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { CLI } from './azrun.js'

/** The reason to skip a test that needs a terminal, or false. */
export const noTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0
  ? false
  : "needs 'script' of util-linux, which creates a terminal"

export interface OnTerminal {
  readonly httpUrl: string
  readonly port: number
  /** Waits for text on the terminal that matches, and returns the match. */
  find (pattern: RegExp): Promise<RegExpExecArray>
  /** Stops the output of the terminal until the end, like Ctrl-S. */
  stop (): void
  /** Ends azrun. Resolves to the text on the terminal, with plain line breaks. */
  end (): Promise<string>
}

/** Runs `azrun serve` on a terminal and a free port. `redirect` may redirect a stream, for example `2>FILE`. */
export async function servingOnTerminal (t: Test, args: readonly string[] = [],
  { env = {}, redirect = '' }: { env?: Readonly<Record<string, string>>, redirect?: string } = {}): Promise<OnTerminal> {
  const directory = t.testdir({ data: {}, run: {} })
  const readyFile = join(directory, 'run', 'ready.json')
  const words = [process.execPath, CLI, '--port', '0', '--data-dir', join(directory, 'data'), '--ready-file', readyFile, ...args]
  const command = `${words.map(word => `'${word}'`).join(' ')} ${redirect}`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let shown = ''
  child.stdout.on('data', chunk => { shown += chunk })
  const closed = once(child, 'close')
  t.teardown(() => { child.kill('SIGKILL') })
  const { pid, httpUrl, port } = await readyFacts(readyFile, closed)
  t.teardown(() => { try { process.kill(pid, 'SIGKILL') } catch {} })
  return {
    httpUrl,
    port,
    async find (pattern) {
      for (;;) {
        const found = pattern.exec(shown)
        if (found !== null) return found
        await once(child.stdout, 'data')
      }
    },
    stop: () => { child.stdout.pause() },
    async end () {
      child.stdout.resume()
      process.kill(pid, 'SIGTERM')
      await closed
      return shown.replaceAll('\r\n', '\n')
    }
  }
}

interface ReadyFacts {
  readonly pid: number
  readonly httpUrl: string
  readonly port: number
}

/** The content of the ready file as soon as it exists. Polls, because no event reports that. */
async function readyFacts (file: string, closed: Promise<unknown>): Promise<ReadyFacts> {
  let hasEnded = false
  closed.then(() => { hasEnded = true })
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      if (hasEnded) throw new Error('azrun ended before it was ready')
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
}
