/** Starts azrun in its own process, and runs a script with the SDK. Prints the result, or why azrun does not start. */
import { ComputeManagementClient } from '@azure/arm-compute'
import { assertReceived, startEmulator } from '../../../dist/kit/index.js'

try {
  const azrun = await startEmulator({ clock: 'virtual', fixtures: [{ name: 'all', match: { script: '*' }, result: { stdout: 'hello' } }] })
  const world = azrun.subscription()
  world.scenarios.add({ name: 'busy', calls: '1', do: [{ error: { code: 'Conflict' } }] })
  const client = new ComputeManagementClient(azrun.credential(), world.id, azrun.clientOptions())
  const input = { commandId: 'RunShellScript', script: ['uptime'] }
  const refused = await client.virtualMachines.beginRunCommandAndWait('rg', 'vm', input).catch(error => error.code)
  const running = client.virtualMachines.beginRunCommandAndWait('rg', 'vm', input)
  await world.requests.waitFor({ operation: 'VirtualMachines_RunCommand' }, { count: 2 })
  await azrun.clock.advance('1h')
  const result = await running
  await assertReceived(world, { script: 'uptime' }, { times: 2 })
  await azrun.close()
  console.log(JSON.stringify({ refused, value: result.value }))
} catch (error) {
  console.log(JSON.stringify({ name: error.name, message: error.message }))
}
