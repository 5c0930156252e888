/**
 * The creation times of the parts of a machine, in ticks. No machine is really created, but the intervals are recorded:
 * azcli_power_vm_2024-07-01, exchange 24.
 */
export const CREATION = {
  created: '2024-01-15T08:30:12.3708846+00:00',
  disks: '2024-01-15T08:30:12.8396377+00:00',
  provisioned: '2024-01-15T08:31:17.3400024+00:00',
  agent: '2024-01-15T08:31:21+00:00'
} as const
