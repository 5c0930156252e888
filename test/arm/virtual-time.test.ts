import t, { type Test } from 'tap'
import { VirtualClock, type EmulatorOptions } from '../../src/index.js'
import { build, get, runCommand, runCommandUrl } from '../harness/emulator.js'

const COMMAND = { commandId: 'RunShellScript', script: ['make'] }

async function virtualEmulator (t: Test, options: EmulatorOptions = {}) {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock, ...options })
  const start = async (vmName = 'vm') => `${(await runCommand(emulator, COMMAND, { vmName })).headers['azure-asyncoperation']}`
  return { clock, emulator, start, poll: async (url: string) => (await get(emulator, url)).json() }
}

t.test('a script of 91 minutes times out after 90 minutes of the virtual clock', async t => {
  const fixtures = [{ name: 'slow', match: { script: 'make' }, result: { durationMs: 91 * 60_000 } }]
  const { clock, start, poll } = await virtualEmulator(t, { fixtures, pace: 'azure' })
  const url = await start()
  await clock.advance('89m59s')
  t.match(await poll(url), { status: 'InProgress' })
  await clock.advance('1s')
  t.match(await poll(url), {
    status: 'Failed', startTime: /^2024-03-01T00:00:00/, endTime: /^2024-03-01T01:30:00/, error: { code: 'VMExtensionProvisioningTimeout' }
  })
  t.equal(clock.next(), undefined)
})

t.test('a held poll gets InProgress after ten seconds of the virtual clock', async t => {
  const { clock, start, poll } = await virtualEmulator(t, { delay: 60_000 })
  const response = poll(await start())
  while (clock.next()?.getTime() !== clock.now().getTime() + 10_000) await clock.advance(0)
  await clock.advance('10s')
  t.match(await response, { status: 'InProgress' })
})

t.test("azrun's own pages and the token endpoint have the virtual clock's date", async t => {
  const { clock, emulator } = await virtualEmulator(t)
  await clock.advance('1h')
  const urls = ['/_emulator/health', '/_emulator/none', '/common/discovery/keys', '/common/oauth2/token', runCommandUrl()]
  for (const url of urls) t.equal((await emulator.app.inject(url)).headers.date, 'Fri, 01 Mar 2024 01:00:00 GMT', url)
})
