import t from 'tap'
import type { Emulator } from '../../src/index.js'
import { build } from '../harness/emulator.js'
import { prepare, send, starting } from '../harness/starting.js'

const ADMIN = {
  clientId: '5a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a11',
  clientSecret: 'secret',
  objectId: '5a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a12'
}
const OTHER = {
  clientId: '6a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a11',
  clientSecret: 'secret',
  objectId: '6a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a12'
}

async function bearer ({ app }: Emulator, { clientId, clientSecret }: typeof ADMIN) {
  const scope = 'https://management.azure.com/.default'
  const client = { client_id: clientId, client_secret: clientSecret }
  const form = { grant_type: 'client_credentials', ...client, scope }
  const response = await app.inject({
    method: 'POST',
    url: '/00000000-0000-4000-8000-617a72756e00/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `${new URLSearchParams(form)}`
  })
  return { authorization: `Bearer ${response.json().access_token}` }
}

for (const each of starting) {
  const { operation, method, action } = each
  // The path of an action ends with its name.
  const scope = method === 'POST' ? each.path.slice(0, each.path.lastIndexOf('/')) : each.path

  t.test(`${operation} is refused without permission for ${action} on its resource`, async t => {
    const emulator = await build(t, {
      auth: 'strict',
      servicePrincipals: [ADMIN, OTHER],
      roleAssignments: [
        { principalId: ADMIN.objectId, actions: ['*'] },
        // Other actions, and this action on another resource.
        { principalId: OTHER.objectId, actions: ['*/read'] },
        { principalId: OTHER.objectId, scope: `${scope}-2`, actions: [action] }
      ]
    })
    const [admin, other] = [await bearer(emulator, ADMIN), await bearer(emulator, OTHER)]
    await prepare(emulator, each, admin)
    const refused = await send(emulator, each, other)
    t.equal(refused.statusCode, 403)
    t.equal(refused.json().error.code, 'AuthorizationFailed')
    t.match(refused.json().error.message, `with object id '${OTHER.objectId}' does not have authorization to perform action ` +
      `'${action}' over scope '${scope}' or the scope is invalid.`)
    t.ok((await send(emulator, each, admin)).statusCode < 300)
  })

  t.test(`${operation} needs no other permission than ${action}`, async t => {
    const emulator = await build(t, {
      auth: 'strict',
      servicePrincipals: [ADMIN, OTHER],
      roleAssignments: [{ principalId: ADMIN.objectId, actions: ['*'] }, { principalId: OTHER.objectId, scope, actions: [action] }]
    })
    await prepare(emulator, each, await bearer(emulator, ADMIN))
    const response = await send(emulator, each, await bearer(emulator, OTHER))
    t.ok(response.statusCode < 300, response.body)
  })
}
