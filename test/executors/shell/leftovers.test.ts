import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { MARKER } from '../../../src/executors/shell/kill.js'
import { directoryPrefix, removeLeftovers } from '../../../src/executors/shell/leftovers.js'
import { recordOf, writeRecord, type RunRecord } from '../../../src/executors/shell/records.js'
import { hasVariable } from '../../../src/processes/proc.js'
import { isGone, sleeper, until } from '../../harness/execution.js'

const noProc = !existsSync('/proc/self/environ') && 'there is no /proc on this machine'
const ID = '0123456789abcdef0123456789abcdef'

/** Leftovers of an azrun: a process and a directory of a script, and its record with the given changes. */
async function left (t: Test, given: Partial<RunRecord> = {}) {
  const root = t.testdir({ data: {}, tmp: {} })
  const [dataDir, tmp] = [join(root, 'data'), join(root, 'tmp')]
  const record = { ...recordOf(ID, tmp), ...given }
  writeRecord(dataDir, record)
  const directory = join(tmp, `${directoryPrefix(record.id)}AbCdEf`)
  mkdirSync(join(directory, 'a'), { recursive: true })
  const pid = await markedProcess(t, `${record.id}.1`)
  const warnings: string[] = []
  return {
    dataDir,
    tmp,
    directory,
    pid,
    warnings,
    clean: async () => await removeLeftovers(dataDir, { warn: message => { warnings.push(message) } }),
    records: () => readdirSync(join(dataDir, 'running'))
  }
}

/** Starts a process with this marker, and waits until /proc shows the marker. */
async function markedProcess (t: Test, marker: string): Promise<number> {
  const pid = sleeper(t, marker)
  await until(() => noProc !== false || hasVariable(pid, MARKER) === true)
  return pid
}

/** An azrun that had the id of this process before, and so started at another time. */
const REUSED: Partial<RunRecord> = { startTime: recordOf(ID, '').startTime! - 1 }

t.test('kills the processes of an azrun that was killed, and removes its directories', { skip: noProc }, async t => {
  const { clean, pid, directory, warnings, records } = await left(t, REUSED)
  await clean()
  await until(() => isGone(pid))
  t.notOk(existsSync(directory))
  t.same(records(), [])
  t.same(warnings, [`azrun with process id ${process.pid} ended without cleaning up: removed what its scripts left ` +
    '(processes: 1, directories: 1)'])
  await clean()
  t.equal(warnings.length, 1)
})

t.test('says nothing of an azrun that was killed, but left nothing', async t => {
  const { clean, pid, directory, warnings, records } = await left(t, REUSED)
  rmSync(directory, { recursive: true })
  process.kill(pid, 'SIGKILL')
  await until(() => isGone(pid))
  await clean()
  t.same(records(), [])
  t.same(warnings, [])
})

t.test('leaves the processes and directories of other azruns alone', { skip: noProc }, async t => {
  const { clean, tmp } = await left(t, REUSED)
  const others = [join(tmp, 'azrun-other'), join(tmp, `${directoryPrefix(ID.replace('0', '1'))}AbCdEf`)]
  for (const other of others) mkdirSync(other)
  const pids = await Promise.all(['other.1', `${ID}0.1`, ID, `x${ID}.1`].map(async marker => await markedProcess(t, marker)))
  await clean()
  for (const other of others) t.ok(existsSync(other))
  for (const pid of pids) t.notOk(isGone(pid))
})

t.test('does not kill a process that is older than the azrun of its marker', { skip: noProc }, async t => {
  const { clean, pid } = await left(t, { startTime: Number.MAX_SAFE_INTEGER })
  await clean()
  t.notOk(isGone(pid))
})

const foreign: Readonly<Record<string, Partial<RunRecord>>> = {
  'an azrun that still runs': {},
  'an azrun on another machine': { ...REUSED, host: 'another' },
  'an azrun in another container': { ...REUSED, namespace: 'pid:[1]' }
}

for (const [whose, given] of Object.entries(foreign)) {
  t.test(`leaves the processes and directories of ${whose} alone`, { skip: noProc }, async t => {
    const { clean, pid, directory, warnings, records } = await left(t, given)
    await clean()
    t.notOk(isGone(pid))
    t.ok(existsSync(directory))
    t.equal(records().length, 1)
    t.same(warnings, [])
  })
}

t.test('removes the directories of an azrun from before the machine restarted', async t => {
  const { clean, directory, records } = await left(t, { boot: 'another', namespace: 'pid:[1]' })
  await clean()
  t.notOk(existsSync(directory))
  t.same(records(), [])
})

t.test('without /proc, assumes that an azrun runs if a process has its id', async t => {
  const unknown = { startTime: undefined }
  const running = await left(t, unknown)
  await running.clean()
  t.ok(existsSync(running.directory))
  const gone = await left(t, { ...unknown, pid: 2 ** 30 })
  await gone.clean()
  t.notOk(existsSync(gone.directory))
})

t.test('ignores invalid records and a data directory that does not exist', async t => {
  const { clean, dataDir, tmp, directory, warnings, records } = await left(t)
  // Its record has another name.
  writeFileSync(join(dataDir, 'running', 'copy.json'), JSON.stringify({ ...recordOf(ID, tmp), boot: 'another' }))
  const contents = ['', '{', 'null', '[]', '{"id":"../../x","pid":1,"directory":"/","host":"x"}', '{"id":1}']
  for (const [index, content] of contents.entries()) writeFileSync(join(dataDir, 'running', `${index}.json`), content)
  await clean()
  t.equal(records().length, contents.length + 2)
  t.ok(existsSync(directory))
  await removeLeftovers(join(dataDir, 'none'), { warn: message => { warnings.push(message) } })
  t.same(warnings, [])
})

t.test('warns about what it cannot remove, and keeps the record for the next start', { skip: noProc }, async t => {
  const { dataDir, tmp, warnings, records } = await left(t, REUSED)
  const removeTree = async () => { throw new Error('EPERM: operation not permitted') }
  const { removeLeftovers } = await t.mockImport<typeof import('../../../src/executors/shell/leftovers.js')>(
    '../../../src/executors/shell/leftovers.js', { '../../../src/executors/shell/remove-tree.ts': { removeTree } })
  await removeLeftovers(dataDir, { warn: message => { warnings.push(message) } })
  t.same(warnings, [`what azrun with process id ${process.pid} left in ${tmp} cannot be removed: EPERM: operation not ` +
    `permitted; remove ${directoryPrefix(ID)}* there`])
  t.equal(records().length, 1)
})
