import type { Account } from './account.js'

/** Keeps az from asking the network for more than Azure, and its user for anything. */
const CONFIG = `[cloud]
name = AzureCloud
[core]
collect_telemetry = false
encrypt_token_cache = false
first_run = yes
login_experience_v2 = false
survey_message = false
[auto-upgrade]
enable = false
[extension]
use_dynamic_install = no
`

/**
 * The files of an AZURE_CONFIG_DIR in which a service principal is logged in, as `az login` leaves them: azure-cli
 * 2.91, azure/cli/core/_profile.py and auth/identity.py. Its tokens az gets itself.
 */
export function azureCliFiles (account: Account): Readonly<Record<string, string>> {
  const { tenantId, clientId, clientSecret, subscriptionId } = account
  return {
    config: CONFIG,
    'clouds.config': `[AzureCloud]\nsubscription = ${subscriptionId}\n`,
    'azureProfile.json': JSON.stringify(profileOf(account), undefined, 2),
    'service_principal_entries.json': JSON.stringify([{ tenant: tenantId, client_id: clientId, client_secret: clientSecret }])
  }
}

/** What az keeps of an earlier azrun, whose tokens this one may not take. */
export const AZURE_CLI_CACHES = ['msal_token_cache.json', 'msal_http_cache.bin']

function profileOf ({ clientId, subscriptionId, subscriptions }: Account) {
  return {
    installationId: '00000000-0000-1000-8000-617a72756e00',
    subscriptions: subscriptions.map(each => ({
      id: each.subscriptionId,
      name: each.displayName,
      state: 'Enabled',
      user: { name: clientId, type: 'servicePrincipal' },
      isDefault: each.subscriptionId === subscriptionId,
      tenantId: each.tenantId,
      environmentName: 'AzureCloud',
      homeTenantId: each.tenantId,
      managedByTenants: []
    }))
  }
}
