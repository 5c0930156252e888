import type { EffectValues } from '../scenarios/scenario.js'
import { headerText, type HttpResponse } from './response.js'

/** Statuses whose responses have neither a body nor a length. */
const BODILESS = [204, 304]

/** The response of a scenario's `answer`. Adds a Content-Length unless its headers frame the body. */
export function answerResponse ({ status = 200, headers = {}, body }: EffectValues['answer']): HttpResponse {
  const names = Object.keys(headers).map(name => name.toLowerCase())
  const isFramed = BODILESS.includes(status) || names.includes('content-length') || names.includes('transfer-encoding')
  const length = isFramed ? [] : ['Content-Length', `${Buffer.byteLength(body ?? '')}`]
  // As bytes, because with a string Node would write the head in the string's encoding.
  const bytes = body === undefined ? undefined : Buffer.from(body)
  return { status, headers: headerText([...Object.entries(headers).flat(), ...length]), body: bytes }
}
