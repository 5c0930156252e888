import { allOf, then } from '../../core/maybe-promise.js'
import type { ResourceId } from '../../core/resource-id.js'
import { scaleSetDocument } from '../documents/scale-set.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { gatewayJson } from '../responses/arm-response.js'
import { userQuota } from '../responses/quotas.js'
import type { Handlers, Services } from './handler-types.js'
import { COLUMNS, runQuery, unsupported, type Result, type Row } from './resource-graph-query.js'

/** The default number of rows in a response (documented). */
const PAGE = 100

/** The quota is 15 queries in 5 seconds (documented). azrun does not throttle, so the figures never change. */
const QUOTA = userQuota(14, 5)

/** By default, results are objects from this version on, and tables in earlier ones (documented). */
const FIRST_WITH_OBJECTS = '2020-04-01-preview'

/** The part of Azure Resource Graph that chaostoolkit-azure uses, over the declared machines and scale sets. */
export function resourceGraphHandlers ({ machineStates, scaleSets, subscriptions, virtualMachines }: Services):
Pick<Handlers, 'ResourceGraph_Resources'> {
  return {
    ResourceGraph_Resources: ({ body, apiVersion }) => {
      const { query, subscriptions: asked, managementGroups, facets, options = {} } = body
      if (managementGroups !== undefined) throw unsupported('managementGroups')
      if (facets !== undefined) throw unsupported('facets')
      if (options.$skipToken !== undefined) throw unsupported('$skipToken')
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

  /** A resource as a row. Types and resource groups are in lower case (documented). */
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

/** The document of a resource. */
interface Document {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
  readonly sku?: object
  readonly tags?: object
  readonly properties: object
}

/** Resource Graph always shows resources in the form of one api-version of their service. */
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
