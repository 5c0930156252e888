/**
 * Whether Azure lets a resource group have this name (documented: naming rules and restrictions of resources): up to 90
 * letters, digits, underscores, hyphens, periods and parentheses, and no period at the end.
 */
export function isResourceGroupName (name: string): boolean {
  return name.length <= 90 && (/^[\w().-]*[\w()-]$/.test(name) || /^[\p{L}\p{Nd}_().-]*[\p{L}\p{Nd}_()-]$/u.test(name))
}

/**
 * Whether Azure lets a virtual machine or a scale set have this name (documented: the same page): up to 64 characters,
 * none of them a space, a control character or a special one, and neither a period nor a hyphen at the end.
 */
export function isVirtualMachineName (name: string): boolean {
  return name.length <= 64 && (/^[\w.-]*\w$/.test(name) || /^[\p{L}\p{Nd}_.-]*[\p{L}\p{Nd}_]$/u.test(name))
}

/** Whether an instance of a scale set may have this id: a number as Azure counts them, without zeros before it. */
export function isInstanceId (id: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(id)
}

/** `West US` is the region `westus` (recorded: azcli_vm__latest__test_vmss_run_command_v2). */
export function regionOf (location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}

/** How `az vm create` names what connects a machine to the network. */
export const NETWORK_SUFFIXES = { networkInterface: 'VMNic', publicIpAddress: 'PublicIP' } as const

/** The names of what connects a machine to the network, as paths have them. */
export function networkNames (vmName: string) {
  const { networkInterface, publicIpAddress } = NETWORK_SUFFIXES
  return { networkInterfaceName: `${vmName}${networkInterface}`, publicIpAddressName: `${vmName}${publicIpAddress}` }
}
