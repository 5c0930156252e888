import { createRequire } from 'node:module'
import type { Test } from 'tap'
import type { Emulator } from '../../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, runCommandUrl, SUBSCRIPTION } from '../../harness/emulator.js'
import { writePublished } from '../published.js'

export { skipPublished as skip } from '../../harness/azure-data.js'

const QUERY = `?api-version=${API_VERSION}`
const MACHINES = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines`
const COMMANDS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/runCommands`

const SETS = `${MACHINES.replace('virtualMachines', 'virtualMachineScaleSets')}`
const POWER = ['Start', 'Restart', 'Redeploy', 'PowerOff', 'Deallocate']
const PUT = { location: 'westus', properties: { source: { script: 'echo 1' }, parameters: [{ name: 'one', value: '1' }] } }

interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly body?: object
}

/** Requests of a client, each with the operation that oav must recognize. */
const SESSION: readonly (Sent & { readonly operationId: string })[] = [
  { operationId: 'VirtualMachines_ListAll', method: 'GET', url: `${MACHINES.replace('/resourceGroups/rg', '')}${QUERY}` },
  { operationId: 'VirtualMachines_List', method: 'GET', url: `${MACHINES}${QUERY}` },
  { operationId: 'VirtualMachines_Get', method: 'GET', url: `${MACHINES}/linux${QUERY}` },
  { operationId: 'VirtualMachines_Get', method: 'GET', url: `${MACHINES}/windows${QUERY}&$expand=instanceView` },
  { operationId: 'VirtualMachineRunCommands_List', method: 'GET', url: `${COMMANDS}${QUERY}` },
  { operationId: 'VirtualMachineRunCommands_Get', method: 'GET', url: `${COMMANDS}/RunShellScript${QUERY}` },
  { operationId: 'VirtualMachineRunCommands_Get', method: 'GET', url: `${COMMANDS}/RunPowerShellScript${QUERY}` },
  ...[['linux', 'RunShellScript'], ['windows', 'RunPowerShellScript']].map(([vmName, commandId]) => ({
    operationId: 'VirtualMachines_RunCommand',
    method: 'POST',
    url: runCommandUrl({ vmName }),
    body: { commandId, script: ['echo 1', 'echo 2'], parameters: [{ name: 'one', value: '1' }] }
  } as const)),
  { operationId: 'VirtualMachines_InstanceView', method: 'GET', url: `${MACHINES}/linux/instanceView${QUERY}` },
  { operationId: 'VirtualMachineScaleSets_ListAll', method: 'GET', url: `${SETS.replace('/resourceGroups/rg', '')}${QUERY}` },
  { operationId: 'VirtualMachineScaleSets_List', method: 'GET', url: `${SETS}${QUERY}` },
  { operationId: 'VirtualMachineScaleSets_Get', method: 'GET', url: `${SETS}/ss${QUERY}` },
  { operationId: 'VirtualMachineScaleSets_GetInstanceView', method: 'GET', url: `${SETS}/ss/instanceView${QUERY}` },
  { operationId: 'VirtualMachineScaleSetVMs_List', method: 'GET', url: `${SETS}/ss/virtualMachines${QUERY}` },
  { operationId: 'VirtualMachineScaleSetVMs_Get', method: 'GET', url: `${SETS}/ss/virtualMachines/0${QUERY}&$expand=instanceView` },
  { operationId: 'VirtualMachineScaleSetVMs_GetInstanceView', method: 'GET', url: `${SETS}/ss/virtualMachines/0/instanceView${QUERY}` },
  {
    operationId: 'VirtualMachineScaleSetVMs_RunCommand',
    method: 'POST',
    url: `${SETS}/ss/virtualmachines/0/runCommand${QUERY}`,
    body: { commandId: 'RunShellScript', script: ['echo 1'] }
  },
  ...POWER.flatMap(verb => [
    { operationId: `VirtualMachines_${verb}`, method: 'POST', url: `${MACHINES}/power/${verb}${QUERY}` },
    { operationId: `VirtualMachineScaleSets_${verb}`, method: 'POST', url: `${SETS}/ss/${verb}${QUERY}`, body: { instanceIds: ['1'] } },
    { operationId: `VirtualMachineScaleSetVMs_${verb}`, method: 'POST', url: `${SETS}/ss/virtualmachines/2/${verb}${QUERY}` }
  ] as const),
  ...[
    ['VirtualMachineRunCommands', `${MACHINES}/linux`, 'GetByVirtualMachine', 'ListByVirtualMachine'],
    ['VirtualMachineRunCommands', `${MACHINES}/windows`, 'GetByVirtualMachine', 'ListByVirtualMachine'],
    ['VirtualMachineScaleSetVMRunCommands', `${SETS}/ss/virtualMachines/0`, 'Get', 'List']
  ].flatMap(([group, machine, get, list]) => [
    { operationId: `${group}_CreateOrUpdate`, method: 'PUT', url: `${machine}/runCommands/one${QUERY}`, body: PUT },
    { operationId: `${group}_CreateOrUpdate`, method: 'PUT', url: `${machine}/runCommands/one${QUERY}`, body: PUT },
    { operationId: `${group}_Update`, method: 'PATCH', url: `${machine}/runCommands/one${QUERY}`, body: { tags: { one: '1' } } },
    { operationId: `${group}_${get}`, method: 'GET', url: `${machine}/runCommands/one${QUERY}&$expand=instanceView` },
    { operationId: `${group}_${list}`, method: 'GET', url: `${machine}/runCommands${QUERY}` },
    { operationId: `${group}_Delete`, method: 'DELETE', url: `${machine}/runCommands/one${QUERY}` },
    { operationId: `${group}_Delete`, method: 'DELETE', url: `${machine}/runCommands/none${QUERY}` }
  ] as const)
]

