import { allOf, then } from '../../core/maybe-promise.js'
import type { VirtualMachine } from '../../core/virtual-machines.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { COLUMNS, runQuery, unknown, type Result, type Row } from '../resource-graph.js'
import { gatewayJson } from '../response.js'
import type { Handlers, Services } from './handler-types.js'

/** Rows of a response that names no number (documented). */
const PAGE = 100

/** The default result of this version and later ones is objects, of earlier ones a table (documented). */
const FIRST_WITH_OBJECTS = '2020-04-01-preview'

/** Azure Resource Graph, as far as chaostoolkit-azure asks it: over the declared machines. */
export function resourceGraphHandlers ({ machineStates, subscriptions, virtualMachines }: Services):
Pick<Handlers, 'ResourceGraph_Resources'> {
  return {
    ResourceGraph_Resources: ({ body, apiVersion }) => {
      const { query, subscriptions: asked, managementGroups, facets, options = {} } = body
      if (managementGroups !== undefined) throw unknown('managementGroups')
      if (facets !== undefined) throw unknown('facets')
      if (options.$skipToken !== undefined) throw unknown('$skipToken')
      const machines = asked === undefined
        ? virtualMachines.list()
        : asked.flatMap(subscriptionId => virtualMachines.list(subscriptionId))
      return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
        const rows = machines.map((vm, index) => rowOf(vm, virtualMachineDocument(vm, conditions[index]!, FORM)))
        const found = runQuery(query, rows)
        const { $skip = 0, $top = PAGE } = options
        const page = { ...found, rows: found.rows.slice($skip, $skip + $top) }
        const isTable = (options.resultFormat ?? defaultFormat(apiVersion)).toLowerCase() === 'table'
        return gatewayJson({
          totalRecords: found.rows.length,
          count: page.rows.length,
          data: isTable ? tableOf(page) : objectsOf(page),
          facets: [],
          resultTruncated: `${$skip + page.rows.length < found.rows.length}`
        })
      })
    }
  }

  /** As the service keeps a resource: types and groups are in lower case (documented). */
  function rowOf (vm: VirtualMachine, document: ReturnType<typeof virtualMachineDocument>): Row {
    const { id: { subscriptionId, resourceGroup } } = vm
    const { id, name, type, location, properties } = document
    return {
      id,
      name,
      type: type.toLowerCase(),
      tenantId: subscriptions.find(subscriptionId)?.tenantId,
      kind: '',
      location,
      resourceGroup: resourceGroup!.toLowerCase(),
      subscriptionId,
      managedBy: '',
      sku: null,
      plan: null,
      properties,
      tags: null,
      identity: null,
      zones: null,
      extendedLocation: null
    }
  }
}

/** Resource Graph shows resources as one api-version of their service does. */
const FORM = { responseForm: 'current', apiVersion: '2024-07-01' } as const

function defaultFormat (apiVersion: string): string {
  return apiVersion < FIRST_WITH_OBJECTS ? 'table' : 'objectArray'
}

function objectsOf ({ rows, columns }: Result): object[] {
  return rows.map(row => Object.fromEntries(columns.map(column => [column, row[column]])))
}

function tableOf ({ rows, columns }: Result): object {
  return {
    columns: columns.map(name => ({ name, type: COLUMNS[name] })),
    rows: rows.map(row => columns.map(column => row[column]))
  }
}
