import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { findAccount } from '../../src/environment/account.js'
import { prepareEnvironment } from '../../src/environment/environment.js'
import { scaleSetId, virtualMachineId, type EmulatorOptions, type RunningEmulator } from '../../src/index.js'
import { start, SUBSCRIPTION } from '../harness/emulator.js'
import { bareEnvironment } from './client.js'

export interface OwnAzrun {
  readonly emulator: RunningEmulator
  /** A folder that ends with the test. */
  readonly home: string
  /** The environment of a command of `azrun exec`. */
  readonly env: Record<string, string>
}

/** Starts an azrun in this process for a client that uses it as the public cloud, so tests can read its state. */
export async function startForClient (t: Test, options: EmulatorOptions = {}): Promise<OwnAzrun> {
  const home = t.testdir()
  const subscriptions = [{ subscriptionId: SUBSCRIPTION }]
  const emulator = await start(t, { executor: 'shell', subscriptions, ...options, dataDir: join(home, 'data') })
  const variables = prepareEnvironment({
    url: emulator.url,
    httpUrl: emulator.httpUrl,
    account: await findAccount(emulator.httpUrl, { servicePrincipals: [], subscriptions }),
    ca: readFileSync(emulator.caFile, 'utf8'),
    directory: join(home, 'environment'),
    inherited: {}
  })
  return { emulator, home, env: { ...bareEnvironment(home), ...variables } }
}

/** The power state of a machine in the resource group rg, or of an instance of a scale set such as `ss/0`. */
export async function powerOf (emulator: RunningEmulator, name: string): Promise<string> {
  const { virtualMachines, scaleSets, machineStates } = emulator
  const [set, instanceId] = name.split('/') as [string, string?]
  const vm = instanceId === undefined
    ? virtualMachines.find(virtualMachineId(SUBSCRIPTION, 'rg', name))
    : scaleSets.instance(scaleSets.find(scaleSetId(SUBSCRIPTION, 'rg', set))!, instanceId)
  return await machineStates.get(vm!)
}
