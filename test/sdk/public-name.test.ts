import t from 'tap'
import { start } from '../harness/emulator.js'
import { resolving } from '../harness/resolve.js'
import { CLIENTS, connect, conversation, runShellScript } from './connect.js'

for (const client of CLIENTS) {
  t.test(`${client} trusts azrun under a public name`, async t => {
    const { port, caFile } = await start(t, { host: '127.0.0.2', publicName: ['my-service'] })
    const call = connect(t, client, caFile, resolving('my-service', '127.0.0.2'))
    const outcome = await call({ url: `https://my-service:${port}` },
      { method: 'runCommand', args: ['rg', 'vm', runShellScript('id')] })
    t.strictSame(conversation(outcome),
      ['POST runCommand 202', 'GET Azure-AsyncOperation 200 Succeeded', 'GET Location 200'])
    t.equal(new URL(outcome.exchanges[1]!.url).host, `my-service:${port}`)
  })
}
