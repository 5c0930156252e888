import { readDocument, routesOf, type OpenApiOperation } from '../../src/http/openapi.js'
import type { Emulator } from '../../src/index.js'
import { SUBSCRIPTION } from './emulator.js'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

export interface AdminOperation {
  readonly id: string
  readonly method: Method
  /** The path below /_emulator, with values for its parameters. */
  readonly url: string
  readonly operation: OpenApiOperation
}

const VALUES: Readonly<Record<string, string>> = { name: 'x', sequence: '1', subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: 'vm', vmScaleSetName: 'ss', instanceId: '0' }

/** The operations of openapi/admin.json. */
export const adminOperations: readonly AdminOperation[] = routesOf(readDocument('admin.json')).map(({ path, method, operation }) => ({
  id: operation.operationId,
  method: method as Method,
  url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => VALUES[name]!),
  operation
}))

/** Sends a request to the API below /_emulator. A body that is not text is sent as JSON. */
export async function callAdmin ({ app }: Emulator, method: string, path: string, body?: unknown,
  headers: Record<string, string> = {}) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await app.inject({
    method: method as Method, url: `/_emulator${path}`, headers, ...body !== undefined && { payload }
  })
  const isJson = `${response.headers['content-type']}`.includes('json')
  return { status: response.statusCode, body: isJson ? response.json() : undefined, headers: response.headers }
}
