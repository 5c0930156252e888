import t from 'tap'
import { build, get } from '../harness/emulator.js'

t.test("no path of azrun's own API is that of a tenant with the same name", async t => {
  const emulator = await build(t)
  for (const path of ['/discovery/v2.0/keys', '/v2.0/.well-known/openid-configuration']) {
    t.equal((await get(emulator, `/common${path}`)).statusCode, 200, path)
    for (const own of ['_emulator', '_EMULATOR']) {
      const { statusCode, body } = await get(emulator, `/${own}${path}`)
      t.strictSame([statusCode, JSON.parse(body).error.code], [404, 'NotFound'], `${own}${path}`)
    }
  }
})
