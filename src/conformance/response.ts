import type { ErrorObject } from 'ajv'
import { apiVersionOf } from '../arm/api-versions.js'
import { hasArrayResult } from '../arm/responses/form.js'
import { parseQuery, type Query } from '../http/query.js'
import type { Finding } from '../journal/entry.js'
import { headerOf } from '../journal/message.js'
import { isPoll } from '../matching/operation-kinds.js'
import { pathOf, textOf } from '../validation/paths.js'
import { errorsOf, type Validator } from '../validation/validator.js'
import { queryOf, type Contract, type ContractOperation, type ContractResponse, type Exchange } from './contract.js'
import { finding, quoted, textOfPattern } from './message.js'

/** Validators by the name of their schema. */
export type ResponseValidators = Readonly<Record<string, Validator>>

/** The most findings about a body: one wrong member may cause many errors. */
const MOST_FINDINGS = 10

/** How azrun's own response differs from the contract. */
export function responseFindings (contract: Contract, exchange: Exchange, validators: ResponseValidators): Finding[] {
  const { status } = exchange
  if (status === undefined || !contract.covers(exchange)) return []
  const operation = contract.find(exchange)
  const described = operation?.responses[status] ?? (status >= 400 ? operation?.responses['default'] ?? contract.error : undefined)
  const subject = operation?.id ?? exchange.method
  if (described === undefined) {
    return [finding('error', 'response.status', `status ${status} is not in the contract of ${subject}`)]
  }
  const isResult = isPollOfResult(operation, exchange)
  const validatorOf = (names: readonly string[]) => validators[schemaOf(names, isResult, exchange)]!
  return [
    ...headerFindings(described, exchange),
    ...bodyFindings(described, exchange, { mayBeEmpty: isResult, validatorOf })
      .map(finding => ({ ...finding, message: `azrun's response to ${subject} breaks the contract: ${finding.message}` }))
  ]
}

function headerFindings ({ headers }: ContractResponse, { response }: Exchange): Finding[] {
  return headers.flatMap(({ name, isRequired, pattern = /^/ }) => {
    const value = headerOf(response, name)
    const path = `response.headers.${name}`
    if (value === undefined) return isRequired ? [finding('error', path, `azrun's response has no header ${name}`)] : []
    return pattern.test(value)
      ? []
      : [finding('error', path, `the value ${quoted(value)} of header ${name} in azrun's response does not match ${textOfPattern(pattern)}`)]
  })
}

/** What a body must be, besides what the contract says. */
interface BodyRules {
  readonly mayBeEmpty: boolean
  /** The validator of a body with one of these schemas. */
  validatorOf (names: readonly string[]): Validator
}

function bodyFindings ({ content }: ContractResponse, { method, response }: Exchange,
  { mayBeEmpty, validatorOf }: BodyRules): Finding[] {
  const { body = '' } = response
  const at = (message: string) => [finding('error', 'response.body', message)]
  const mediaTypes = Object.keys(content)
  if (mediaTypes.length === 0) return body === '' ? [] : at(`it has a body, ${quoted(body)}`)
  if (method === 'HEAD') return []
  if (body === '') return mayBeEmpty ? [] : at('it has no body')
  const mediaType = (headerOf(response, 'content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const names = content[mediaType]
  if (names === undefined) {
    return [finding('error', 'response.headers.Content-Type', `its Content-Type is ${quoted(mediaType)}, not ${mediaTypes.join(' or ')}`)]
  }
  const value = parsed(body)
  if (value === undefined) return at(`its body is not JSON: ${quoted(body)}`)
  return errorsOf(validatorOf(names), value).slice(0, MOST_FINDINGS).map(error => mistake(error, value))
}

/** The name of a body's schema. Results in old api-versions are bare arrays. */
function schemaOf (names: readonly string[], isResult: boolean, exchange: Exchange): string {
  const [first] = names as [string]
  const name = first !== 'CloudError' && isResult ? 'RunCommandResult' : first
  return name === 'RunCommandResult' && hasArrayResult(apiVersionOf(queryIn(exchange))) ? 'RunCommandStatuses' : name
}

/** Whether a poll is for the result, not for the status. Only run commands have a result. */
function isPollOfResult (operation: ContractOperation | undefined, exchange: Exchange): boolean {
  return isPoll(operation?.id) && queryIn(exchange)['monitor'] !== undefined
}

function queryIn ({ url }: Exchange): Query {
  return parseQuery(queryOf(url))
}

function mistake ({ instancePath, keyword, params, message }: ErrorObject, value: unknown): Finding {
  const path = textOf(pathOf(instancePath, value))
  const subject = path === '' ? 'the body' : `'${path}'`
  const where = path === '' ? 'response.body' : `response.body${path.startsWith('[') ? '' : '.'}${path}`
  if (keyword === 'additionalProperties') {
    return finding('error', where, `${subject} has the member '${params['additionalProperty']}', which is not described`)
  }
  return finding('error', where, `${subject} ${message}`)
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
