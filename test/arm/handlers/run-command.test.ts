import t from 'tap'
import { MemoryStore, VirtualClock } from '../../../src/index.js'
import { runCommandUrl, start } from '../../harness/emulator.js'
import { remote } from '../../harness/remote-store.js'
import { converse } from '../../harness/wire.js'

const stores = { 'a store in memory': () => new MemoryStore(), 'a remote store': () => remote(new MemoryStore()) }

/** The bytes of an action. The last one on a connection must close it. */
function post (vmName: string, connection = 'keep-alive'): string {
  const body = JSON.stringify({ commandId: 'RunShellScript' })
  return `POST ${runCommandUrl({ vmName })} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n` +
    `Connection: ${connection}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

for (const [name, create] of Object.entries(stores)) {
  t.test(`accepts the first of two pipelined actions on a machine, with ${name}`, async t => {
    const emulator = await start(t, { store: create(), clock: new VirtualClock(), delay: 1 })
    const received = await converse(emulator, post('vm') + post('other') + post('VM', 'close'))
    t.strictSame(received.match(/^HTTP\/1\.1 \d+/gm), ['HTTP/1.1 202', 'HTTP/1.1 202', 'HTTP/1.1 409'])
  })
}
