import { allOf, then } from '../../core/maybe-promise.js'
import { instanceDocument, selectedDocument, viewOfInstance, type Selected } from '../documents/scale-set-instance.js'
import { etagOf, type MachineForm } from '../documents/virtual-machine.js'
import { ArmError } from '../errors/arm-error.js'
import { invalidValue } from '../errors/invalid-value.js'
import { serviceJson } from '../responses/arm-response.js'
import { hasInstanceEtag } from '../responses/form.js'
import { isInstanceView } from './expand.js'
import type { Handlers, Services } from './handler-types.js'

type InstanceHandlers = Pick<Handlers, 'VirtualMachineScaleSetVMs_List' | 'VirtualMachineScaleSetVMs_Get' |
  'VirtualMachineScaleSetVMs_GetInstanceView'>

/** The filters of a list, and whether instances match (documented: its reference). All have the latest model. */
const FILTERS: Readonly<Record<string, boolean>> = {
  'properties/latestmodelapplied eq true': true,
  'properties/latestmodelapplied eq false': false,
  "startswith(instanceview/statuses/code, 'powerstate') eq true": true
}

const FILTER_RULE = 'must be properties/latestModelApplied eq true, properties/latestModelApplied eq false ' +
  "or startswith(instanceView/statuses/code, 'PowerState') eq true"

/** Reads of the instances of scale sets. The charge is one for each returned instance (recorded). */
export function instanceHandlers ({ machineStates, scaleSets }: Services): InstanceHandlers {
  return {
    VirtualMachineScaleSetVMs_List: request => {
      const { scaleSet, query: { $filter, $select, $expand } } = request
      const selected = selectedIn($select)
      const form = formOf(request, hasViews($expand))
      const instances = isKept($filter) ? scaleSets.instances(scaleSet) : []
      return then(allOf(instances.map(vm => machineStates.read(vm))), conditions => {
        const value = instances.map((vm, index) => selected === undefined
          ? instanceDocument({ vm, scaleSet }, conditions[index]!, form)
          : selectedDocument(selected, { vm, scaleSet }, conditions[index]!, form))
        // Recorded: an empty list has no charge (azcli_power_vmss_2024-07-01, exchange 46).
        return { ...serviceJson({ value }), charge: value.length || undefined }
      })
    },
    VirtualMachineScaleSetVMs_Get: request => then(machineStates.read(request.vm), condition => {
      const { vm, scaleSet, apiVersion, query: { $expand } } = request
      const form = formOf(request, isInstanceView($expand))
      const response = serviceJson(instanceDocument({ vm, scaleSet }, condition, form))
      // Inferred from virtual machines: the header is there only without the view.
      const hasHeader = hasInstanceEtag(apiVersion) && !form.hasInstanceView
      return { ...response, charge: 1, ...hasHeader && { headers: ['ETag', etagOf(condition)] } }
    }),
    VirtualMachineScaleSetVMs_GetInstanceView: ({ vm, scaleSet, responseForm }) =>
      then(machineStates.read(vm), condition =>
        ({ ...serviceJson(viewOfInstance({ vm, scaleSet }, condition, responseForm)), charge: 1 }))
  }
}

function formOf ({ responseForm, apiVersion }: MachineForm, hasInstanceView: boolean): MachineForm {
  return { responseForm, apiVersion, hasInstanceView }
}

function isKept ($filter: string = ''): boolean {
  if ($filter === '') return true
  const kept = FILTERS[$filter.toLowerCase().replaceAll(/\s+/g, ' ').trim()]
  if (kept !== undefined) return kept
  throw invalidValue({ parameter: '$filter', value: $filter, rule: FILTER_RULE })
}

function selectedIn ($select: string = ''): Selected | undefined {
  if ($select === '') return undefined
  if ($select.toLowerCase() === 'instanceview/statuses') return 'instanceView/statuses'
  if ($select.toLowerCase() === 'instanceview') return 'instanceView'
  throw invalidValue({ parameter: '$select', value: $select, rule: 'must be instanceView or instanceView/statuses' })
}

/** Whether a list has the views. Throws for any other `$expand`. */
function hasViews ($expand: string = ''): boolean {
  if ($expand !== '' && !isInstanceView($expand)) throw new ArmError('InvalidExpand')
  return $expand !== ''
}
