import type { EffectValues } from '../scenarios/scenario.js'
import { headerText, type HttpResponse } from './response.js'

/** Statuses whose responses have neither a body nor a length. */
const BODILESS = [204, 304]

/**
 * The response of a scenario's `answer`. Adds a Content-Length unless its headers frame the body. The connection stays
 * open unless they say `Connection: close`.
 */
export function answerResponse ({ status = 200, headers = {}, body }: EffectValues['answer']): HttpResponse {
  const names = Object.keys(headers).map(name => name.toLowerCase())
  const connection = Object.entries(headers).find(([name]) => name.toLowerCase() === 'connection')?.[1]
  const isFramed = BODILESS.includes(status) || names.includes('content-length') || names.includes('transfer-encoding')
  const length = isFramed ? [] : ['Content-Length', `${Buffer.byteLength(body ?? '')}`]
  // As bytes, because with a string Node would write the head in the string's encoding.
  const bytes = body === undefined ? undefined : Buffer.from(body)
  // The header of the connection is written like any other response's, since it must agree with what happens.
  const own = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'connection')
  return {
    status,
    headers: headerText([...own.flat(), ...length]),
    body: bytes,
    close: connection !== undefined && /(?:^|,)\s*close\s*(?:,|$)/i.test(connection)
  }
}
