import type { FastifyInstance, FastifyRequest } from 'fastify'
import { redactedJson } from '../journal/redaction.js'
import type { BodyContract, BodyReader } from './contract/served-operations.js'
import { ArmError } from './errors/arm-error.js'
import { errors } from './errors/table.js'
import { deserialize, missing, type Deserialized } from './json/deserialize.js'
import { refuseLeniency } from './strict.js'

/** In characters. JSON.parse could need much memory for a larger text that is wrong. */
const LONGEST_ORDINARY = 1024 * 1024

/**
 * Accepts only the two media types of the contract; the default parsers are removed. While `strict` is set, it refuses
 * everything that the contract forbids.
 */
export function acceptJson (app: FastifyInstance, settings: { readonly strict: boolean }): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(['application/json', 'text/json'], { parseAs: 'buffer' }, (request, bytes, done) => {
    const { apiVersion, operation } = request
    const { bodyContract } = operation!
    if (bodyContract === undefined) return done(null)
    const text = textOf(request, bytes)
    const ordinary = ordinaryBody(text, apiVersion, bodyContract)
    request.bodyText = ordinary === undefined || bodyContract.hasSecrets ? redactedJson(text) : text
    if (ordinary !== undefined) return done(null, ordinary)
    const { value, leniencies } = read(text, apiVersion, bodyContract, settings)
    if (leniencies.size > 0) request.leniencies = leniencies
    done(null, value)
  })
}

function read (text: string, apiVersion: string, { type, readBy }: BodyContract,
  { strict }: { readonly strict: boolean }): Deserialized {
  try {
    return deserialize(text, type(apiVersion), strict ? refuseLeniency : undefined)
  } catch (error) {
    throw error instanceof ArmError ? REFUSALS[readBy](error) : error
  }
}

/** Converts Compute's error to that of the body's reader. */
const REFUSALS: Readonly<Record<BodyReader, (error: ArmError) => ArmError>> = {
  service: error => error,
  gateway: error => withoutLocation(error) ?? new ArmError('InvalidRequestContent', { reason: countedFromOne(error) }),
  // Resource Manager refuses invalid JSON, unknown members beside `properties`, and a missing location.
  both: error => {
    const isOutside = error.entry === errors.UnknownMember && !/ Path '[^']*[.[]/.test(error.message)
    if (error.entry !== errors.MalformedJson && !isOutside) return withoutLocation(error) ?? error
    // The name of its type is recorded.
    const reason = countedFromOne(error).replace(/on object of type '\w+'/, "on object of type 'ResourceDefinition'")
    return new ArmError('InvalidRequestContent', { reason })
  }
}

/**
 * The message with Resource Manager's column, which counts from 1 on all lines but the first (recorded:
 * azure-powershell #4309, azure-sdk-for-net #3487).
 */
function countedFromOne ({ message }: ArmError): string {
  return message.replace(/, line (\d+), position (\d+)\.$/, (place, line: string, position: string) =>
    line === '1' ? place : `, line ${line}, position ${Number(position) + 1}.`)
}

function withoutLocation (error: ArmError): ArmError | undefined {
  return error.target === 'location' ? new ArmError('LocationRequired') : undefined
}

/** The body if it is JSON that conforms to the contract, as nearly all are; undefined if it needs a closer look. */
function ordinaryBody (text: string, apiVersion: string, { isOrdinary }: BodyContract): unknown {
  if (text.length > LONGEST_ORDINARY) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isOrdinary(value, apiVersion) ? value : undefined
  } catch {
    return undefined
  }
}

/** A hook for operations that need a body. An empty or null body counts as missing. */
export function requireBody ({ operation, body }: FastifyRequest, _reply: unknown,
  done: (error?: Error) => void): void {
  done(operation?.needsBody && (body === undefined || body === null) ? missing('body') : undefined)
}

/**
 * The text of a body, as in ASP.NET Web API (inferred): a byte order mark decides. Otherwise UTF-16 is little-endian,
 * and any other charset is UTF-8. Invalid bytes become U+FFFD.
 */
function textOf ({ headers }: FastifyRequest, bytes: Buffer): string {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ArmError('UnsupportedContentEncoding', { encoding }, ['Accept-Encoding', 'identity'])
  }
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE()
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes)
  if (mark === 0xfffe || isUtf16(headers['content-type']!)) return new TextDecoder('utf-16le').decode(bytes)
  const text = bytes.toString()
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function isUtf16 (contentType: string): boolean {
  return /;\s*charset\s*=\s*"?utf-16\b/i.test(contentType)
}
