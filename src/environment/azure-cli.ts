import type { Account } from './account.js'

/** Keeps az from contacting anything but Azure and from prompting its user. */
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
 * The files that `az login` with a service principal leaves in AZURE_CONFIG_DIR: azure-cli 2.91,
 * azure/cli/core/_profile.py and auth/identity.py. az fetches the tokens itself.
 */
export function azureCliFiles (account: Account): Readonly<Record<string, string>> {
  const { tenantId, clientId, clientSecret, subscriptionId } = account
  const entry = { tenant: tenantId, client_id: clientId, client_secret: clientSecret }
  return {
    config: CONFIG,
    'clouds.config': `[AzureCloud]\nsubscription = ${subscriptionId}\n`,
    'azureProfile.json': JSON.stringify(profileOf(account), undefined, 2),
    'service_principal_entries.json': JSON.stringify([entry])
  }
}

/** Files to delete: they may hold tokens of an earlier azrun, which this one may reject. */
export const AZURE_CLI_CACHES = ['msal_token_cache.json', 'msal_http_cache.bin']

function profileOf ({ clientId, subscriptionId, subscriptions }: Account) {
  return {
    installationId: '00000000-0000-1000-8000-617a72756e00',
    subscriptions: subscriptions.map(subscription => ({
      id: subscription.subscriptionId,
      name: subscription.displayName,
      state: 'Enabled',
      user: { name: clientId, type: 'servicePrincipal' },
      isDefault: subscription.subscriptionId === subscriptionId,
      tenantId: subscription.tenantId,
      environmentName: 'AzureCloud',
      homeTenantId: subscription.tenantId,
      managedByTenants: []
    }))
  }
}
