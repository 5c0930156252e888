import { once } from '../../core/once.js'
import type { RunCommandDocument } from '../../guest/documents.js'
import { ArmError } from '../errors/arm-error.js'
import { serviceJson } from '../responses/arm-response.js'
import { hasSortedDocuments } from '../responses/form.js'
import type { Handlers, Services } from './handler-types.js'

type DocumentHandlers = Pick<Handlers, 'VirtualMachineRunCommands_List' | 'VirtualMachineRunCommands_Get'>

/** The built-in run commands, the same in every location. */
export function documentHandlers ({ documents }: Services): DocumentHandlers {
  const sorted = once(() => documents.list().toSorted((a, b) => a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))
  return {
    VirtualMachineRunCommands_List: ({ apiVersion }) => {
      const listed = hasSortedDocuments(apiVersion) ? sorted() : documents.list()
      return serviceJson({ value: listed.map(summary) })
    },
    VirtualMachineRunCommands_Get: request => {
      const document = documents.find(request.params.commandId)
      if (document === undefined) throw new ArmError('NotFound')
      return serviceJson(document)
    }
  }
}

function summary ({ $schema, id, osType, label, description }: RunCommandDocument) {
  return { $schema, id, osType, label, description }
}
