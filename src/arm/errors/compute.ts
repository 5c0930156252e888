import type { ErrorEntry } from './entry.js'

/** Compute's errors, except those of its deserializer. */
export const computeErrors = {
  NotFound: {
    status: 404,
    message: 'The entity was not found in this Azure location.',
    layer: 'service',
    source: 'recorded'
  },
  InstanceIdNotNumber: {
    status: 400,
    code: 'InvalidParameter',
    message: 'Virtual Machine Scale Set VM instanceId must be a number.',
    target: 'instanceId',
    layer: 'service',
    source: 'recorded'
  },
  InstanceNotActive: {
    status: 400,
    code: 'InvalidParameter',
    message: 'The provided instanceId {instanceId} is not an active Virtual Machine Scale Set VM instanceId.',
    target: 'instanceIds',
    layer: 'service',
    source: 'recorded'
  },
  OperationUrlChanged: {
    status: 404,
    code: 'NotFound',
    message: 'The entity was not found in this Azure location.',
    layer: 'service',
    source: 'inferred'
  },
  // The first entry with this code, so that a scenario with only `Conflict` means a busy machine.
  RunCommandInProgress: {
    status: 409,
    code: 'Conflict',
    message: 'Run command extension execution is in progress. Please wait for completion before invoking a run command.',
    layer: 'service',
    source: 'recorded'
  },
  OperatingSystemMismatch: {
    status: 409,
    code: 'Conflict',
    message: "Run command OS type '{commandOs}' does not match the target OS {vmOs}.",
    layer: 'service',
    source: 'recorded'
  },
  OperationNotAllowed: {
    status: 409,
    message: 'The operation requires the VM to be running (or set to run).',
    layer: 'service',
    source: 'recorded'
  },
  VirtualMachineDeallocated: {
    status: 409,
    code: 'OperationNotAllowed',
    message: "Operation '{operation}' is not allowed on VM '{vmName}' since the VM is either deallocated or marked to be deallocated. Please refer to https://aka.ms/vmpowerstates  to learn about different VM power states.",
    layer: 'service',
    source: 'recorded'
  },
  /**
   * Only in scenarios. Recorded: azure-sdk-for-python #2702 and viya4-iac-azure #140, but not the status, which is that
   * of the other errors with this code.
   */
  VirtualMachineMarkedForDeletion: {
    status: 409,
    code: 'OperationNotAllowed',
    message: "Operation '{operation}' is not allowed on VM '{vmName}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).",
    layer: 'service',
    source: 'recorded'
  },
  /** Inferred: which actions get this error, and which end the earlier action instead. */
  PowerStateChanging: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'An ongoing operation is changing power state of Virtual Machine {vmName} to {powerState}. Please perform operation {operation} after some time.',
    layer: 'service',
    source: 'documented'
  },
  ConcurrentRequest: {
    status: 409,
    code: 'Conflict',
    message: 'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.',
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded for members of machines: azure-powershell #4001, terraform #7229. */
  InvalidParameter: {
    status: 400,
    message: "Required parameter '{parameter}' is missing (null).",
    target: '{parameter}',
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded: azure-powershell #6012 and azure-cli #28451, for scale sets. `invalidValue` adds the rule to the log. */
  InvalidValue: {
    status: 400,
    code: 'InvalidParameter',
    message: 'The value of parameter {parameter} is invalid.',
    target: '{parameter}',
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded: LISA #692, for data disks. */
  ValueOutOfRange: {
    status: 400,
    code: 'InvalidParameter',
    message: "The value '{value}' of parameter '{parameter}' is out of range. Value '{value}' must be between '{least}' and '{most}' inclusive.",
    target: '{parameter}',
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded: azure-rest-api-specs #9130 and azure-sdk-for-go #20576, for availability sets. */
  InvalidExpand: {
    status: 400,
    code: 'InvalidParameter',
    message: 'The request URL is not valid.',
    target: '$expand',
    layer: 'service',
    source: 'recorded'
  },
  InvalidParameterConflictingProperties: {
    status: 400,
    message: "The property '{other}' cannot be used together with property '{property}'.",
    layer: 'service',
    source: 'recorded'
  },
  /** Recorded: java_oci_manage #46 in 2026. */
  ExpandWithoutFilter: {
    status: 400,
    code: 'BadRequest',
    message: 'Expand Instance View is only supported when Virtual Machine Scale Set resource filter is applied',
    layer: 'service',
    source: 'recorded'
  },
  /** The sentence is recorded for other resource types of Compute. */
  InvalidEntityName: {
    status: 400,
    code: 'InvalidParameter',
    message: "The entity name '{parameter}' is invalid according to its validation rule: {rule}.",
    target: '{parameter}',
    layer: 'service',
    source: 'inferred'
  },
  ExtensionNotModifiable: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'Cannot modify extensions in the VM when the VM is not running.',
    layer: 'service',
    source: 'recorded'
  },
  /** The text is recorded (azure-docs #117976), but not its status and code. */
  RunCommandLimitExceeded: {
    status: 409,
    code: 'OperationNotAllowed',
    message: 'The maximum number of managed Run commands (max={max}, current={current}) has been exceeded. Use fewer Run commands and retry the request. To list Run commands, refer: https://aka.ms/RunCommandManaged#list-all-deployed-runcommand-resources-on-a-vm-1 and then delete a Run command: https://aka.ms/RunCommandManaged#delete-runcommand-resource-from-the-vm-1',
    layer: 'service',
    source: 'inferred'
  },
  OperationFailed: {
    status: 409,
    code: '{code}',
    message: '{message}',
    layer: 'service',
    source: 'inferred'
  }
} as const satisfies Record<string, ErrorEntry>
