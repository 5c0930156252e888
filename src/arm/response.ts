import { gzipSync } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import type { HttpResponse } from '../http/response.js'
import type { MediaType } from './accept.js'
import { varies, type ArmResponse, type ResponseHeaders } from './response-headers.js'

export interface ResponseOptions {
  readonly headers: ResponseHeaders
  /** The media type of the body. Default: `application/json`. */
  readonly mediaType?: MediaType
}

/**
 * Adds Azure's headers. A service's response to a GET with Vary is sent in chunks (recorded), all others with a length.
 */
export function httpResponse (request: FastifyRequest, response: ArmResponse,
  { headers: azure, mediaType }: ResponseOptions): HttpResponse {
  const { status, layer, body, close } = response
  if (body === undefined) return { status, headers: azure.write(request, response), close }
  const varying = varies(request, status)
  const chunked = varying && layer === 'service' && request.method === 'GET'
  const isCompressed = varying && acceptsGzip(request)
  const content = isCompressed ? gzipSync(body, { level: 1 }) : body
  const length = chunked ? undefined : Buffer.byteLength(content)
  const headers = azure.write(request, response, { mediaType, length, isCompressed })
  return { status, headers, body: content, chunked, close }
}

function acceptsGzip (request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding']
  return typeof accepted === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted)
}

const COMPACT = new Set(['networkProfile', 'networkProfileConfiguration'])

/** A response of Resource Manager itself, with compact JSON. */
export function gatewayJson (value: unknown): ArmResponse {
  return { status: 200, layer: 'gateway', body: JSON.stringify(value) }
}

/** A response of a service behind Resource Manager. */
export function serviceJson (value: unknown): ArmResponse {
  return { status: 200, layer: 'service', body: indented(value) }
}

/**
 * JSON as Compute writes it (recorded: every body of azcli_vm__latest__test_vm_run_command_e2e). The network profile of
 * a machine is one compact line (recorded: azcli_power_vm_2024-07-01, java_power_vm), and so is that of a scale set
 * (recorded: azcli_power_vmss_2024-07-01).
 */
export function indented (value: unknown): string {
  const compacted = (name: string, each: unknown) => COMPACT.has(name) ? JSON.stringify(each) : each
  return JSON.stringify(value, compacted, 2).replaceAll('\n', '\r\n')
    .replaceAll(/("networkProfile(?:Configuration)?": )("(?:[^"\\]|\\.)*")/g,
      (_, name: string, text: string) => name + JSON.parse(text))
}
