import { EventEmitter } from 'node:events'
import t from 'tap'
import { requireNodeServer } from '../../src/listener/listening-check.js'

t.test('azrun cannot listen where an HTTP server gives no access to its connections, and says what to do instead', async t => {
  t.doesNotThrow(() => requireNodeServer())
  t.throws(() => requireNodeServer(EventEmitter, { node: '24.3.0', bun: '1.4.5' }), {
    name: 'UsageError',
    message: 'azrun cannot listen in Bun 1.4.5, whose HTTP server does not accept TLS on the same port: run azrun with Node.js, ' +
      'for example with `azrun exec -- bun test`'
  })
  t.throws(() => requireNodeServer(EventEmitter, { node: '24.3.0' }), {
    name: 'UsageError',
    message: /^azrun cannot listen in this runtime, whose HTTP server /
  })
})
