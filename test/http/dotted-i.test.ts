import t from 'tap'
import { build, get, runCommand } from '../harness/emulator.js'

t.test('a name may have the letter that is two in small letters', async t => {
  const emulator = await build(t, { fixtures: [{ name: 'any', match: { vmName: 'VJİž' }, result: { stdout: 'ran' } }] })
  const { statusCode, headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'VJ%C4%B0%C5%BE' })
  t.equal(statusCode, 202)
  t.match((await get(emulator, headers['location'] as string)).body, 'ran')
  t.match(emulator.journal.list().value[0], { url: /VJ%C4%B0%C5%BE/ })
})
