import t from 'tap'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`

t.test('lists the resource providers that azrun serves as registered, with the recorded members', async t => {
  // Recorded: azure-cli's test_provider_registration of 2020.
  const virtualMachines = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', location: 'eastus' }]
  const emulator = await build(t, { virtualMachines })
  const { value } = (await get(emulator, `${ROOT}/providers?api-version=2022-09-01&$expand=metadata`)).json()
  t.strictSame(value.map(({ namespace }: { namespace: string }) => namespace),
    ['Microsoft.Resources', 'Microsoft.Compute', 'Microsoft.Network', 'Microsoft.ResourceGraph'])
  for (const { id, namespace, registrationState } of value) {
    t.equal(id, `${ROOT}/providers/${namespace}`)
    t.equal(registrationState, 'Registered', namespace)
  }
  const [resources, compute] = value
  t.strictSame(Object.keys(compute), ['id', 'namespace', 'resourceTypes', 'registrationState', 'registrationPolicy'])
  t.equal(compute.registrationPolicy, 'RegistrationRequired')
  t.equal(resources.registrationPolicy, 'RegistrationFree')
  t.strictSame(resources.resourceTypes[0].locations, [], 'subscriptions have no region')
  const { apiVersions, ...machines } = compute.resourceTypes[0]
  t.strictSame(machines, { resourceType: 'virtualMachines', locations: ['westus', 'eastus'], capabilities: 'None' })
  t.strictSame([apiVersions[0], apiVersions.at(-1)], ['2026-04-01', '2015-05-01-preview'], 'the newest first')
  const runCommands = compute.resourceTypes.find((each: typeof machines) => each.resourceType === 'virtualMachines/runCommands')
  t.equal(runCommands.apiVersions.at(-1), '2020-06-01', 'those with the type')
})

t.test('gets and registers a resource provider, in any case, and refuses one that azrun does not serve', async t => {
  const emulator = await build(t)
  const query = '?api-version=2022-09-01'
  const register = async (namespace: string) => await emulator.app.inject({
    method: 'POST', url: `${ROOT}/providers/${namespace}/register${query}`, headers: AUTHORIZATION
  })
  const { value } = (await get(emulator, `${ROOT}/providers${query}`)).json()
  for (const provider of value) {
    const { namespace } = provider
    t.strictSame((await get(emulator, `${ROOT}/providers/${namespace.toUpperCase()}${query}`)).json(), provider, namespace)
    t.strictSame((await register(namespace)).json(), provider, namespace)
  }
  const unknown = await register('Microsoft.Storage')
  t.equal(unknown.statusCode, 404)
  t.equal(unknown.json().error.message,
    `azrun does not serve '${ROOT}/providers/Microsoft.Storage/register'. See /_emulator/docs for the supported operations.`)
})

t.test('accepts the documented body of a registration, and no other', async t => {
  const { app } = await build(t)
  const register = async (body: object) => await app.inject({
    method: 'POST', url: `${ROOT}/providers/Microsoft.Compute/register?api-version=2022-09-01`, headers: AUTHORIZATION, body
  })
  t.equal((await register({})).statusCode, 200)
  t.equal((await register({ thirdPartyProviderConsent: { consentToAuthorization: true } })).statusCode, 200)
  const refused = await register({ consent: true })
  t.strictSame([refused.statusCode, refused.json().error.code], [400, 'InvalidRequestContent'])
})

t.test("requires the provider's own right to register it", async t => {
  const principalId = '8f0a7c52-4a3c-4d0f-9b39-5f9c1b1f4c11'
  const emulator = await build(t, { roleAssignments: [{ principalId, actions: ['*/read', 'Microsoft.Network/register/*'] }] })
  const claims = Buffer.from(JSON.stringify({ aud: 'https://management.azure.com', oid: principalId })).toString('base64url')
  const headers = { authorization: `Bearer e30.${claims}.` }
  const register = async (namespace: string) => await emulator.app.inject({
    method: 'POST', url: `${ROOT}/providers/${namespace}/register?api-version=2022-09-01`, headers
  })
  t.equal((await register('Microsoft.Network')).statusCode, 200)
  const refused = await register('Microsoft.Compute')
  t.equal(refused.statusCode, 403)
  t.match(refused.json().error.message, "to perform action 'Microsoft.Compute/register/action' over scope")
})
