import { ComputeManagementClient } from '@azure/arm-compute'
import { ComputeManagementClient as NewestClient } from 'arm-compute-newest'
import t from 'tap'
import { startEmulator } from '../../src/kit/index.js'

// The emulator of the example keeps its certificates in the home directory.
process.env['HOME'] = t.testdir()

type Client = Pick<ComputeManagementClient, 'virtualMachines'> | Pick<NewestClient, 'virtualMachines'>

/** The program under test: a command on one machine, and three on another. */
async function program (client: Client): Promise<string[]> {
  const run = async (vmName: string, script: string) => {
    const outcome = client.virtualMachines.beginRunCommandAndWait('rg', vmName, { commandId: 'RunShellScript', script: [script] })
    return await outcome.then(({ value }) => value![0]!.code!, ({ code }: { code: string }) => code)
  }
  return [await run('db-2', 'df -h'), await run('db-1', 'uptime'), await run('db-1', 'uptime'), await run('db-1', 'uptime')]
}

const outcomes = ['ProvisioningState/succeeded', 'Conflict', 'Conflict', 'ProvisioningState/succeeded']

t.test('the example of the documentation runs with @azure/arm-compute 21', async t => {
  await using azrun = await startEmulator({ executor: 'fixture', clock: 'virtual' })
  const world = azrun.subscription()                                  // a fresh id: nothing of other tests is seen here
  world.scenarios.add({ name: 'busy', match: { vmName: 'db-1' }, calls: '1-2', do: [{ error: { code: 'Conflict' } }] })
  const client = new ComputeManagementClient(azrun.credential(), world.id, azrun.clientOptions())
  t.strictSame(await program(client), outcomes)
  await world.requests.waitFor({ operation: 'VirtualMachines_RunCommand' }, { count: 3, timeout: 1000 })
  await azrun.clock.advance('90m')
  await world.verify([{ match: { script: 'df*' }, times: '1' }])
})

t.test('the example runs with the newest @azure/arm-compute', async t => {
  await using azrun = await startEmulator({ executor: 'fixture', clock: 'virtual', auth: 'strict' })
  const world = azrun.subscription()
  world.scenarios.add({ name: 'busy', match: { vmName: 'db-1' }, calls: '1-2', do: [{ error: { code: 'Conflict' } }] })
  const client = new NewestClient(azrun.credential(), world.id, azrun.clientOptions())
  t.strictSame(await program(client), outcomes)
  await azrun.clock.advance('30d')
  t.strictSame(await program(client), Array(4).fill(outcomes[0]), 'the token is still valid')
  await world.verify([{ match: { script: 'df*' }, times: '2' }, { match: { vmName: 'db-1', operation: 'VirtualMachines_RunCommand' }, times: '6' }])
})
