import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../harness/emulator.js'
import { commandOf, exec, extraEnvironment, type Client } from './client.js'
import { TIME, type Part, type SeenError, type Step } from './machines/step.js'
import { partsIn } from './machines/steps.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope', osType: 'Linux' }
const CONFIG = {
  subscriptions: [{ subscriptionId: SUBSCRIPTION }],
  virtualMachines: [{ ...machine, name: 'vm' }, { ...machine, name: 'asleep', powerState: 'deallocated' }],
  virtualMachineScaleSets: [{ ...machine, name: 'set', instances: ['0', '1'] }]
}

/** The types of errors by language: of an error response, and of a failed operation. */
const ERROR_TYPES: Readonly<Record<string, { response (status: number): string, failed: string }>> = {
  js: { response: () => 'RestError', failed: 'Error' },
  python: { response: status => PYTHON_ERRORS[status] ?? 'HttpResponseError', failed: 'HttpResponseError' },
  go: { response: () => 'ResponseError', failed: 'ResponseError' },
  java: { response: () => 'ManagementException', failed: 'ManagementException' },
  dotnet: { response: () => 'RequestFailedException', failed: 'RequestFailedException' }
}
const PYTHON_ERRORS: Readonly<Record<number, string>> = { 404: 'ResourceNotFoundError', 409: 'ResourceExistsError' }

interface ResultError {
  readonly type: string
  readonly code?: string | null
  readonly status?: number | null
  readonly message: string
}

/** What a program prints for a step. */
interface Result {
  readonly value?: unknown
  readonly error?: ResultError
}

/** Runs the steps on power, scale sets and managed run commands, and compares what the user sees with their table. */
export async function machines (t: Test, client: Client): Promise<void> {
  const dir = t.testdir({ 'config.json': JSON.stringify(CONFIG) })
  const parts = partsIn(dir).filter(({ needs }) => needs === undefined || !client.lacks?.includes(needs))
  const steps = parts.flatMap(part => part.steps)
  const file = join(dir, 'steps.json')
  writeFileSync(file, JSON.stringify(steps))
  const options = ['--data-dir', join(dir, 'data'), '--config', join(dir, 'config.json'), '--executor', 'shell']
  const command = commandOf({ ...client, program: client.machines! }, [file])
  const { code, stdout, stderr } = await exec(dir, options, command, extraEnvironment(client, dir))
  t.equal(code, 0, stderr)
  const results: Result[] = JSON.parse(stdout)
  for (const part of parts) {
    const own = results.splice(0, part.steps.length)
    t.test(part.title, async t => { compare(t, client, part, own) })
  }
}

function compare (t: Test, client: Client, { steps }: Part, results: readonly Result[]): void {
  for (const [index, step] of steps.entries()) {
    const { error, value } = results[index]!
    const name = nameOf(step)
    if (step.error !== undefined) compareErrors(t, client, name, error, step.error)
    else t.strictSame(error ?? normalized(value), known(client, step.sees), name)
  }
}

/** The value without the members that the models of the release lack. */
function known (client: Client, seen: unknown): unknown {
  if (Array.isArray(seen)) return seen.map(each => known(client, each))
  if (seen === null || typeof seen !== 'object') return seen
  return Object.fromEntries(Object.entries(seen).filter(([name]) => !client.lacks?.includes(name)))
}

function nameOf ({ call, vm, set, instance, name }: Step): string {
  return [call, vm, set, instance, name].filter(Boolean).join(' ')
}

function compareErrors (t: Test, { group }: Client, name: string, error: ResultError | undefined,
  expected: SeenError): void {
  const { code, status, message } = expected
  const types = ERROR_TYPES[group]!
  if (status !== undefined) t.match(error, { type: types.response(status), code, status, message }, name)
  else {
    // For a failed operation some clients have no code, but name it in the message.
    t.match(error, { type: types.failed, message }, name)
    t.match(`${error?.code} ${error?.message}`, code, name)
  }
}

/**
 * The value without null members and with TIME instead of milliseconds since 1970. It also lacks a
 * treatFailureAsDeploymentFailure of false, which some clients send by default.
 */
function normalized (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalized)
  if (value === null || typeof value !== 'object') return value ?? undefined
  const members = Object.entries(value)
    .filter(([name, each]) => each !== null && !(name === 'treatFailureAsDeploymentFailure' && each === false))
  return Object.fromEntries(members.map(([name, each]) => [name, isTime(name, each) ? TIME : normalized(each)]))
}

function isTime (name: string, value: unknown): boolean {
  return ['changed', 'startTime', 'endTime'].includes(name) && typeof value === 'number' && value <= Date.now() + 1000
}
