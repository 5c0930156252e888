import fs, { existsSync } from 'node:fs'
import t from 'tap'
import { killAll, killScript, MARKER, type StartedScript } from '../../../src/executors/shell/kill.js'
import { hasVariable, lastProcessId, processIds, statOf } from '../../../src/processes/proc.js'
import { cannotBecomeAnother } from '../../harness/another-user.js'
import { isGone, sleeper, until } from '../../harness/execution.js'

const noProc = !existsSync('/proc/self/environ') && 'there is no /proc on this machine'

function started (pid: number, marker: string, startedAt = performance.now()): StartedScript {
  return { pid, marker, startedAt }
}

for (const [length, startedAt] of [['short', () => performance.now()], ['long', () => -Infinity]] as const) {
  t.test(`kills the processes that a ${length} script has marked, and no others`, { skip: noProc }, async t => {
    const [first, marked, other, longer] = ['m.1', 'm.1', 'm.2', 'm.10'].map(marker => sleeper(t, marker)) as
      [number, number, number, number]
    await killScript(started(first, 'm.1', startedAt()), { hasExited: false })
    await until(() => isGone(first) && isGone(marked))
    for (const pid of [other, longer]) t.notOk(isGone(pid))
  })
}

t.test('kills only the process group, not the session, if the id of the session has a new owner', { skip: noProc }, async t => {
  // This process stands for another program's, which now has the id of the script's first process.
  const stranger = sleeper(t, 'stranger')
  const kill = t.capture(process, 'kill', () => true)
  await killScript(started(stranger, 'm.1'), { hasExited: true })
  t.strictSame(kill().map(({ args }) => args), [[-stranger, 'SIGKILL']])
})

t.test('without /proc kills only the process group', async t => {
  const pid = sleeper(t, 'm.1')
  const other = sleeper(t, 'm.1')
  const proc = {
    processIds: () => [],
    statOf: () => undefined,
    hasVariable: () => false,
    isHidden: () => false,
    lastProcessId: () => 0
  }
  const { killScript } = await t.mockImport<typeof import('../../../src/executors/shell/kill.js')>(
    '../../../src/executors/shell/kill.js', { '../../../src/processes/proc.ts': proc })
  await killScript(started(pid, 'm.1'), { hasExited: false })
  await until(() => isGone(pid))
  t.notOk(isGone(other))
})

t.test('finds what a short script has started even if the ids of processes began again meanwhile', async t => {
  const marked = new Set([32_001, 32_767, 2, 5, 9, 300])
  const proc = {
    processIds: () => [1, 2, 3, 5, 9, 300, 32_000, 32_001, 32_767],
    statOf: () => undefined,
    hasVariable: (pid: number) => marked.has(pid),
    isHidden: () => false,
    lastProcessId: () => 5
  }
  const { killScript } = await t.mockImport<typeof import('../../../src/executors/shell/kill.js')>(
    '../../../src/executors/shell/kill.js', { '../../../src/processes/proc.ts': proc })
  const kill = t.capture(process, 'kill', () => true)
  await killScript(started(32_000, 'm.1'), { hasExited: true })
  t.strictSame(kill().map(({ args }) => args[0]), [-32_000, 2, 5, 32_001, 32_767])
})

t.test("kills another user's processes with the marker that root may not see, as in a container",
  { skip: cannotBecomeAnother || noProc }, async t => {
    const [marked, other] = ['m.1', 'm.10'].map(marker => sleeper(t, marker, { uid: 54321, gid: 54321 })) as [number, number]
    for (const pid of [marked, other]) await until(() => hasVariable(pid, MARKER) === true)
    const proc = {
      processIds: () => [marked, other],
      statOf: () => undefined,
      hasVariable: () => false,
      isHidden: (pid: number) => !isGone(pid),
      lastProcessId: () => Infinity
    }
    const { killScript } = await t.mockImport<typeof import('../../../src/executors/shell/kill.js')>(
      '../../../src/executors/shell/kill.js', { '../../../src/processes/proc.ts': proc })
    const kill = t.capture(process, 'kill', () => true)
    await killScript({ ...started(1, 'm.1'), account: { uid: 54321, gid: 54321 } }, { hasExited: true })
    kill.restore()
    await until(() => isGone(marked))
    t.notOk(isGone(other))
  })

t.test('reads the start time, session and environment of a process', { skip: noProc }, async t => {
  const before = statOf(process.pid)!
  const pid = sleeper(t, 'm.1')
  t.ok(processIds().includes(pid))
  t.ok(lastProcessId() > 0)
  await until(() => statOf(pid)?.session === pid)
  t.ok(statOf(pid)!.startTime >= before.startTime)
  t.strictSame(statOf(process.pid), before)
  await until(() => hasVariable(pid, `${MARKER}=m.1\0`) === true)
  t.notOk(hasVariable(pid, `${MARKER}=m\0`) === true)
  t.notOk(hasVariable(pid, 'm.1'))
})

t.test('checks a process again as long as its environment is unknown', { skip: noProc }, async t => {
  const pid = sleeper(t, 'm.1')
  const seen = [undefined, undefined, true]
  t.equal(await killAll(() => [pid], () => seen.shift()), 1)
  await until(() => isGone(pid))
})

t.test('kills processes that start during the killing', { skip: noProc }, async t => {
  const pids = [1, 2, 3].map(() => sleeper(t, 'm.1'))
  let rounds = 0
  t.equal(await killAll(() => pids.slice(0, ++rounds), () => true), 3)
})

t.test('knows nothing about a process that does not exist', async t => {
  t.equal(statOf(2 ** 30), undefined)
  t.notOk(hasVariable(2 ** 30, 'PATH='))
})

t.test('sees the variables of a process that begins another program while they are read', async t => {
  const contents = ['', 'node\0', 'A=b\0']
  const { hasVariable } = await t.mockImport<typeof import('../../../src/processes/proc.js')>(
    '../../../src/processes/proc.js', { 'node:fs': { ...fs, readFileSync: () => contents.shift() } })
  t.equal(hasVariable(1, 'A='), true)
  t.strictSame(contents, [])
})
