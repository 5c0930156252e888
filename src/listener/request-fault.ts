import type { IncomingMessage } from 'node:http'
import type { Refusal } from './refusal.js'

/** The refusal of a request that a proxy and the server behind it may read differently; undefined if it is right. */
export function faultOf (request: IncomingMessage): Refusal | undefined {
  const reason = hostFault(request)
  return reason === undefined ? codingFault(request.headers['transfer-encoding']) : { status: 400, reason }
}

/** The statuses are those of RFC 9112, 6.1 and 6.3. Node decodes `chunked` and passes on any other coding. */
function codingFault (encoding: string | undefined): Refusal | undefined {
  if (encoding === undefined || encoding === 'chunked') return undefined
  const codings = encoding.toLowerCase().split(',').map(coding => coding.trim()).filter(coding => coding !== '')
  if (codings.at(-1) !== 'chunked') {
    return { status: 400, reason: `its Transfer-Encoding is '${encoding}', which does not end with 'chunked'` }
  }
  if (codings.length === 1) return undefined
  return { status: 501, reason: `its Transfer-Encoding is '${encoding}', and azrun decodes only 'chunked'` }
}

/** What is wrong with a request's Host header. */
function hostFault ({ rawHeaders, httpVersion }: IncomingMessage): string | undefined {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++
  }
  if (hosts > 1) return 'it has several Host headers'
  return hosts === 0 && httpVersion === '1.1' ? 'it has no Host header' : undefined
}
