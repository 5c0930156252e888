import { OperationError } from '../../operations/operation.js'
import type { TimeLimit } from '../../operations/plan.js'
import type { PowerAction } from '../../resources/power-actions.js'
import { TIMEOUT } from './start-operation.js'

/** The errors of actions that take too long, as far as they are documented: azure-docs error-messages.md. */
const ERRORS: { readonly [Verb in PowerAction['verb']]?: (vmName: string) => OperationError } = {
  start: vmName => new OperationError('VMStartTimedOut', `VM '${vmName}' did not start in the allotted time. ` +
    'The VM may still start successfully. Please check the power state later.'),
  redeploy: vmName => new OperationError('VMRedeploymentTimedOut', `Redeployment of VM '${vmName}' didn't finish in the ` +
    'allotted time. It might finish successfully in sometime. Else, you can retry the request.')
}

/** The time limit of an action on a machine. Inferred: the time, which is that of a run command. */
export function powerTimeout ({ verb }: PowerAction, vmName: string): TimeLimit {
  const error = ERRORS[verb]
  return error === undefined ? TIMEOUT : { ...TIMEOUT, error: () => error(vmName) }
}
