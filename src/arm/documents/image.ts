import type { OperatingSystem, VirtualMachine } from '../../resources/virtual-machines.js'
import { computerNamePrefixOf, scaleSetIdOf } from './names.js'

/** The image of a machine. azrun has no images, so these are plausible ones, the same for every machine. */
interface Image {
  readonly reference: Readonly<Record<'publisher' | 'offer' | 'sku' | 'version' | 'exactVersion', string>>
  readonly diskSizeGB: number
  readonly osName: string
  readonly osVersion: string
  /** The agents' versions and messages are recorded: azcli_power_vm_2024-07-01 and java_power_vm. */
  readonly agentVersion: string
  readonly agentMessage: string
}

const IMAGES: Readonly<Record<OperatingSystem, Image>> = {
  Linux: {
    reference: {
      publisher: 'Canonical',
      offer: '0001-com-ubuntu-server-jammy',
      sku: '22_04-lts',
      version: 'latest',
      exactVersion: '22.04.202408060'
    },
    diskSizeGB: 30,
    osName: 'ubuntu',
    osVersion: '22.04',
    agentVersion: '2.11.1.12',
    agentMessage: 'Guest Agent is running'
  },
  Windows: {
    reference: {
      publisher: 'MicrosoftWindowsServer',
      offer: 'WindowsServer',
      sku: '2022-datacenter',
      version: 'latest',
      exactVersion: '20348.2655.240810'
    },
    diskSizeGB: 127,
    osName: 'Windows Server 2022 Datacenter',
    osVersion: '10.0.20348.2655',
    agentVersion: '2.7.41491.992',
    agentMessage: 'GuestAgent is running and processing the extensions.'
  }
}

/** The system to show: Linux for an undeclared machine. */
export function systemOf ({ osType = 'Linux' }: Pick<VirtualMachine, 'osType'>): OperatingSystem {
  return osType
}

export function imageOf (vm: Pick<VirtualMachine, 'osType'>): Image {
  return IMAGES[systemOf(vm)]
}

/**
 * The host name inside the machine. Windows allows 15 characters (documented: naming rules of virtual machines). That
 * of an instance ends in its number in base 36 (documented: names of instances of scale sets).
 */
export function computerNameOf (vm: VirtualMachine): string {
  if (vm.scaleSet !== undefined) {
    const number = Number(vm.scaleSet.instanceId).toString(36).toUpperCase().padStart(6, '0')
    return `${computerNamePrefixOf(scaleSetIdOf(vm))}${number}`
  }
  return systemOf(vm) === 'Windows' ? vm.id.name.slice(0, 15) : vm.id.name
}
