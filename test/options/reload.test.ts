import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { silentLog } from '../../src/core/log.js'
import { virtualMachineId, type Emulator, type EmulatorOptions } from '../../src/index.js'
import { messages } from '../../src/logging/events.js'
import { Reloader } from '../../src/options/reload.js'
import { setupFromArgv } from '../harness/config.js'
import { get, runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { managed, put } from '../harness/managed.js'
import { matchList } from '../harness/match-list.js'

const IN_FORCE = 'azrun now uses the changed options, fixtures and scenarios'
const UNCHANGED = 'azrun keeps the options, fixtures and scenarios that it read before'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }

/** A log whose next lines a test awaits. */
class Lines {
  readonly #lines: string[] = []
  #added = () => {}

  readonly logger = pino({ level: 'info' }, new Writable({
    write: (chunk, _encoding, done) => {
      const { msg } = JSON.parse(`${chunk}`)
      if (msg !== messages.runCommand) this.#lines.push(msg)
      this.#added()
      done()
    }
  }))

  /** The lines up to the next one with this text. */
  async until (last: string): Promise<string[]> {
    for (;;) {
      const index = this.#lines.indexOf(last)
      if (index >= 0) return this.#lines.splice(0, index + 1)
      await new Promise<void>(resolve => { this.#added = resolve })
    }
  }
}

interface Watching {
  readonly emulator: Emulator
  readonly lines: Lines
  /** The directory of the files. */
  readonly dir: string
}

/** An emulator that watches `azrun.json` or `fixtures`, whichever is among the files. */
async function watching (t: Test, files: Record<string, string | Record<string, string>>,
  options: EmulatorOptions = {}): Promise<Watching> {
  const dir = t.testdir({ ...files, data: {} })
  const lines = new Lines()
  const paths = 'azrun.json' in files ? { config: join(dir, 'azrun.json') } : { fixtures: join(dir, 'fixtures') }
  const emulator = await start(t, { ...options, watch: true, logger: lines.logger, dataDir: join(dir, 'data'), ...paths })
  return { emulator, lines, dir }
}

function fixtureOf (stdout: string): string {
  return JSON.stringify({ fixtures: [{ name: 'mine', result: { stdout } }] })
}

async function run (emulator: Emulator, prefer = 'wait=10') {
  return await runCommand(emulator, { commandId: 'RunShellScript', script: ['x'] }, { headers: { prefer } })
}

async function stdoutOf (emulator: Emulator): Promise<string> {
  const response = await run(emulator)
  return /\[stdout\]\n(.*)\n/.exec(response.json().value[0].message)![1]!
}

t.test('uses fixtures that are changed, added or removed while it runs', async t => {
  const { emulator, lines, dir } = await watching(t, { fixtures: { 'b.json': fixtureOf('first') } })
  const fixtures = join(dir, 'fixtures')
  t.equal(await stdoutOf(emulator), 'first')
  const steps: [string, () => void][] = [
    ['written', () => writeFileSync(join(fixtures, 'b.json'), fixtureOf('written'))],
    ['added before', () => writeFileSync(join(fixtures, 'a.json'), fixtureOf('added before'))],
    ['written', () => rmSync(join(fixtures, 'a.json'))]
  ]
  for (const [expected, change] of steps) {
    change()
    t.strictSame(await lines.until(IN_FORCE), [IN_FORCE])
    t.equal(await stdoutOf(emulator), expected)
  }
})

t.test('notices when a file or a directory is replaced, at once or after its removal', async t => {
  const { emulator, lines, dir } = await watching(t, { fixtures: { 'a.json': fixtureOf('first') } })
  const fixtures = join(dir, 'fixtures')
  writeFileSync(join(fixtures, 'a.json~'), fixtureOf('a file'))
  renameSync(join(fixtures, 'a.json~'), join(fixtures, 'a.json'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'a file')
  mkdirSync(join(dir, 'other'))
  writeFileSync(join(dir, 'other', 'a.json'), fixtureOf('a directory'))
  renameSync(fixtures, join(dir, 'former'))
  renameSync(join(dir, 'other'), fixtures)
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'a directory')
  writeFileSync(join(fixtures, 'a.json'), fixtureOf('a file in it'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'a file in it')
  rmSync(fixtures, { recursive: true })
  matchList(t, await lines.until(UNCHANGED), [/^option 'fixtures' .* does not exist: check the path/, UNCHANGED])
  mkdirSync(fixtures)
  writeFileSync(join(fixtures, 'a.json'), fixtureOf('a new directory'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'a new directory')
})

t.test('notices changes behind links, in a file and in what takes the place of it or of a link', async t => {
  const { emulator, lines, dir } = await watching(t, {
    fixtures: { 'own.json': '{ "fixtures": [] }' }, first: { 'a.json': fixtureOf('first') }, second: { 'a.json': fixtureOf('second') }, links: {}
  })
  const [link, between] = [join(dir, 'fixtures', 'a.json'), join(dir, 'links', 'link')]
  symlinkSync('../first/a.json', between)
  symlinkSync('../links/link', link)
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'first')
  const steps: [string, () => void][] = [
    ['written', () => writeFileSync(join(dir, 'first', 'a.json'), fixtureOf('written'))],
    ['replaced', () => {
      writeFileSync(join(dir, 'first', 'a.json~'), fixtureOf('replaced'))
      renameSync(join(dir, 'first', 'a.json~'), join(dir, 'first', 'a.json'))
    }],
    ['second', () => {
      symlinkSync('../second/a.json', `${between}~`)
      renameSync(`${between}~`, between)
    }],
    ['written again', () => writeFileSync(join(dir, 'second', 'a.json'), fixtureOf('written again'))]
  ]
  for (const [expected, change] of steps) {
    change()
    t.strictSame(await lines.until(IN_FORCE), [IN_FORCE])
    t.equal(await stdoutOf(emulator), expected)
  }
})

t.test('keeps its fixtures while a link to itself takes the place of their directory', async t => {
  const { emulator, lines, dir } = await watching(t, { fixtures: { 'a.json': fixtureOf('first') } })
  const fixtures = join(dir, 'fixtures')
  renameSync(fixtures, join(dir, 'former'))
  symlinkSync('fixtures', fixtures)
  // The link may come while azrun reads the directory.
  matchList(t, await lines.until(UNCHANGED), [/^(?:option 'fixtures' .*|\S+a\.json) cannot be read/, UNCHANGED])
  t.equal(await stdoutOf(emulator), 'first')
  rmSync(fixtures)
  mkdirSync(fixtures)
  writeFileSync(join(fixtures, 'a.json'), fixtureOf('second'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'second')
})

t.test('does not wait for a pipe that takes the place of a file or is among the fixtures',
  { skip: process.platform === 'win32' && 'there are no named pipes in directories' }, async t => {
    const files = { 'azrun.json': '{ "fixtures": "fixtures" }', fixtures: { 'a.json': fixtureOf('a') } }
    const { lines, dir } = await watching(t, files)
    const [config, pipe] = [join(dir, 'azrun.json'), join(dir, 'fixtures', 'b.json')]
    execFileSync('mkfifo', [pipe])
    t.strictSame(await lines.until(UNCHANGED), [`${pipe} must be a file, not a pipe or a device: check the path`, UNCHANGED])
    execFileSync('mkfifo', [`${config}~`])
    renameSync(`${config}~`, config)
    t.strictSame(await lines.until(UNCHANGED),
      [`${config} is a pipe or a device, which --watch cannot read again: replace it with a file`, UNCHANGED])
    rmSync(config)
    rmSync(pipe)
    writeFileSync(config, '{ "fixtures": "fixtures", "delay": 1 }')
    await lines.until(IN_FORCE)
  })

t.test('does not wait for a pipe or a device that the config file newly names',
  { skip: process.platform === 'win32' && 'there are no named pipes in directories' }, async t => {
    const { emulator, lines, dir } = await watching(t, { 'azrun.json': '{ "fixtures": "mine.json" }', 'mine.json': fixtureOf('good') })
    const [config, pipe] = [join(dir, 'azrun.json'), join(dir, 'pipe')]
    execFileSync('mkfifo', [pipe])
    for (const [option, path] of [['fixtures', pipe], ['scenarios', pipe], ['fixtures', '/dev/zero']]) {
      writeFileSync(config, JSON.stringify({ [option!]: path }))
      t.strictSame(await lines.until(UNCHANGED),
        [`${path} is a pipe or a device, which --watch cannot read again: replace it with a file`, UNCHANGED], `${option} ${path}`)
      t.equal(await stdoutOf(emulator), 'good')
      writeFileSync(config, '{ "fixtures": "mine.json", "prot": 1 }')
      await lines.until(UNCHANGED)
    }
  })

t.test('keeps the last good fixtures and options, and logs each mistake once', async t => {
  const files = { 'azrun.json': '{ "fixtures": "mine.json" }', 'mine.json': fixtureOf('good') }
  const { emulator, lines, dir } = await watching(t, files)
  const [config, fixtures] = [join(dir, 'azrun.json'), join(dir, 'mine.json')]
  writeFileSync(fixtures, '{ "fixtures": [{ "name": "x" }] }')
  t.strictSame(await lines.until(UNCHANGED), [`${fixtures}:1:16: 'fixtures[0]' must have either 'result' or 'error'`, UNCHANGED])
  t.equal(await stdoutOf(emulator), 'good')
  utimesSync(fixtures, 1, 1)
  writeFileSync(config, '{ "fixtures": "mine.json", "prot": 1 }')
  t.strictSame(await lines.until(UNCHANGED), [
    `${config}:1:28: 'prot' is not a known property; did you mean 'port'?`,
    `${fixtures}:1:16: 'fixtures[0]' must have either 'result' or 'error'`,
    UNCHANGED
  ])
  writeFileSync(fixtures, fixtureOf('better'))
  t.strictSame(await lines.until(UNCHANGED), [`${config}:1:28: 'prot' is not a known property; did you mean 'port'?`, UNCHANGED])
  writeFileSync(config, '{ "fixtures": "mine.json" }')
  t.strictSame(await lines.until(IN_FORCE), [IN_FORCE])
  t.equal(await stdoutOf(emulator), 'better')
})

t.test('notices the correction of a file that the config file newly names', async t => {
  const files = { 'azrun.json': '{}', wrong: { 'mine.json': '{ "fixtures": [{ "name": "x" }] }' } }
  const { emulator, lines, dir } = await watching(t, files)
  const config = join(dir, 'azrun.json')
  writeFileSync(config, '{ "fixtures": "wrong" }')
  t.strictSame(await lines.until(UNCHANGED), [`${join(dir, 'wrong/mine.json')}:1:16: 'fixtures[0]' must have either 'result' or 'error'`, UNCHANGED])
  writeFileSync(join(dir, 'wrong/mine.json'), fixtureOf('corrected'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'corrected')

  writeFileSync(config, '{ "fixtures": "not/yet/mine.json" }')
  t.strictSame(await lines.until(UNCHANGED), [`${config}:1:15: 'fixtures' ${join(dir, 'not/yet/mine.json')} does not exist: check the path`, UNCHANGED])
  mkdirSync(join(dir, 'not'))
  mkdirSync(join(dir, 'not/yet'))
  writeFileSync(join(dir, 'not/yet/mine.json'), fixtureOf('added'))
  await lines.until(IN_FORCE)
  t.equal(await stdoutOf(emulator), 'added')
})

t.test('says that it uses the files again when a mistake is undone', async t => {
  const { lines, dir } = await watching(t, { 'azrun.json': '{ "delay": 1 }' })
  const config = join(dir, 'azrun.json')
  writeFileSync(config, '{ "delay": "x" }')
  await lines.until(UNCHANGED)
  writeFileSync(config, '{ "delay": 1 }')
  t.strictSame(await lines.until(IN_FORCE), [IN_FORCE])
})

t.test('keeps its fixtures when the file names another executor, which takes effect at a restart', async t => {
  const files = { 'azrun.json': '{ "fixtures": "mine.json" }', 'mine.json': fixtureOf('good') }
  const { emulator, lines, dir } = await watching(t, files)
  writeFileSync(join(dir, 'azrun.json'), '{ "executor": "shell" }')
  const told = await lines.until(IN_FORCE)
  matchList(t, told, [/'executor' has changed, which takes effect when azrun restarts/, IN_FORCE])
  t.equal(await stdoutOf(emulator), 'good')
})

t.test('applies changed declarations and settings of the config file', async t => {
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': '{ "respond": "immediate" }' })
  const config = join(dir, 'azrun.json')
  const statusOf = async (vmName: string) =>
    (await get(emulator, runCommandUrl({ vmName }).replace('/runCommand?', '?'))).statusCode
  t.equal(await statusOf('other'), 200)
  t.equal((await run(emulator, 'x')).statusCode, 200)
  writeFileSync(config, JSON.stringify({ respond: 'async', delay: 60_000, virtualMachines: [machine], strict: true }))
  await lines.until(IN_FORCE)
  t.strictSame([await statusOf('vm'), await statusOf('other')], [200, 404])
  t.equal((await run(emulator, 'x')).statusCode, 202)
  writeFileSync(config, JSON.stringify({ virtualMachines: [{ ...machine, name: 'other' }], strict: true }))
  await lines.until(IN_FORCE)
  t.strictSame([await statusOf('vm'), await statusOf('other')], [404, 200])
})

t.test('requires the role assignments of a changed config file', async t => {
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': '{}' })
  const config = join(dir, 'azrun.json')
  const statusOf = async () => (await run(emulator)).statusCode
  t.equal(await statusOf(), 200)
  writeFileSync(config, JSON.stringify({ roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*'] }] }))
  await lines.until(IN_FORCE)
  t.equal(await statusOf(), 401)
  writeFileSync(config, '{ "delay": 0 }')
  await lines.until(IN_FORCE)
  t.equal(await statusOf(), 200)
})

t.test('keeps machines that a program has declared until the declarations of the file change', async t => {
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': JSON.stringify({ virtualMachines: [machine] }) })
  const config = join(dir, 'azrun.json')
  const names = () => emulator.virtualMachines.list().map(({ id }) => id.name)
  await emulator.virtualMachines.declare({ ...machine, name: 'since' })
  writeFileSync(config, JSON.stringify({ delay: 1, virtualMachines: [machine] }))
  await lines.until(IN_FORCE)
  t.strictSame(names(), ['vm', 'since'])
  writeFileSync(config, JSON.stringify({ virtualMachines: [{ ...machine, name: 'new' }] }))
  await lines.until(IN_FORCE)
  t.strictSame(names(), ['new'])
})

t.test('a machine whose declaration changes gets the declared state, and the others keep theirs', async t => {
  const [changed, same] = [{ ...machine, name: 'changed' }, { ...machine, name: 'same' }]
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': JSON.stringify({ virtualMachines: [changed, same] }) })
  const idOf = (name: string) => virtualMachineId(SUBSCRIPTION, 'rg', name)
  const stateOf = async (name: string) => await emulator.machineStates.get(emulator.virtualMachines.find(idOf(name))!)
  for (const vm of emulator.virtualMachines.list()) await emulator.machineStates.set(vm, 'stopped')
  const virtualMachines = [{ ...changed, powerState: 'deallocated' }, same, { ...machine, name: 'new' }]
  writeFileSync(join(dir, 'azrun.json'), JSON.stringify({ virtualMachines }))
  await lines.until(IN_FORCE)
  t.strictSame([await stateOf('changed'), await stateOf('same'), await stateOf('new')], ['deallocated', 'stopped', 'running'])
})

t.test('a machine that is removed ends with what runs on it; its run commands return with it if they are declared', async t => {
  const { runCommands } = JSON.parse(fileOf(['a']))
  const fileWith = (names: string[]) =>
    JSON.stringify({ runCommands, respond: 'async', virtualMachines: names.map(name => ({ ...machine, name })) })
  const executor = {
    async execute (_: unknown, { signal }: { signal: AbortSignal }) {
      await once(signal, 'abort')
      throw signal.reason
    }
  }
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': fileWith(['vm', 'stays']) }, { executor })
  const [ends, goesOn] = [await startOn(emulator, 'vm'), await startOn(emulator, 'stays')]
  await put(emulator, 'sleep', { name: 'run', properties: { asyncExecution: true } })
  writeFileSync(join(dir, 'azrun.json'), fileWith(['stays']))
  await lines.until(IN_FORCE)
  t.strictSame([(await get(emulator, ends)).json().status, (await get(emulator, goesOn)).json().status], ['Canceled', 'InProgress'])
  writeFileSync(join(dir, 'azrun.json'), fileWith(['stays', 'vm']))
  await lines.until(IN_FORCE)
  const { value } = (await managed(emulator, 'GET', {})).json()
  t.same(value.map(({ name }: { name: string }) => name), ['a'])
})

t.test('applies changed scale sets', async t => {
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': JSON.stringify({ virtualMachineScaleSets: [machine] }) })
  const instances = () => emulator.scaleSets.list().map(({ instanceIds }) => instanceIds)
  t.strictSame(instances(), [['0', '1']])
  writeFileSync(join(dir, 'azrun.json'), JSON.stringify({ virtualMachineScaleSets: [{ ...machine, instances: ['7'] }] }))
  await lines.until(IN_FORCE)
  t.strictSame(instances(), [['7']])
})

t.test('logs which changes need a restart', async t => {
  const { lines, dir } = await watching(t, { 'azrun.json': '{ "delay": 1 }' })
  const config = join(dir, 'azrun.json')
  writeFileSync(config, '{\n  "delay": 2, "pace": "azure",\n  "maxScripts": 7, "executor": "shell" }')
  t.strictSame(await lines.until(IN_FORCE), [
    `${config}:3:32: 'executor' has changed, which takes effect when azrun restarts; until then it is "fixture"`,
    `${config}:3:17: 'maxScripts' has changed, which takes effect when azrun restarts; until then it is not set`,
    `${config}:2:23: 'pace' has changed, which takes effect when azrun restarts; until then it is "fast"`,
    IN_FORCE
  ])
  writeFileSync(config, '{ "delay": 3, "pace": "azure", "maxScripts": 7, "executor": "shell" }')
  t.strictSame(await lines.until(IN_FORCE), [IN_FORCE])
})

t.test('notices a change between reading the file and starting to watch it', async t => {
  const config = join(t.testdir({ 'azrun.json': '{ "delay": 1 }' }), 'azrun.json')
  const setup = await setupFromArgv(['--config', config, '--watch'], {})
  writeFileSync(config, '{ "delay": 2 }')
  const delays: number[] = []
  await new Reloader(setup, { log: silentLog, apply: ({ config }) => { delays.push(config.delay) } }).close()
  t.strictSame(delays, [2])
})

t.test('applies changed run commands, and keeps those that have run since', async t => {
  const { emulator, lines, dir } = await watching(t, { 'azrun.json': fileOf(['a', 'b', 'run']) })
  await put(emulator, 'echo now', { name: 'run' })
  writeFileSync(join(dir, 'azrun.json'), fileOf(['b', 'c']))
  await lines.until(IN_FORCE)
  const { value } = (await managed(emulator, 'GET', {})).json()
  t.same(value.map(({ name }: { name: string }) => name), ['b', 'c', 'run'])
})

function fileOf (names: readonly string[]): string {
  const { name: vmName, ...place } = machine
  return JSON.stringify({ runCommands: names.map(name => ({ ...place, vmName, name, source: { script: 'echo' } })) })
}

/** Starts a script on a machine, and returns the URL of its operation. */
async function startOn (emulator: Emulator, vmName: string): Promise<string> {
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['x'] }, { vmName })
  return headers['azure-asyncoperation'] as string
}
