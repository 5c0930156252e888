import type { Finding } from '../journal/entry.js'
import { headerOf } from '../journal/message.js'
import { isOfArm, queryOf, type Call } from './call.js'
import { held, violated, type Observation } from './observation.js'
import type { Rule } from './rule.js'
import type { ApiVersions } from './run.js'

/** The paths of the contract's findings that R11 and R12 judge. */
const JUDGED_BELOW = /^request\.(?:query\.api-version|headers\.x-ms-client-request-id)$/i

/** The service whose api-versions an operation has, by its name. All others have Compute's. */
const OTHER_VERSIONS: readonly (readonly [RegExp, keyof ApiVersions])[] = [
  [/^(?:Tenants|Subscriptions|ResourceGroups)_/, 'gateway'],
  [/^(?:NetworkInterfaces|PublicIPAddresses)_/, 'network'],
  [/^ResourceGraph_/, 'resourceGraph']
]

export const keepsToContract: Rule = {
  id: 'R10',
  sentence: 'A client sends only members that the contract has, in its case and with its types.',
  source: 'https://learn.microsoft.com/rest/api/compute/virtual-machines/run-command',
  observe ({ calls }) {
    return calls.filter(isOfArm).flatMap(call => {
      const { findings, request } = call.entry
      const sequences = [call.sequence]
      const wrong = findings.filter(isOfRequest)
      if (wrong.length === 0) return (request.body ?? '') === '' ? [] : [held('it kept to the contract', ...sequences)]
      return wrong.map(({ message, severity }) =>
        violated(`${message} (#${call.sequence})`, sequences, severity === 'error' ? 'error' : 'warning'))
    })
  }
}

function isOfRequest ({ rule, path = '' }: Finding): boolean {
  return rule === 'contract' && path.startsWith('request.') && !JUDGED_BELOW.test(path)
}

export const usesPublishedVersion: Rule = {
  id: 'R11',
  sentence: 'A client uses an api-version that is published and not deprecated.',
  source: 'https://learn.microsoft.com/azure/developer/intro/azure-service-sdk-tool-versioning',
  noted: 'A poll has the api-version of the URL that Azure sent: see R4.',
  observe ({ run: { apiVersions }, calls }) {
    return calls.filter(call => isOfArm(call) && call.kind !== 'poll')
      .map(call => versionObservation(call, apiVersions[ownerOf(call)]))
  }
}

function ownerOf ({ entry: { operation = '' } }: Call): keyof ApiVersions {
  return OTHER_VERSIONS.find(([name]) => name.test(operation))?.[1] ?? 'compute'
}

function versionObservation ({ entry, sequence, target }: Call, published: readonly string[]): Observation {
  const version = versionIn(target)
  const called = `${entry.operation ?? entry.method} was called with`
  const cure = `(#${sequence}): use ${published.at(-1)}`
  if (version === '') return violated(`${called} no api-version ${cure}`, [sequence])
  if (!published.includes(version)) {
    return violated(`${called} api-version ${version}, which is not published ${cure}`, [sequence])
  }
  if (headerOf(entry.response, 'azure-deprecating') === undefined) return held('its api-version is published', sequence)
  return violated(`${called} api-version ${version}, which Azure says is deprecated ${cure}`, [sequence], 'warning')
}

/** The api-version of a URL, or an empty string. Azure ignores the case of the parameter's name. */
function versionIn (target: string): string {
  return [...queryOf(target)].find(([name]) => name.toLowerCase() === 'api-version')?.[1] ?? ''
}

export const sendsRequestId: Rule = {
  id: 'R12',
  sentence: 'A client sends x-ms-client-request-id, by which Azure finds the request.',
  source: 'https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md',
  noted: "Azure's SDK for JavaScript creates one for each request, the SDK for Python one for an operation and its polls. " +
    'The guidelines for the Go SDK leave it out: https://azure.github.io/azure-sdk/golang_implementation.html.',
  observe ({ calls }) {
    return calls.filter(isOfArm).map(call => {
      const { clientRequestId, request, operation, method } = call.entry
      const sent = clientRequestId ?? headerOf(request, 'x-ms-client-request-id') ?? ''
      if (sent !== '') return held('it sent x-ms-client-request-id', call.sequence)
      return violated(`${operation ?? method} was called without x-ms-client-request-id (#${call.sequence})`,
        [call.sequence], 'warning')
    })
  }
}
