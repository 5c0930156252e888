import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { runCommand, start } from '../harness/emulator.js'

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** How many connections the system lets wait until they are accepted. */
function mostWaiting (): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  } catch {
    return 0
  }
}

/** What a process of this user may open; Node raises its own limit as far as it can. */
const mostOpen = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).replace('unlimited', 'Infinity'))

t.test('connections wait while azrun is busy, as many as the system lets', { skip: mostWaiting() < 2000 }, async t => {
  const { port } = await start(t)
  // Nothing is accepted meanwhile. One that finds no place tries again only after a second, and then after three.
  t.doesNotThrow(() => execFileSync(process.execPath, [program('connect.js'), `${port}`, '2000'], { timeout: 20_000 }))
})

const POLLS = 10_000

t.test('10,000 polls that are held at once, each on its own connection, get the end', { skip: mostOpen < 11_000 }, async t => {
  let end = () => {}
  const ended = new Promise<void>(resolve => { end = resolve })
  const result = { exitCode: 0, stdout: '', stderr: '' }
  const emulator = await start(t, { executor: { execute: async () => { await ended; return result } } })
  let came = 0
  emulator.app.server.on('request', () => { if (++came === POLLS) end() })
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['ls'] })
  const { pathname, search } = new URL(`${headers['azure-asyncoperation']}`)
  const before = process.memoryUsage().rss
  const args = [program('poll.js'), `${emulator.httpUrl}${pathname}${search}`, `${POLLS}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  t.strictSame(JSON.parse(stdout), { '200 Succeeded': POLLS })
  const each = (process.memoryUsage().rss - before) / POLLS
  t.ok(each < 100_000, `${Math.round(each / 1000)} kB each`)
})
