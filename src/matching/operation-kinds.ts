import { LONG_RUNNING, OPERATION_IDS } from './operation-ids.js'

type OperationId = typeof OPERATION_IDS[number]

/** The poll of an operation. */
export const POLL: OperationId = 'Operations_Get'

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

/** A poll of an operation. */
export const isPoll = oneOf([POLL])

/** A request for a token of a managed identity. */
export const isManagedIdentity = oneOf(MANAGED_IDENTITY)

/** Any request for a token. */
export const isLogin = oneOf(['Tokens_IssueV1', 'Tokens_IssueV2', ...MANAGED_IDENTITY])

function oneOf (ids: readonly OperationId[]): (operation: string | undefined) => boolean {
  const known: ReadonlySet<string | undefined> = new Set(ids)
  return operation => known.has(operation)
}
