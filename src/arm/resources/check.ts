import type { FastifyRequest } from 'fastify'
import type { ScaleSet } from '../../resources/scale-sets.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { createResourceFinder, type ResourceFinderOptions } from './finder.js'
import type { NamedResources } from './ids.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The resources in the path; undefined above a subscription. */
    named?: NamedResources | undefined
    /** The virtual machine or instance in the path. Only on routes at or below one. */
    vm: VirtualMachine
    /** The scale set in the path, likewise. */
    scaleSet: ScaleSet
  }
}

/** Gives a request the machine and the scale set in its path. Throws Azure's error if one does not exist. */
export function createResourceCheck (options: ResourceFinderOptions) {
  const { find } = createResourceFinder(options)
  return (request: FastifyRequest): void => {
    const { vm, scaleSet } = find(request)
    if (scaleSet !== undefined) request.scaleSet = scaleSet
    if (vm !== undefined) request.vm = vm
  }
}
