import type { Test } from 'tap'
import { createEmulator, startEmulator, type Emulator, type EmulatorOptions, type RunningEmulator } from '../../src/index.js'
import { checkResponses } from './own-responses.js'

export const SUBSCRIPTION = '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e'
export const API_VERSION = '2024-03-01'
export const AUTHORIZATION = { authorization: 'Bearer a-token' }

/** Creates an emulator without a port, which ends with the test. A response that breaks the contract is an error. */
export async function build (t: Test, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await createEmulator(options)
  await checkResponses(emulator)
  t.teardown(() => emulator.close())
  return emulator
}

/** Starts an emulator on a free port, which ends with the test. Without `dataDir` it has its own certificates. */
export async function start (t: Test, options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const emulator = await startEmulator({ ...options, dataDir: options.dataDir ?? t.testdir() })
  t.teardown(() => emulator.close())
  return emulator
}

export interface Target {
  readonly subscriptionId?: string
  readonly resourceGroup?: string
  readonly vmName?: string
  readonly apiVersion?: string
}

/** The path and query of the action. */
export function runCommandUrl (target: Target = {}): string {
  const { subscriptionId = SUBSCRIPTION, resourceGroup = 'rg', vmName = 'vm', apiVersion = API_VERSION } = target
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}` +
    `/providers/Microsoft.Compute/virtualMachines/${vmName}/runCommand?api-version=${apiVersion}`
}

/** Sends the action to an emulator without a port. */
export async function runCommand ({ app }: Emulator, body: object,
  { headers = {}, ...target }: Target & { headers?: Record<string, string> } = {}) {
  return await app.inject({ method: 'POST', url: runCommandUrl(target), headers: { ...AUTHORIZATION, ...headers }, body })
}

export interface InstanceTarget {
  readonly resourceGroup?: string
  readonly scaleSet?: string
  readonly instanceId?: string
  readonly apiVersion?: string
}

/** The path of an instance of a scale set. */
export function instancePath ({ resourceGroup = 'rg', scaleSet = 'ss', instanceId = '0' }: InstanceTarget = {}): string {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute` +
    `/virtualMachineScaleSets/${scaleSet}/virtualMachines/${instanceId}`
}

/** Sends the action on an instance of a scale set to an emulator without a port. */
export async function runOnInstance ({ app }: Emulator, body: object, target: InstanceTarget = {}) {
  const url = `${instancePath(target)}/runCommand?api-version=${target.apiVersion ?? API_VERSION}`
  return await app.inject({ method: 'POST', url, headers: AUTHORIZATION, body })
}

/** GETs a path, or an absolute URL that the emulator returned. */
export async function get ({ app }: Emulator, url: string, headers: Record<string, string> = {}) {
  return await app.inject({ method: 'GET', url: url.replace(/^https?:\/\/[^/]+/, ''), headers: { ...AUTHORIZATION, ...headers } })
}
