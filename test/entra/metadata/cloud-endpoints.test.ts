import t from 'tap'
import { derivedId } from '../../../src/core/ids.js'
import { ServicePrincipals } from '../../../src/identity/service-principals.js'
import { buildEntra, CLIENT, DEFAULT_TENANT, get, TENANT } from '../../harness/entra-app.js'
import { matchList } from '../../harness/match-list.js'

const ENDPOINTS = '/metadata/endpoints?api-version='
const HERE = { host: '127.0.0.1:10900' }

t.test('describes the cloud of an Azure host', async t => {
  const app = await buildEntra(t)
  for (const [host, name, login] of [
    ['management.azure.com', 'AzureCloud', 'https://login.microsoftonline.com'],
    ['management.usgovcloudapi.net', 'AzureUSGovernment', 'https://login.microsoftonline.us'],
    ['login.chinacloudapi.cn', 'AzureChinaCloud', 'https://login.partner.microsoftonline.cn']
  ] as const) {
    t.match((await get(app, `${ENDPOINTS}2022-09-01`, { host })).json(), { name, authentication: { loginEndpoint: login, tenant: 'common' } })
    const list = (await get(app, `${ENDPOINTS}2019-05-01`, { host })).json()
    t.strictSame(list.map((each: { name: string }) => each.name), ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'])
    t.match((await get(app, `${ENDPOINTS}2015-01-01`, { host })).json(), { authentication: { loginEndpoint: login } })
  }
})

t.test('describes every endpoint of the cloud of an Azure host', async t => {
  const app = await buildEntra(t)
  const document = async (host: string) => (await get(app, `${ENDPOINTS}2022-09-01`, { host })).json()
  const common = {
    vmImageAliasDoc: 'https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json'
  }
  t.strictSame(await document('management.azure.com'), {
    ...common,
    portal: 'https://portal.azure.com',
    authentication: {
      loginEndpoint: 'https://login.microsoftonline.com',
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      tenant: 'common',
      identityProvider: 'AAD'
    },
    media: 'https://rest.media.azure.net',
    graphAudience: 'https://graph.windows.net/',
    graph: 'https://graph.windows.net/',
    name: 'AzureCloud',
    suffixes: {
      acrLoginServer: 'azurecr.io',
      sqlServerHostname: 'database.windows.net',
      keyVaultDns: 'vault.azure.net',
      storage: 'core.windows.net',
      mhsmDns: 'managedhsm.azure.net'
    },
    batch: 'https://batch.core.windows.net',
    resourceManager: 'https://management.azure.com/',
    sqlManagement: 'https://management.core.windows.net:8443/',
    gallery: 'https://gallery.azure.com/',
    microsoftGraphResourceId: 'https://graph.microsoft.com/'
  })
  t.strictSame(await document('management.usgovcloudapi.net'), {
    ...common,
    portal: 'https://portal.azure.us',
    authentication: {
      loginEndpoint: 'https://login.microsoftonline.us',
      audiences: ['https://management.core.usgovcloudapi.net/', 'https://management.usgovcloudapi.net/'],
      tenant: 'common',
      identityProvider: 'AAD'
    },
    media: 'https://rest.media.usgovcloudapi.net',
    graphAudience: 'https://graph.windows.net/',
    graph: 'https://graph.windows.net/',
    name: 'AzureUSGovernment',
    suffixes: {
      acrLoginServer: 'azurecr.us',
      sqlServerHostname: 'database.usgovcloudapi.net',
      keyVaultDns: 'vault.usgovcloudapi.net',
      storage: 'core.usgovcloudapi.net',
      mhsmDns: 'managedhsm.usgovcloudapi.net'
    },
    batch: 'https://batch.core.usgovcloudapi.net',
    resourceManager: 'https://management.usgovcloudapi.net/',
    sqlManagement: 'https://management.core.usgovcloudapi.net:8443/',
    gallery: 'https://gallery.usgovcloudapi.net/',
    microsoftGraphResourceId: 'https://graph.microsoft.us/'
  })
  t.strictSame(await document('management.chinacloudapi.cn'), {
    ...common,
    portal: 'https://portal.azure.cn',
    authentication: {
      loginEndpoint: 'https://login.partner.microsoftonline.cn',
      audiences: ['https://management.core.chinacloudapi.cn/', 'https://management.chinacloudapi.cn/'],
      tenant: 'common',
      identityProvider: 'AAD'
    },
    media: 'https://rest.media.chinacloudapi.cn',
    graphAudience: 'https://graph.chinacloudapi.cn/',
    graph: 'https://graph.chinacloudapi.cn/',
    name: 'AzureChinaCloud',
    suffixes: {
      acrLoginServer: 'azurecr.cn',
      sqlServerHostname: 'database.chinacloudapi.cn',
      keyVaultDns: 'vault.azure.cn',
      storage: 'core.chinacloudapi.cn',
      mhsmDns: 'managedhsm.azure.cn'
    },
    batch: 'https://batch.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn/',
    sqlManagement: 'https://management.core.chinacloudapi.cn:8443/',
    gallery: 'https://gallery.chinacloudapi.cn/',
    microsoftGraphResourceId: 'https://microsoftgraph.chinacloudapi.cn/'
  })
})

t.test('describes the cloud of an Azure host to old clients', async t => {
  const legacy = (await get(await buildEntra(t), `${ENDPOINTS}2015-01-01`, { host: 'management.chinacloudapi.cn' })).json()
  t.strictSame(legacy, {
    galleryEndpoint: 'https://gallery.chinacloudapi.cn/',
    graphEndpoint: 'https://graph.chinacloudapi.cn/',
    portalEndpoint: 'https://portal.azure.cn/',
    authentication: {
      loginEndpoint: 'https://login.partner.microsoftonline.cn',
      audiences: ['https://management.core.chinacloudapi.cn/', 'https://management.chinacloudapi.cn/']
    }
  })
})

t.test('describes its own cloud to a client that uses its own address', async t => {
  const app = await buildEntra(t)
  const origin = 'http://127.0.0.1:10900'
  // What Terraform requires (clients.md 5).
  t.match((await get(app, `${ENDPOINTS}2022-09-01`, HERE)).json(), {
    name: 'azrun',
    resourceManager: `${origin}/`,
    microsoftGraphResourceId: `${origin}/`,
    authentication: { loginEndpoint: `${origin}/`, audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'] },
    suffixes: { storage: 'core.windows.net' }
  })
  // What az reads: a list with a cloud that is not AzureCloud, and an authority that it does not look up elsewhere.
  matchList(t, (await get(app, `${ENDPOINTS}2019-05-01`, HERE)).json(), [{
    name: 'azrun', resourceManager: `${origin}/`, authentication: { loginEndpoint: `${origin}/adfs` }
  }])
  // What az cloud register and Ansible read.
  t.match((await get(app, `${ENDPOINTS}2015-01-01`, HERE)).json(), {
    graphEndpoint: 'https://graph.windows.net/', galleryEndpoint: /./, authentication: { loginEndpoint: `${origin}/adfs`, audiences: [/./] }
  })
})

t.test('requires an api-version, as Resource Manager does', async t => {
  const response = await get(await buildEntra(t), '/metadata/endpoints', HERE)
  t.equal(response.statusCode, 400)
  t.match(response.json(), { error: { code: 'MissingApiVersionParameter' } })
})

t.test('returns the user who is signed in', async t => {
  const app = await buildEntra(t)
  const request = { tenantId: TENANT, audience: 'https://graph.microsoft.com' }
  const ann = { kind: 'user', clientId: CLIENT, objectId: derivedId('ann@contoso.com'), name: 'ann@contoso.com' } as const
  const { token } = await app.tokens.issue({ ...request, principal: ann })
  const authorization = `Bearer ${token}`
  t.strictSame((await get(app, '/v1.0/me', { authorization })).json(), {
    id: ann.objectId, displayName: 'ann', userPrincipalName: 'ann@contoso.com'
  })
  t.match((await get(app, '/v1.0/organization', { authorization })).json(), { value: [{ id: TENANT }] })
  const { token: appToken } = await app.tokens.issue({ ...request, principal: { kind: 'app', clientId: CLIENT, objectId: TENANT } })
  const refused = await get(app, '/v1.0/me', { authorization: `Bearer ${appToken}` })
  t.equal(refused.statusCode, 400)
  t.match(refused.json(), { error: { code: 'BadRequest', message: '/me request is only valid with delegated authentication flow.' } })
})

t.test('finds service principals by their client ids', async t => {
  const objectId = '5c5f6a3a-2222-4f6e-9a3f-2b6f6f1d8a10'
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, objectId }] })
  const app = await buildEntra(t, { servicePrincipals })
  const authorization = 'Bearer a-token'
  const find = async (filter: string) => {
    const url = `/v1.0/servicePrincipals?$filter=${encodeURIComponent(filter)}`
    return (await get(app, url, { authorization })).json().value
  }
  for (const filter of [`appId eq '${CLIENT}'`, `servicePrincipalNames/any(c:c eq '${CLIENT}')`]) {
    matchList(t, await find(filter), [{ id: objectId, appId: CLIENT }])
  }
  t.strictSame(await find(`appId eq '${TENANT}'`), [])
  t.equal((await get(app, '/v1.0/servicePrincipals', { authorization })).json().value.length, 1)
})

t.test('requires a token, but accepts any content', async t => {
  const app = await buildEntra(t)
  const refused = await get(app, '/v1.0/me')
  t.equal(refused.statusCode, 401)
  t.match(refused.json(), { error: { code: 'InvalidAuthenticationToken', innerError: { 'request-id': /./ } } })
  const odd = `x.${Buffer.from('{"upn":1,"oid":{},"tid":[]}').toString('base64url')}.x`
  for (const token of ['a-token', odd]) {
    const authorization = `Bearer ${token}`
    t.match((await get(app, '/v1.0/me', { authorization })).json(), { userPrincipalName: 'user@azrun.onmicrosoft.com' })
    t.match((await get(app, '/v1.0/organization', { authorization })).json(), { value: [{ id: DEFAULT_TENANT }] })
  }
})
