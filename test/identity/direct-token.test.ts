import { randomUUID } from 'node:crypto'
import t from 'tap'
import { UsageError } from '../../src/index.js'
import { build, get, SUBSCRIPTION } from '../harness/emulator.js'

const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourcegroups?api-version=2022-09-01`

t.test('a token without a login is good for its lifetime, and one of -600 seconds has expired', async t => {
  const emulator = await build(t, { auth: 'strict' })
  for (const [lifetime, expected] of [[undefined, 200], [60, 200], [-600, 401]] as const) {
    const token = await emulator.issueToken({ lifetime })
    const { statusCode } = await get(emulator, GROUPS, { authorization: `Bearer ${token}` })
    t.equal(statusCode, expected, `${lifetime}`)
  }
})

t.test('a token without a login is refused for an option that issueToken does not have, or a value that it cannot use', async t => {
  const emulator = await build(t, { servicePrincipals: [{ clientId: randomUUID() }] })
  for (const [options, message] of [
    [{ tenantId: 'a' }, "'tenantId' is not an option of issueToken: it has clientId and lifetime"],
    [{ lifetime: '1 h' }, '\'lifetime\' of issueToken must be a number of seconds, not "1 h"'],
    [{ lifetime: NaN }, "'lifetime' of issueToken must be a number of seconds, not NaN"],
    [{ clientId: 'none' }, "there is no application with the client id 'none': declare it in servicePrincipals"]
  ] as const) {
    await t.rejects(emulator.issueToken(options as object), new UsageError(message), message)
  }
})
