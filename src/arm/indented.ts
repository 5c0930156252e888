/** JSON as the compute service writes it (recorded: every body of azcli_vm__latest__test_vm_run_command_e2e). */
export function indented (value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\r\n')
}
