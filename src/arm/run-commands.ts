import type { RunCommandDocument } from '../guest/documents.js'
import { ArmError } from './errors.js'
import { indented } from './indented.js'
import type { Handlers, Services } from './contract.js'
import { rateLimits } from './headers.js'

type RunCommandHandlers = Pick<Handlers, 'VirtualMachineRunCommands_List' | 'VirtualMachineRunCommands_Get'>

/** The built-in run commands, the same in every location. */
export function runCommandHandlers ({ documents }: Services): RunCommandHandlers {
  return {
    VirtualMachineRunCommands_List: () => found({ value: documents.list().map(summary) }),
    VirtualMachineRunCommands_Get: request => {
      const document = documents.find(request.params.commandId)
      if (document === undefined) throw new ArmError('NotFound')
      return found(document)
    }
  }
}

function summary ({ $schema, id, osType, label, description }: RunCommandDocument) {
  return { $schema, id, osType, label, description }
}

function found (value: unknown) {
  return { status: 200, layer: 'service', body: indented(value), rateLimit: rateLimits.documents } as const
}
