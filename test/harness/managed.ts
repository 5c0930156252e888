import type { LightMyRequestResponse as Response } from 'fastify'
import type { Emulator } from '../../src/index.js'
import { AUTHORIZATION, get, SUBSCRIPTION } from './emulator.js'

/** A managed run command, or all those of a machine. */
export interface ManagedTarget {
  readonly vmName?: string
  /** Set for an instance of a scale set, instead of vmName. */
  readonly vmScaleSetName?: string
  readonly instanceId?: string
  /** Undefined for the list. */
  readonly name?: string
  readonly apiVersion?: string
  readonly expand?: boolean
}

/** The path and query of a managed run command. */
export function managedUrl (target: ManagedTarget = {}): string {
  const { vmName = 'vm', vmScaleSetName, instanceId = '0', name, apiVersion = '2024-07-01', expand } = target
  const machine = vmScaleSetName === undefined
    ? `virtualMachines/${vmName}`
    : `virtualMachineScaleSets/${vmScaleSetName}/virtualMachines/${instanceId}`
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/${machine}/runCommands` +
    `${name === undefined ? '' : `/${name}`}?${expand ? '$expand=instanceView&' : ''}api-version=${apiVersion}`
}

/** Sends a request for a managed run command. */
export async function managed ({ app }: Emulator, method: 'PUT' | 'PATCH' | 'DELETE' | 'GET', target: ManagedTarget,
  body?: object | string): Promise<Response> {
  const media = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  const headers = { ...AUTHORIZATION, ...media }
  return await app.inject({ method, url: managedUrl(target), headers, ...body !== undefined && { body } })
}

/** PUTs a managed run command that runs a script. */
export async function put (emulator: Emulator, script: string, { name = 'cmd', properties = {}, ...target }: ManagedTarget &
  { readonly properties?: object } = {}): Promise<Response> {
  return await managed(emulator, 'PUT', { name, ...target }, { location: 'westus', properties: { source: { script }, ...properties } })
}

/** Polls the operation of a response to its end, and returns it. */
export async function ended (emulator: Emulator, response: Response) {
  const url = response.headers['azure-asyncoperation'] as string
  // azrun holds each poll, so that one or two suffice.
  for (let poll = 0; poll < 10; poll++) {
    const operation = (await get(emulator, url)).json()
    if (operation.status !== 'InProgress') return operation
  }
  throw new Error(`the operation is still in progress: ${url}`)
}

/** The properties of a managed run command, with its instance view. */
export async function properties (emulator: Emulator, target: ManagedTarget = {}) {
  return (await managed(emulator, 'GET', { name: 'cmd', expand: true, ...target })).json().properties
}
