import t, { type Test } from 'tap'
import { VirtualClock, type EmulatorOptions } from '../../src/index.js'
import { build, get, runCommand, runCommandUrl } from '../harness/emulator.js'

const COMMAND = { commandId: 'RunShellScript', script: ['make'] }

async function virtual (t: Test, options: EmulatorOptions = {}) {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock, ...options })
  const accepted = async (vmName = 'vm') => `${(await runCommand(emulator, COMMAND, { vmName })).headers['azure-asyncoperation']}`
  return { clock, emulator, accepted, poll: async (url: string) => (await get(emulator, url)).json() }
}

t.test('a script of 91 minutes ends after 90 minutes of the clock, which take no time', async t => {
  const fixtures = [{ name: 'slow', match: { script: 'make' }, result: { durationMs: 91 * 60_000 } }]
  const { clock, accepted, poll } = await virtual(t, { fixtures, pace: 'azure' })
  const url = await accepted()
  await clock.advance('89m59s')
  t.match(await poll(url), { status: 'InProgress' })
  await clock.advance('1s')
  t.match(await poll(url), {
    status: 'Failed', startTime: /^2024-03-01T00:00:00/, endTime: /^2024-03-01T01:30:00/, error: { code: 'VMExtensionProvisioningTimeout' }
  })
  t.equal(clock.next(), undefined)
})

t.test('a held poll of an operation that goes on is answered after ten seconds of the clock', async t => {
  const { clock, accepted, poll } = await virtual(t, { delay: 60_000 })
  const answer = poll(await accepted())
  while (clock.next()?.getTime() !== clock.now().getTime() + 10_000) await clock.advance(0)
  await clock.advance('10s')
  t.match(await answer, { status: 'InProgress' })
})

t.test('azrun\'s own pages and the token endpoint have the date of the clock, as Azure\'s responses do', async t => {
  const { clock, emulator } = await virtual(t)
  await clock.advance('1h')
  const urls = ['/_emulator/health', '/_emulator/none', '/common/discovery/keys', '/common/oauth2/token', runCommandUrl()]
  for (const url of urls) t.equal((await emulator.app.inject(url)).headers.date, 'Fri, 01 Mar 2024 01:00:00 GMT', url)
})
