import { LONG_RUNNING, OPERATION_IDS } from './operation-ids.js'

type OperationId = typeof OPERATION_IDS[number]

/** The poll of an operation of Compute. */
const POLL: OperationId = 'Operations_Get'

/** The poll of the deletion of a resource group. */
const DELETION_POLL: OperationId = 'OperationResults_Get'

/** The polls of operations of any kind. */
export const POLLS = [POLL, DELETION_POLL] as const

const RUN_COMMAND_ACTIONS = ['VirtualMachines_RunCommand', 'VirtualMachineScaleSetVMs_RunCommand'] as const

const MANAGED_IDENTITY =
  ['ManagedIdentity_GetAppService', 'ManagedIdentity_PostCloudShell', 'ManagedIdentity_GetInstance'] as const

/** The action `runCommand` on a machine or an instance. */
export const isRunCommandAction = oneOf(RUN_COMMAND_ACTIONS)

/** A request with a command: the action, or a write of a managed run command. */
export const runsCommand = oneOf([
  ...RUN_COMMAND_ACTIONS,
  'VirtualMachineRunCommands_CreateOrUpdate', 'VirtualMachineRunCommands_Update',
  'VirtualMachineScaleSetVMRunCommands_CreateOrUpdate', 'VirtualMachineScaleSetVMRunCommands_Update'
])

/** The start of a long-running operation. */
export const startsOperation = oneOf(LONG_RUNNING)

/** The poll of the operation that a request starts. */
export function pollOf (start: string | undefined): OperationId {
  return start === 'ResourceGroups_Delete' ? DELETION_POLL : POLL
}

/** A poll of an operation of Compute. */
export const isPoll = oneOf([POLL])

/** A request for a token of a managed identity. */
export const isManagedIdentity = oneOf(MANAGED_IDENTITY)

/** Any request for a token. */
export const isLogin = oneOf(['Tokens_IssueV1', 'Tokens_IssueV2', ...MANAGED_IDENTITY])

function oneOf (ids: readonly OperationId[]): (operation: string | undefined) => boolean {
  const known: ReadonlySet<string | undefined> = new Set(ids)
  return operation => known.has(operation)
}
