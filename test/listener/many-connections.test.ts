import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { runCommand, start } from '../harness/emulator.js'

const program = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** The most connections that the system queues until they are accepted. */
function maxQueued (): number {
  try {
    return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  } catch {
    return 0
  }
}

/** The most files that a process of this user may open. Node raises its own limit to this one. */
const maxOpen = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).replace('unlimited', 'Infinity'))

t.test('2,000 connections can wait while azrun is busy', { skip: maxQueued() < 2000 }, async t => {
  const { port } = await start(t)
  // This process accepts none meanwhile. A connection that the full queue drops would wait for a retransmission.
  t.doesNotThrow(() => execFileSync(process.execPath, [program('connect.js'), `${port}`, '2000'], { timeout: 20_000 }))
})

const POLLS = 10_000

t.test('10,000 polls held at the same time, each on its own connection, all get the end of the operation', { skip: maxOpen < 11_000 }, async t => {
  let end = () => {}
  const ended = new Promise<void>(resolve => { end = resolve })
  const result = { exitCode: 0, stdout: '', stderr: '' }
  const emulator = await start(t, { executor: { execute: async () => { await ended; return result } } })
  let requests = 0
  emulator.app.server.on('request', () => { if (++requests === POLLS) end() })
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['ls'] })
  const { pathname, search } = new URL(`${headers['azure-asyncoperation']}`)
  const before = process.memoryUsage().rss
  const args = [program('poll.js'), `${emulator.httpUrl}${pathname}${search}`, `${POLLS}`]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  t.strictSame(JSON.parse(stdout), { '200 Succeeded': POLLS })
  const each = (process.memoryUsage().rss - before) / POLLS
  t.ok(each < 100_000, `${Math.round(each / 1000)} kB each`)
})
