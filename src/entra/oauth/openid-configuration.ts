import { clouds, cloudOf } from '../../core/clouds.js'
import type { ResponseBody } from '../handler-types.js'
import type { Tenant } from './tenants.js'

export interface ConfigurationRequest {
  readonly tenant: Tenant
  readonly version: 1 | 2
  readonly origin: string
  readonly host: string
}

const CLAIMS = ['sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host',
  'aud', 'exp', 'iat', 'auth_time', 'acr']

/**
 * The endpoints of an authority. Version 2 is recorded: azure-cli #32943, azidentity's tests, azure-sdk-for-js's
 * recordings of 2022; version 1: bbot's test of azure_realm. ADFS is described as version 1.
 */
export function openIdConfiguration ({ tenant, version, origin, host }: ConfigurationRequest): ResponseBody<'OpenIdConfiguration_GetV2'> {
  const { login: [instance = ''], graph: [graph] } = cloudOf(host) ?? clouds[0]
  const authority = `${origin}/${tenant.segment}`
  const isV2 = version === 2
  const oauth2 = `${authority}/oauth2${isV2 ? '/v2.0' : ''}`
  const keysOf = isV2 || tenant.kind === 'adfs' ? authority : `${origin}/common`
  return {
    token_endpoint: `${oauth2}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${keysOf}/discovery${isV2 ? '/v2.0' : ''}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['ES256'],
    response_types_supported: ['code', 'id_token', 'code id_token', ...isV2 ? ['id_token token'] : ['token id_token', 'token']],
    scopes_supported: isV2 ? ['openid', 'profile', 'email', 'offline_access'] : ['openid'],
    issuer: issuerOf(tenant, version, origin),
    ...isV2
      ? { request_uri_parameter_supported: false, userinfo_endpoint: `https://${graph}/oidc/userinfo` }
      : { microsoft_multi_refresh_token: true },
    authorization_endpoint: `${oauth2}/authorize`,
    device_authorization_endpoint: `${oauth2}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth2}/logout`,
    claims_supported: [...CLAIMS, ...isV2
      ? ['nonce', 'preferred_username', 'name', 'tid', 'ver', 'at_hash', 'c_hash', 'email']
      : ['amr', 'nonce', 'email', 'given_name', 'family_name', 'nickname']],
    ...!isV2 && {
      check_session_iframe: `${oauth2}/checksession`, userinfo_endpoint: `${authority}/openid/userinfo`
    },
    kerberos_endpoint: `${authority}/kerberos`,
    tenant_region_scope: tenant.kind === 'id' ? 'WW' : null,
    cloud_instance_name: instance.slice(instance.indexOf('.') + 1),
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: graph,
    rbac_url: 'https://pas.windows.net'
  }
}

/** For an alias the issuer has Entra's placeholder in place of the tenant; MSAL fills it in. */
function issuerOf ({ kind, tenantId }: Tenant, version: 1 | 2, origin: string): string {
  if (kind === 'adfs') return `${origin}/adfs`
  const id = kind === 'alias' ? '{tenantid}' : tenantId
  return version === 2 ? `${origin}/${id}/v2.0` : `https://sts.windows.net/${id}/`
}
