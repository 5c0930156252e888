import type { LightMyRequestResponse as Response } from 'fastify'
import { readDocument, routesOf, type OpenApiRoute } from '../../src/http/openapi.js'
import type { Emulator } from '../../src/index.js'
import { AUTHORIZATION, get, SUBSCRIPTION } from './emulator.js'

/** A request for an operation of the contract. */
export interface ContractRequest {
  /** Its operationId. */
  readonly operation: string
  readonly method: string
  /** The path of the resource and the action. */
  readonly path: string
  readonly action: string
  readonly body?: object
  /** The name of the machine. Undefined for all machines of a scale set, and for a resource group. */
  readonly vmName?: string
  /** Whether it runs a script. */
  readonly isCommand: boolean
  /** Default: a current one. */
  readonly apiVersion?: string
}

/** The script of the requests that run one. */
export const SCRIPT = 'exit 3'

const NAMES: Readonly<Record<string, string>> = {
  subscriptionId: SUBSCRIPTION,
  resourceGroupName: 'rg',
  vmName: 'vm',
  vmScaleSetName: 'ss',
  instanceId: '0',
  runCommandName: 'cmd',
  location: 'westus',
  commandId: 'RunShellScript'
}

const routes = routesOf(readDocument('arm.json'))

/** A request for each long-running operation, in the order of the contract. The group is deleted last. */
export const starting: readonly ContractRequest[] = routes
  .filter(({ operation }) => operation['x-ms-long-running-operation'] === true)
  .map(requestOf)
  .sort((one, other) => Number(one.operation === 'ResourceGroups_Delete') - Number(other.operation === 'ResourceGroups_Delete'))

/** A request for each operation of Compute, except polls, whose path is that of an operation. */
export const ofCompute: readonly ContractRequest[] = routes
  .filter(({ operation }) => operation['x-azrun-plane'] === 'compute' && operation.operationId !== 'Operations_Get')
  .map(requestOf)

function requestOf ({ path, method, operation }: OpenApiRoute): ContractRequest {
  const { operationId } = operation
  const vmName = path.includes('{vmName}') ? 'vm' : path.includes('{instanceId}') ? 'ss_0' : undefined
  const body = bodyOf(operationId)
  return {
    operation: operationId,
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => NAMES[name]!),
    action: operation['x-azrun-action'] as string,
    ...body !== undefined && { body },
    ...vmName !== undefined && { vmName },
    isCommand: body !== undefined
  }
}

function bodyOf (operationId: string): object | undefined {
  const properties = { source: { script: SCRIPT } }
  if (operationId.endsWith('_RunCommand')) return { commandId: 'RunShellScript', script: [SCRIPT] }
  if (operationId.endsWith('RunCommands_CreateOrUpdate')) return { location: 'westus', properties }
  return operationId.endsWith('RunCommands_Update') ? { properties } : undefined
}

/** Sends the request. */
export async function send ({ app }: Emulator, { method, path, operation, body, apiVersion }: ContractRequest,
  headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const url = `${path}?api-version=${apiVersion ?? (operation.startsWith('ResourceGroups') ? '2022-09-01' : '2024-07-01')}`
  return await app.inject({ method: method as 'POST', url, headers: { ...AUTHORIZATION, ...headers }, ...body && { body } })
}

/** Creates the managed run command that a request reads or changes. */
export async function prepare (emulator: Emulator, { method, path }: ContractRequest,
  headers: Readonly<Record<string, string>> = AUTHORIZATION): Promise<void> {
  if (method === 'PUT' || !/\/virtualMachines\/\w+\/runCommands/.test(path)) return
  const body = { location: 'westus', properties: { source: { script: 'true' } } }
  const url = `${path.replace(/\/runCommands.*$/, '/runCommands/cmd')}?api-version=2024-07-01`
  const created = await emulator.app.inject({ method: 'PUT', url, headers, body })
  await poll(emulator, created, headers)
}

/** Polls the operation of a response once, by its status URL or, if it has none, by its result URL. */
export async function poll (emulator: Emulator, { headers: { location, ...others } }: Response,
  headers: Readonly<Record<string, string>> = AUTHORIZATION): Promise<Response> {
  return await get(emulator, `${others['azure-asyncoperation'] ?? location}`, headers)
}