/** Requests that Azure refuses with responses that its document does not describe. */
const REFUSED: readonly (Sent & { readonly status: number })[] = [
  { status: 404, method: 'GET', url: `${COMMANDS}/None${QUERY}` },
  { status: 404, method: 'POST', url: runCommandUrl({ vmName: 'none' }), body: { commandId: 'RunShellScript' } },
  { status: 409, method: 'POST', url: runCommandUrl({ vmName: 'off' }), body: { commandId: 'RunShellScript' } }
]

/** Requests that Azure refuses with responses that its document describes. */
const DESCRIBED: readonly (Sent & { readonly status: number })[] = [
  { status: 409, method: 'POST', url: `${MACHINES}/off/powerOff${QUERY}` },
  { status: 409, method: 'PUT', url: `${MACHINES}/off/runCommands/one${QUERY}`, body: PUT },
  { status: 404, method: 'GET', url: `${MACHINES}/linux/runCommands/none${QUERY}` }
]

/** The part of oav that this check uses. oav's own types do not resolve. */
interface Validator {
  initialize (): Promise<void>
  validateLiveRequestResponse (pair: object): Promise<Record<'requestValidationResult' | 'responseValidationResult', Validated>>
}

interface Validated {
  readonly isSuccessful?: boolean
  readonly operationInfo: { readonly operationId: string }
  readonly errors: readonly { readonly code: string, readonly message: string }[]
  readonly runtimeException?: { readonly message: string }
}

/** Validates a session with Azure's own validator of live traffic, against Azure's published document. */
export async function check (t: Test): Promise<void> {
  const validator = await createValidator(t)
  const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
  const virtualMachines = [
    { ...machine, name: 'linux' },
    { ...machine, name: 'windows', osType: 'Windows' },
    { ...machine, name: 'power' },
    { ...machine, name: 'off', powerState: 'deallocated' }
  ] as const
  const virtualMachineScaleSets = [{ ...machine, name: 'ss', instances: ['0', '1', '2'] }] as const
  for (const respond of ['async', 'immediate'] as const) {
    const emulator = await build(t, { respond, virtualMachines, virtualMachineScaleSets })
    for (const { operationId, ...sent } of SESSION) {
      const { status, request, response } = await exchange(validator, emulator, sent)
      const title = `${respond}: ${sent.method} ${sent.url} gets ${status}`
      t.equal(request.operationInfo.operationId, operationId, title)
      for (const each of [request, response]) {
        t.strictSame([...each.errors, each.runtimeException?.message], [undefined], title)
      }
    }
  }
  const emulator = await build(t, { virtualMachines })
  for (const { status, ...sent } of REFUSED) {
    const { response, ...got } = await exchange(validator, emulator, sent)
    t.equal(got.status, status, sent.url)
    t.strictSame(response.errors.map(({ code }) => code), ['INVALID_RESPONSE_CODE'], `${sent.url}: only the status is not described`)
  }
  for (const { status, ...sent } of DESCRIBED) {
    const { response, ...got } = await exchange(validator, emulator, sent)
    t.equal(got.status, status, sent.url)
    t.strictSame(response.errors, [], sent.url)
  }
}

async function createValidator (t: Test): Promise<Validator> {
  const { LiveValidator } = createRequire(import.meta.url)('oav')
  const directory = t.testdir()
  writePublished(directory)
  const validator: Validator = new LiveValidator({
    git: { shouldClone: false },
    directory,
    swaggerPathsPattern: ['specification/**/stable/2024-03-01/{runCommand,virtualMachine,virtualMachineScaleSet}.json'],
    isPathCaseSensitive: false,
    isArmCall: true,
    loadValidatorInBackground: false,
    loadValidatorInInitialize: true
  })
  await validator.initialize()
  return validator
}

async function exchange (validator: Validator, { app }: Emulator, { method, url, body }: Sent) {
  const headers = { ...AUTHORIZATION, ...body !== undefined && { 'content-type': 'application/json' } }
  const { statusCode, headers: received, body: text } = await app.inject({ method, url, headers, body })
  const full = new URL(url, 'https://management.azure.com')
  const results = await validator.validateLiveRequestResponse({
    liveRequest: { method, url: full.href, headers, query: Object.fromEntries(full.searchParams), body },
    liveResponse: { statusCode: `${statusCode}`, headers: received, body: text === '' ? undefined : JSON.parse(text) }
  })
  return { status: statusCode, request: results.requestValidationResult, response: results.responseValidationResult }
}
