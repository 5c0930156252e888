import { randomUUID } from 'node:crypto'
import { isTransient, jsonOf } from './http.js'

/** How many milliseconds before its expiry a token is renewed, or half of its lifetime if that is less. */
const RENEWAL = 60_000

/** Logs in with the client secret of the environment. Requests that need a token at the same time share a login. */
export function createLogin (http, { keepsToken, userAgent }, env) {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret } = env
  let token
  let until = 0
  let renewal

  return {
    async token () {
      if (token === undefined || !keepsToken || Date.now() >= until) {
        renewal ??= renew().finally(() => { renewal = undefined })
        await renewal
      }
      return token
    },
    forget () { token = undefined }
  }

  async function renew () {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret, scope: 'https://management.azure.com/.default' }
    // MSAL sends this header, and keeps its value in retries.
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'client-request-id': randomUUID(),
      ...userAgent === undefined ? {} : { 'user-agent': userAgent }
    }
    const response = await http.send(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: () => headers,
      body: new URLSearchParams(form).toString(),
      mayTryAgain: isTransient
    })
    const { access_token: issued, expires_in: seconds } = jsonOf(response)
    token = issued
    until = Date.now() + seconds * 1000 - Math.min(RENEWAL, seconds * 500)
  }
}
