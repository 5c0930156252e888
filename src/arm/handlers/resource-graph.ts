import { allOf, then } from '../../core/maybe-promise.js'
import type { ResourceId } from '../../core/resource-id.js'
import { scaleSetDocument } from '../documents/scale-set.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { userQuota } from '../rate-limits.js'
import { COLUMNS, runQuery, unknown, type Result, type Row } from '../resource-graph.js'
import { gatewayJson } from '../response.js'
import type { Handlers, Services } from './handler-types.js'

/** Rows of a response that names no number (documented). */
const PAGE = 100

/** Of 15 queries in 5 seconds (documented). azrun does not throttle, so the figures stand still. */
const QUOTA = userQuota(14, 5)

/** The default result of this version and later ones is objects, of earlier ones a table (documented). */
const FIRST_WITH_OBJECTS = '2020-04-01-preview'

/** Azure Resource Graph, as far as chaostoolkit-azure asks it: over the declared machines and scale sets. */
export function resourceGraphHandlers ({ machineStates, scaleSets, subscriptions, virtualMachines }: Services):
Pick<Handlers, 'ResourceGraph_Resources'> {
  return {
    ResourceGraph_Resources: ({ body, apiVersion }) => {
      const { query, subscriptions: asked, managementGroups, facets, options = {} } = body
      if (managementGroups !== undefined) throw unknown('managementGroups')
      if (facets !== undefined) throw unknown('facets')
      if (options.$skipToken !== undefined) throw unknown('$skipToken')
      const where = asked === undefined ? [undefined] : [...new Set(asked.map(id => id.toLowerCase()))]
      const machines = where.flatMap(subscriptionId => virtualMachines.list(subscriptionId))
      const sets = where.flatMap(subscriptionId => scaleSets.list(subscriptionId))
      return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
        const found = runQuery(query, [
          ...machines.map((vm, index) => rowOf(vm.id, virtualMachineDocument(vm, conditions[index]!, FORM))),
          ...sets.map(set => rowOf(set.id, scaleSetDocument(set, FORM)))
        ])
        const { $skip = 0, $top = PAGE } = options
        const page = { ...found, rows: found.rows.slice($skip, $skip + $top) }
        const isTable = (options.resultFormat ?? defaultFormat(apiVersion)).toLowerCase() === 'table'
        const response = gatewayJson({
          totalRecords: found.rows.length,
          count: page.rows.length,
          data: isTable ? tableOf(page) : objectsOf(page),
          facets: [],
          resultTruncated: `${$skip + page.rows.length < found.rows.length}`
        })
        return { ...response, headers: QUOTA }
      })
    }
  }

  /** As the service keeps a resource: types and groups are in lower case (documented). */
  function rowOf ({ subscriptionId, resourceGroup }: ResourceId, document: Document): Row {
    const { id, name, type, location, sku = null, tags = null, properties } = document
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
      sku,
      plan: null,
      properties,
      tags,
      identity: null,
      zones: null,
      extendedLocation: null
    }
  }
}

/** What a resource says of itself to its readers. */
interface Document {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
  readonly sku?: object
  readonly tags?: object
  readonly properties: object
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
