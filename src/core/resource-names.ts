/**
 * Whether Azure permits this name for a resource group (documented: naming rules and restrictions of resources): up to
 * 90 letters, digits, underscores, hyphens, periods and parentheses, without a period at the end.
 */
export function isResourceGroupName (name: string): boolean {
  return name.length <= 90 && (/^[\w().-]*[\w()-]$/.test(name) || /^[\p{L}\p{Nd}_().-]*[\p{L}\p{Nd}_()-]$/u.test(name))
}

/**
 * Whether Azure permits this name for a virtual machine or a scale set (documented: the same page): up to 64 characters
 * without spaces, control and special characters, and neither a period nor a hyphen at the end.
 */
export function isVirtualMachineName (name: string): boolean {
  return name.length <= 64 && (/^[\w.-]*\w$/.test(name) || /^[\p{L}\p{Nd}_.-]*[\p{L}\p{Nd}_]$/u.test(name))
}

/** Whether this can be the id of an instance of a scale set: a number without leading zeros. */
export function isInstanceId (id: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(id)
}

/** `West US` is the region `westus` (recorded: azcli_vm__latest__test_vmss_run_command_v2). */
export function regionOf (location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}

/** The suffixes that `az vm create` gives to the names of a machine's network resources. */
export const NETWORK_SUFFIXES = { networkInterface: 'VMNic', publicIpAddress: 'PublicIP' } as const

/** The names of a machine's network resources. */
export function networkNames (vmName: string) {
  const { networkInterface, publicIpAddress } = NETWORK_SUFFIXES
  return { networkInterfaceName: `${vmName}${networkInterface}`, publicIpAddressName: `${vmName}${publicIpAddress}` }
}
