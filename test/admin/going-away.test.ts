import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { untilGone } from '../../src/admin/going-away.js'

t.test('work for a client that has already ended its side of the connection begins with an aborted signal', async t => {
  const ended = new PassThrough()
  ended.end().resume()
  await once(ended, 'end')
  const closed = new PassThrough()
  closed.destroy()
  await once(closed, 'close')
  for (const socket of [ended, closed]) {
    t.equal(await untilGone({ raw: { socket } } as never, async signal => signal.aborted), true)
    t.equal(socket.listenerCount('end'), 0)
  }
})
