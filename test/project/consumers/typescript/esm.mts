import { createEmulator, startEmulator, virtualMachineId } from 'azrun'
import { ExecutionError, MemoryStore, UsageError, VirtualClock, systemClock } from 'azrun'
import type { Clock, Emulator, EmulatorOptions, Execution, ExecutionResult, Executor, Fixture } from 'azrun'
import type { PowerState, RunContext, RunningEmulator, Store, SubscriptionDeclaration } from 'azrun'
import type { VirtualMachine, VirtualMachineDeclaration } from 'azrun'
import type { FastifyRequest } from 'fastify'

const executor: Executor = {
  async execute ({ script, args, env, vm }: Execution, { signal }: RunContext): Promise<ExecutionResult> {
    signal.throwIfAborted()
    if (script === '') throw new ExecutionError('ScriptEmpty', vm.id.name)
    return { exitCode: 0, stdout: args[0] + env['HOME']!, stderr: '' }
  }
}
const immediate: Executor = { execute: () => ({ exitCode: 0, stdout: '', stderr: '' }) }
const clock: Clock = new VirtualClock(new Date())
const store: Store = new MemoryStore({ capacity: 100 })
const fixtures: readonly Fixture[] = [{ name: 'one', match: { vmName: '*' }, result: { stdout: 'hello' } }]
const subscriptions: SubscriptionDeclaration[] = []
const machine: VirtualMachineDeclaration = {
  subscriptionId: '00000000-0000-0000-0000-000000000000', resourceGroup: 'rg', name: 'vm', osType: 'Windows'
}
const options: EmulatorOptions = {
  executor, clock, store, subscriptions, virtualMachines: [machine], respond: 'immediate', pace: 'azure', delay: 1
}

const canned: EmulatorOptions = { fixtures }

const emulator: Emulator = await createEmulator({ ...options, clock: systemClock })
const id = virtualMachineId(machine.subscriptionId, machine.resourceGroup, machine.name)
const virtual = await createEmulator({ clock: 'virtual', seed: 7 })
await virtual.clock.advance('90m')
await virtual.close()
const found: VirtualMachine | undefined = emulator.virtualMachines.find(id)
await emulator.machineStates.set(found!, 'deallocated')
const state: PowerState = await emulator.machineStates.get(found!)
const { statusCode } = await emulator.app.inject('/_emulator/health')
const running: RunningEmulator = await startEmulator({ dataDir: 'data' }).catch((error: unknown) => {
  throw error instanceof UsageError ? new Error(error.message) : error
})
const strings: [string, string, string] = [running.url, running.httpUrl, running.caFile]
const numbers: [number, number] = [running.port, statusCode]
await running.reset()
await running.close()
await emulator.close()
console.log(state, strings.length, numbers[1], typeof immediate.execute, canned.fixtures?.length)

// @ts-expect-error: a journal is for reading, and azrun alone writes to it
export type Recorded = Emulator['journal']['record']
// @ts-expect-error: azrun alone applies scenarios
export type Applied = Emulator['scenarios']['effectsOf']
// @ts-expect-error: what azrun adds to its own requests is not added to every Fastify request
export type Added = FastifyRequest['apiVersion']
export const wrong: readonly EmulatorOptions[] = [
  // @ts-expect-error: respond is async or immediate
  { respond: 'sync' },
  // @ts-expect-error: an option of the command line only
  { readyFile: 'ready.json' },
  // @ts-expect-error: a fixture has a result or an error
  { fixtures: [{ name: 'neither' }] }
]
// @ts-expect-error: a port is a number
export const port: Parameters<typeof startEmulator>[0] = { port: '80' }
