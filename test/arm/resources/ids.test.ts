import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { ResourceIds } from '../../../src/arm/resources/ids.js'
import { SUBSCRIPTION } from '../../harness/emulator.js'

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/My%20Group`
const MACHINES = `${GROUP}/providers/Microsoft.Compute/virtualMachines`

/** The parts of a request that determine its id. */
function request (url: string, method = 'GET', params: object = { resourceGroupName: 'My Group' }): FastifyRequest {
  const operation = { resourceType: 'Microsoft.Compute/virtualMachines' }
  return { url, method, params: { subscriptionId: SUBSCRIPTION, ...params }, operation } as FastifyRequest
}

t.test('returns the decoded text of the path, and keys in lower case', async t => {
  t.strictSame(new ResourceIds().of(request(`${MACHINES}/Web-01?api-version=2024-03-01`))?.resource, {
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'My Group',
    type: 'Microsoft.Compute/virtualMachines',
    name: 'Web-01',
    text: `${MACHINES.replace('%20', ' ')}/Web-01`,
    collectionKey: MACHINES.replace('%20', ' ').toLowerCase(),
    nameKey: 'web-01'
  })
})

t.test('returns the same id for all requests for a resource, including actions', async t => {
  const ids = new ResourceIds()
  const id = ids.of(request(`${MACHINES}/vm?api-version=2024-03-01`))
  t.equal(ids.of(request(`${MACHINES}/vm/runCommand?api-version=2024-11-01`, 'POST')), id)
  t.equal(ids.of(request(`${MACHINES}/vm/`)), id)
  t.not(ids.of(request(`${MACHINES}/VM`)), id, 'the text keeps the case of the request')
})

t.test('returns the right ids of more resources than it caches', async t => {
  const ids = new ResourceIds()
  const names = Array.from({ length: 600 }, (_, number) => `vm${number}`)
  for (const round of [1, 2]) {
    t.strictSame(names.map(name => ids.of(request(`${MACHINES}/${name}`))!.resource.name), names, `round ${round}`)
  }
})

t.test('ends the path at the first ? or #, like the router', async t => {
  for (const rest of ['?a#b', '#b?a', '#%!']) {
    t.equal(new ResourceIds().of(request(`${MACHINES}/vm${rest}`))?.resource.name, 'vm', rest)
  }
})

t.test('returns no id for a path above a subscription', async t => {
  t.equal(new ResourceIds().of(request('/tenants', 'GET', { subscriptionId: undefined })), undefined)
})
