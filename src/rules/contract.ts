import type { Finding } from '../journal/entry.js'
import { headerOf } from '../journal/message.js'
import { isOfArm, type Call } from './call.js'
import { held, violated, type Observation } from './observation.js'
import type { Rule } from './rule.js'

/**
 * The paths of the contract's findings that R11 and R12 judge. No rule judges the case of these names: good clients
 * write them in any.
 */
const JUDGED_BELOW = /^request\.(?:query\.api-version|headers\.x-ms-client-request-id)$/i

export const keepsToContract: Rule = {
  id: 'R10',
  sentence: 'A client sends only members that the contract has, in its case and with its types.',
  source: 'https://learn.microsoft.com/rest/api/compute/virtual-machines/run-command',
  observe ({ calls }) {
    return calls.filter(isOfArm).flatMap(call => {
      const { findings, request } = call.entry
      const sequences = [call.sequence]
      const found = findings.filter(isOfRequest)
      if (found.length === 0) return (request.body ?? '') === '' ? [] : [held('it kept to the contract', ...sequences)]
      // A note says only that azrun cannot judge the request.
      return found.filter(({ severity }) => severity !== 'note').map(({ message, severity }) =>
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
  observe ({ calls }) {
    return calls.filter(call => isOfArm(call) && call.kind !== 'poll').flatMap(versionObservation)
  }
}

/** Says nothing of an unknown operation, or of a version that may have been published after azrun was. */
function versionObservation ({ entry, sequence }: Call): Observation[] {
  const { operation, findings, response } = entry
  if (operation === undefined) return []
  const found = findings.filter(({ path }) => path === 'request.query.api-version')
  if (found.length > 0) {
    return found.flatMap(({ message, severity }) =>
      severity === 'note' ? [] : [violated(`${message} (#${sequence})`, [sequence], severity)])
  }
  if (headerOf(response, 'azure-deprecating') === undefined) return [held('its api-version is published', sequence)]
  const sentence = `${operation} was called with an api-version that Azure says is deprecated (#${sequence}): use a newer one`
  return [violated(sentence, [sequence], 'warning')]
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
