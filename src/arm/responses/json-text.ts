/** The members of a document that Compute writes on one line. */
const COMPACT = new Set(['networkProfile', 'networkProfileConfiguration'])

/**
 * JSON as Compute writes it (recorded: every body of azcli_vm__latest__test_vm_run_command_e2e). The network profile of
 * a machine is one compact line (recorded: azcli_power_vm_2024-07-01, java_power_vm), and so is that of a scale set
 * (recorded: azcli_power_vmss_2024-07-01).
 */
export function indented (value: unknown): string {
  const compacted = (name: string, each: unknown) => COMPACT.has(name) ? JSON.stringify(each) : each
  return JSON.stringify(value, compacted, 2).replaceAll('\n', '\r\n')
    .replaceAll(/("networkProfile(?:Configuration)?": )("(?:[^"\\]|\\.)*")/g,
      (_, name: string, text: string) => name + JSON.parse(text))
}
