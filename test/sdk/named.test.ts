import t from 'tap'
import { byMachine, readTable, type Seen } from '../clients/named/named.js'
import { start } from '../harness/emulator.js'
import { CLIENTS, connect, type Call, type Outcome } from './connect.js'

const FIXTURES = [{ name: 'hi', result: { stdout: 'hi' } }]

/** Milliseconds after which a call is aborted. */
const TIMEOUT = 30_000

/** The scenario in which the clients wait forever. */
const ENDLESS = 'stalls'

/** The scenarios that are too slow at Azure's pace. */
const SLOW = ['slow-start', 'agent-timeout']

// The clients wait most of the time.
t.jobs = CLIENTS.length

for (const client of CLIENTS) {
  t.test(`${client} behaves in each named scenario as its table shows`, async t => {
    const table = readTable(client.replace(/^@azure\//, ''))
    const scenarios = byMachine()
    const options = { fixtures: FIXTURES, scenarios, dataDir: t.testdir() }
    const fast = await start(t, { ...options, pace: 'fast' })
    const azure = await start(t, { ...options, pace: 'azure' })
    const call = connect(t, client, fast.caFile)
    const names = scenarios.map(({ name }) => name).filter(name => table[name]?.skipped === undefined)
    const seen: Record<string, Seen> = {}
    for (const [emulator, all] of [[azure, names.filter(name => !SLOW.includes(name))], [fast, SLOW]] as const) {
      const outcomes = await call(emulator, all.map(callOf))
      for (const [index, name] of all.entries()) {
        const { total: runs } = emulator.journal.list({ operation: 'VirtualMachines_RunCommand', vmName: name })
        seen[name] = { ...seenOf(outcomes[index]!), ...runs > 1 && { runs } }
      }
    }
    for (const [name, row] of Object.entries(table)) if (row.skipped === undefined) t.strictSame(seen[name], row, name)
    t.strictSame(Object.keys(seen).filter(name => !(name in table)), [], 'every scenario has a row')
  })
}

function callOf (name: string): Call {
  const timeout = name === ENDLESS ? 1000 : TIMEOUT
  if (name === 'list-lags') return { method: 'listVirtualMachines', args: ['rg', {}], timeout }
  const commandId = name === 'windows-error-stream' ? 'RunPowerShellScript' : 'RunShellScript'
  const options = { updateIntervalInMs: 1 }
  return { method: 'runCommand', args: ['rg', name, { commandId, script: ['echo hi'] }, options], timeout }
}

function seenOf ({ result, error }: Outcome): Seen {
  if (error === undefined) return { returns: textOf(result) }
  const { name, statusCode, code, message } = error
  if (name === 'AbortError' || name === 'Hangs') return { error: 'waits until it is aborted' }
  return { error: [name, statusCode, code ?? message.slice(0, 100)].filter(Boolean).join(' ') }
}

/** The messages of the statuses, shortened in the middle, or the member names of any other result. */
function textOf (result: unknown): string {
  const { value } = (result ?? {}) as { value?: readonly { message?: string }[] }
  const text = value?.map(({ message }) => message).join(' | ') ?? `{${Object.keys(result ?? {}).join(', ')}}`
  return text.length <= 120 ? text : `${text.slice(0, 80)}…${text.slice(-30)}`
}
