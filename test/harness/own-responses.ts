import { gunzipSync } from 'node:zlib'
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import { Conformance } from '../../src/conformance/conformance.js'
import type { Exchange } from '../../src/conformance/contract.js'
import { readDocument } from '../../src/http/openapi.js'
import type { Emulator } from '../../src/index.js'
import type { Finding, Message } from '../../src/journal/entry.js'

const conformance = new Conformance(() => readDocument('arm.json'))

/** Makes each `inject` of an emulator reject if the response breaks openapi/arm.json. */
export async function checkResponses ({ app, journal }: Pick<Emulator, 'app' | 'journal'>): Promise<void> {
  await conformance.load()
  const inject = app.inject.bind(app) as (options: InjectOptions | string) => Promise<Response>
  const checked = async (options: InjectOptions | string) => {
    const response = await inject(options)
    const violations = ofResponse(conformance.findingsOf(exchangeOf(response, options)))
    if (violations.length > 0 && !isShaped(journal, response.raw.req.url!)) throw new Error(violations.map(({ message, path }) => `${path}: ${message}`).join('\n'))
    return response
  }
  Object.assign(app, { inject: checked })
}

/** Whether scenarios have shaped the response to the last request for a URL, or the operation that it polls. */
function isShaped (journal: Emulator['journal'], url: string): boolean {
  const { value } = journal.list()
  const entry = value.findLast(each => each.url.endsWith(url))
  return value.some(({ operationId, scenario, sequence }) => scenario !== undefined &&
    (sequence === entry?.sequence || (operationId !== undefined && operationId === entry?.operationId)))
}

export function ofResponse (findings: readonly Finding[]): Finding[] {
  return findings.filter(({ path = '' }) => path.startsWith('response.'))
}

/** A request and its response, in the form of the journal. */
function exchangeOf (response: Response, options: InjectOptions | string): Exchange {
  const { raw: { req } } = response
  const body = typeof options === 'string' ? undefined : options.payload ?? options.body
  const content = response.headers['content-encoding'] === 'gzip' ? gunzipSync(response.rawPayload).toString() : response.body
  return {
    method: req.method!,
    url: req.url!,
    status: response.statusCode,
    request: message(req.headers, typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body?.toString()),
    response: message(response.headers, content)
  }
}

function message (headers: object, body: string | undefined): Message {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, Array.isArray(value) ? value : `${value}`])
  return { headers: Object.fromEntries(entries), ...body !== undefined && body !== '' && { body } }
}
