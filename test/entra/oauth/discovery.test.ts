import { decodeProtectedHeader } from 'jose'
import t from 'tap'
import { clouds } from '../../../src/core/clouds.js'
import { buildEntra, DEFAULT_TENANT, get, TENANT } from '../../harness/entra-app.js'

const LOGIN = 'https://login.microsoftonline.com'
const INSTANCE = '/common/discovery/instance?api-version=1.1&authorization_endpoint='

t.test('responds to instance discovery as Entra does', async t => {
  const response = await get(await buildEntra(t), `${INSTANCE}${LOGIN}/${TENANT}/oauth2/v2.0/authorize`)
  t.equal(response.statusCode, 200)
  // Recorded: the wiki of msal4j; azure-sdk-for-js's recordings of 2021.
  t.match(response.json(), {
    tenant_discovery_endpoint: `${LOGIN}/${TENANT}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{
      preferred_network: 'login.microsoftonline.com',
      preferred_cache: 'login.windows.net',
      aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net']
    }]
  })
  const aliases = response.json().metadata.map((each: { aliases: string[] }) => each.aliases)
  const [global, government, china] = clouds.map(({ login }) => login)
  t.strictSame(aliases, [global, china, ['login.microsoftonline.de'], government, ['login-us.microsoftonline.com']])
})

t.test('recognizes its own address as an authority, whatever the Host header', async t => {
  const app = await buildEntra(t)
  for (const host of ['login.microsoftonline.com', '127.0.0.1:10900']) {
    const body = (await get(app, `${INSTANCE}https://127.0.0.1:10900/${TENANT}/oauth2/v2.0/authorize`, { host })).json()
    t.equal(body.tenant_discovery_endpoint, `https://127.0.0.1:10900/${TENANT}/v2.0/.well-known/openid-configuration`)
    t.strictSame(body.metadata.at(-1).aliases, ['127.0.0.1:10900'])
  }
  const v1 = (await get(app, `${INSTANCE}${LOGIN}/${TENANT}/oauth2/authorize`)).json()
  t.equal(v1.tenant_discovery_endpoint, `${LOGIN}/${TENANT}/.well-known/openid-configuration`)
})

t.test('refuses another host as an authority', async t => {
  const app = await buildEntra(t)
  for (const url of ['https://login.example.com/t/oauth2/v2.0/authorize', 'https://127.example.com/', 'no-url', 'ftp://localhost/']) {
    const response = await get(app, `${INSTANCE}${encodeURIComponent(url)}`)
    t.equal(response.statusCode, 400)
    t.match(response.json(), { error: 'invalid_instance', error_codes: [50049] }, url)
  }
})

t.test('describes version 2.0 of an authority with the origin of the request', async t => {
  const app = await buildEntra(t)
  for (const [host, origin] of [['login.microsoftonline.com', 'http://login.microsoftonline.com'], ['127.0.0.1:10900', 'http://127.0.0.1:10900']]) {
    const response = await get(app, `/${TENANT}/v2.0/.well-known/openid-configuration`, { host: host! })
    t.match(response.json(), {
      issuer: `${origin}/${TENANT}/v2.0`,
      token_endpoint: `${origin}/${TENANT}/oauth2/v2.0/token`,
      authorization_endpoint: `${origin}/${TENANT}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${origin}/${TENANT}/oauth2/v2.0/devicecode`,
      jwks_uri: `${origin}/${TENANT}/discovery/v2.0/keys`,
      cloud_instance_name: 'microsoftonline.com'
    })
  }
})

t.test('describes an authority with the recorded members, in the recorded order', async t => {
  const app = await buildEntra(t)
  const authority = `http://login.microsoftonline.com/${TENANT}`
  const before = ['token_endpoint', 'token_endpoint_auth_methods_supported', 'jwks_uri', 'response_modes_supported',
    'subject_types_supported', 'id_token_signing_alg_values_supported', 'response_types_supported', 'scopes_supported', 'issuer']
  const between = ['authorization_endpoint', 'device_authorization_endpoint', 'http_logout_supported',
    'frontchannel_logout_supported', 'end_session_endpoint', 'claims_supported']
  const after = ['kerberos_endpoint', 'tenant_region_scope', 'cloud_instance_name', 'cloud_graph_host_name', 'msgraph_host', 'rbac_url']
  const v2 = (await get(app, `/${TENANT}/v2.0/.well-known/openid-configuration`)).json()
  // Recorded: azure-sdk-for-js's recordings of 2022.
  t.strictSame(Object.keys(v2), [...before, 'request_uri_parameter_supported', 'userinfo_endpoint', ...between, ...after])
  t.match(v2, {
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: ['sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host',
      'aud', 'exp', 'iat', 'auth_time', 'acr', 'nonce', 'preferred_username', 'name', 'tid', 'ver', 'at_hash', 'c_hash', 'email'],
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    kerberos_endpoint: `${authority}/kerberos`,
    tenant_region_scope: 'WW'
  })
  // Recorded: bbot's test of azure_realm.
  const v1 = (await get(app, `/${TENANT}/.well-known/openid-configuration`)).json()
  t.strictSame(Object.keys(v1),
    [...before, 'microsoft_multi_refresh_token', ...between, 'check_session_iframe', 'userinfo_endpoint', ...after])
  t.match(v1, {
    jwks_uri: 'http://login.microsoftonline.com/common/discovery/keys',
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    claims_supported: ['sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host',
      'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce', 'email', 'given_name', 'family_name', 'nickname'],
    check_session_iframe: `${authority}/oauth2/checksession`,
    userinfo_endpoint: `${authority}/openid/userinfo`
  })
  const common = (await get(app, '/common/v2.0/.well-known/openid-configuration')).json()
  t.equal(common.tenant_region_scope, null)
})

t.test('describes version 1.0 and Active Directory Federation Services', async t => {
  const app = await buildEntra(t)
  t.match((await get(app, `/${TENANT}/.well-known/openid-configuration`)).json(), {
    issuer: `https://sts.windows.net/${TENANT}/`,
    token_endpoint: `http://login.microsoftonline.com/${TENANT}/oauth2/token`
  })
  t.match((await get(app, '/adfs/.well-known/openid-configuration')).json(), {
    issuer: 'http://login.microsoftonline.com/adfs',
    token_endpoint: 'http://login.microsoftonline.com/adfs/oauth2/token',
    authorization_endpoint: 'http://login.microsoftonline.com/adfs/oauth2/authorize'
  })
})

t.test('shows a placeholder as the tenant of an alias, and the default tenant for a domain', async t => {
  const app = await buildEntra(t)
  for (const alias of ['common', 'organizations', 'consumers']) {
    const { issuer, token_endpoint: endpoint } = (await get(app, `/${alias}/v2.0/.well-known/openid-configuration`)).json()
    t.equal(issuer, 'http://login.microsoftonline.com/{tenantid}/v2.0')
    t.match(endpoint, `/${alias}/oauth2`)
  }
  const { issuer } = (await get(app, '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration')).json()
  t.equal(issuer, `http://login.microsoftonline.com/${DEFAULT_TENANT}/v2.0`)
})

t.test('refuses an invalid tenant, and under strict an undeclared one', async t => {
  const open = await get(await buildEntra(t), '/no-tenant/v2.0/.well-known/openid-configuration')
  t.equal(open.statusCode, 400)
  const description = /^AADSTS900023: Specified tenant identifier 'no-tenant' is neither/
  t.match(open.json(), { error_codes: [900023], error_description: description })
  const strict = await buildEntra(t, { strict: true, declared: [{ subscriptionId: TENANT, tenantId: TENANT }] })
  t.equal((await get(strict, `/${TENANT}/v2.0/.well-known/openid-configuration`)).statusCode, 200)
  const unknown = await get(strict, `/${DEFAULT_TENANT}/v2.0/.well-known/openid-configuration`)
  t.equal(unknown.statusCode, 400)
  t.match(unknown.json(), { error: 'invalid_tenant', error_codes: [90002] })
})

t.test('returns the key that signs its tokens', async t => {
  const app = await buildEntra(t)
  const principal = { kind: 'app', clientId: TENANT, objectId: TENANT } as const
  const { token } = await app.tokens.issue({ tenantId: TENANT, audience: 'x', principal })
  for (const path of ['/common/discovery/v2.0/keys', `/${TENANT}/discovery/keys`, '/adfs/discovery/keys']) {
    const { keys } = (await get(app, path)).json()
    t.equal(keys[0].kid, decodeProtectedHeader(token).kid, path)
  }
})

t.test('reports that a user signs in with a password', async t => {
  const response = await get(await buildEntra(t), '/common/userrealm/ann@contoso.com?api-version=1.0')
  t.match(response.json(), { account_type: 'Managed', domain_name: 'contoso.com' })
})
