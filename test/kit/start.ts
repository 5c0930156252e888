import type { Test } from 'tap'
import { startEmulator, type EmulatorOptions, type TestEmulator, type VirtualClock } from '../../src/kit/index.js'
import { runCommandUrl, type Target } from '../harness/emulator.js'

/** Starts a test emulator that ends with the test and has its own certificates. */
export async function start (t: Test, options: EmulatorOptions & { clock: 'virtual' }): Promise<TestEmulator<VirtualClock>>
export async function start (t: Test, options?: EmulatorOptions): Promise<TestEmulator>
export async function start (t: Test, options: EmulatorOptions = {}): Promise<TestEmulator> {
  const azrun = await startEmulator({ ...options, dataDir: t.testdir() })
  t.teardown(() => azrun.close())
  return azrun
}

interface Sending extends Target {
  readonly prefer?: string
  readonly parameters?: readonly { readonly name: string, readonly value: string }[]
}

/** Sends a script by inject, with the same headers each time. */
export async function send ({ app }: TestEmulator, script: string, { prefer = 'wait=600', parameters, ...target }: Sending) {
  const headers = { authorization: 'Bearer any', prefer }
  const body = { commandId: 'RunShellScript', script: [script], parameters }
  return await app.inject({ method: 'POST', url: runCommandUrl(target), headers, body })
}
