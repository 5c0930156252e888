import { formDecoded } from '../core/decoded.js'
import { withoutUser } from '../core/secrets.js'

/** Replaces secrets in the journal. */
export const REDACTED = '<redacted>'

/** Headers whose values are secrets: tokens, keys of managed identity, and cookies. */
const HEADERS = new Set(['authorization', 'proxy-authorization', 'x-ms-authorization-auxiliary', 'secret',
  'x-identity-header', 'cookie', 'set-cookie'])

/** A bit for each of their lengths. It rules out most other names without converting them to lower case. */
const LENGTHS = [...HEADERS].reduce((bits, { length }) => bits | 1 << length, 0)

/** Secret parameters of forms and queries. */
const PARAMETERS = new Set(['client_secret', 'client_assertion', 'password', 'assertion', 'refresh_token', 'device_code',
  'code', 'code_verifier', 'access_token', 'id_token', 'id_token_hint', 'subject_token', 'actor_token', 'sig'])

/** Secret members of Azure's bodies. */
const MEMBERS = new Set(['protectedparameters', 'runaspassword'])

const MAY_HAVE_SECRETS = /protectedParameters|runAsPassword|Uri\b/i

/** In characters. A longer body that may have secrets is left out unparsed. */
const LONGEST_PARSED = 1024 * 1024

/** Whether the value of a header is a secret. Case is ignored. */
export function isSecretHeader (name: string): boolean {
  return (LENGTHS & 1 << name.length) !== 0 && HEADERS.has(name.toLowerCase())
}

/** A JSON body without its secrets. If it may have some and cannot be parsed, it is left out as a whole. */
export function redactedJson (text: string): string {
  if (!MAY_HAVE_SECRETS.test(text.includes('\\u') ? unescaped(text) : text)) return text
  if (text.length > LONGEST_PARSED) return REDACTED
  try {
    return JSON.stringify(JSON.parse(text, redactedMember))
  } catch {
    return REDACTED
  }
}

/** A JSON value without its secrets; the same value if it has none. */
export function redactedValue (value: unknown): unknown {
  const text = JSON.stringify(value)
  return text !== undefined && MAY_HAVE_SECRETS.test(text) ? JSON.parse(text, redactedMember) : value
}

/** The parameters of a form or a query, with secret values redacted. */
export function redactedParameters (text: string): string {
  return text.split('&').map(pair => {
    const [name] = pair.split('=', 1) as [string]
    return PARAMETERS.has(formDecoded(name).toLowerCase()) ? `${name}=${REDACTED}` : pair
  }).join('&')
}

/** A URL without its password and the secrets of its query. */
export function redactedUrl (url: string): string {
  const question = url.indexOf('?')
  const place = withoutUser(question < 0 ? url : url.slice(0, question), `${REDACTED}@`)
  return question < 0 ? place : `${place}?${redactedParameters(url.slice(question + 1))}`
}

/** A response body of Entra or managed identity, without the tokens and codes that it issues. */
export function redactedTokens (text: string): string {
  return text.replaceAll(/("(?:access_token|id_token|refresh_token|device_code)"\s*:\s*")(?:[^"\\]|\\.)*/g, `$1${REDACTED}`)
}

function redactedMember (name: string, value: unknown): unknown {
  if (MEMBERS.has(name.toLowerCase())) return Array.isArray(value) ? value.map(withoutValue) : REDACTED
  return /Uri$/i.test(name) ? redactedUrls(value) : value
}

/** A URL without its secrets. A client may send a list or an object instead; values nested in it are redacted whole. */
function redactedUrls (value: unknown): unknown {
  if (typeof value === 'string') return redactedUrl(value)
  if (typeof value !== 'object' || value === null) return value
  const member = (nested: unknown) => typeof nested === 'object' && nested !== null ? REDACTED : redactedUrls(nested)
  if (Array.isArray(value)) return value.map(member)
  return Object.fromEntries(Object.entries(value).map(([name, nested]) => [name, member(nested)]))
}

/** A protected parameter with its value redacted, so that the body still conforms to the contract. */
function withoutValue (parameter: unknown): unknown {
  const name = (parameter as { readonly name?: unknown } | null)?.name
  return typeof name === 'string' ? { name, value: REDACTED } : REDACTED
}

function unescaped (text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
}
