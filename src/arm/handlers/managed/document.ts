import type { ManagedRunCommand, RunCommandInstanceView } from '../../../resources/managed-run-command.js'
import { FIRST_WITH_ALL_MEMBERS } from '../../json/body-type.js'

/** A managed run command in Compute's order (recorded: azcli_managed_vm_2024-07-01, exchange 34). */
export function runCommandDocument (command: ManagedRunCommand, apiVersion: string,
  instanceView?: RunCommandInstanceView): object {
  const { vmId, name, location, tags, settings, provisioningState } = command
  const { source, parameters, runAsUser, timeoutInSeconds = 0, asyncExecution = false, ...others } = settings
  const { script, scriptUri, commandId } = source
  return {
    name,
    id: `${vmId}/runCommands/${name}`,
    type: `${typeOf(vmId)}/runCommands`,
    location,
    tags,
    properties: {
      source: { script, scriptUri, commandId },
      parameters: parameters?.map(({ name, value }) => ({ name, value })),
      runAsUser,
      timeoutInSeconds,
      // The place of these three is inferred.
      outputBlobUri: others.outputBlobUri,
      errorBlobUri: others.errorBlobUri,
      provisioningState,
      asyncExecution,
      ...apiVersion >= FIRST_WITH_ALL_MEMBERS && {
        treatFailureAsDeploymentFailure: others.treatFailureAsDeploymentFailure
      },
      instanceView
    }
  }
}

/** The view of a command at a time. */
export function viewAt ({ instanceView, until }: ManagedRunCommand, time: number): RunCommandInstanceView | undefined {
  return until !== undefined && time < until.time ? until.view : instanceView
}

/** The type of the resource at a path, which is every other segment. */
function typeOf (path: string): string {
  const [namespace, ...rest] = path.slice(path.indexOf('/providers/') + '/providers/'.length).split('/')
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
}
