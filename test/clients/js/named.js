// Logs in under a named scenario, and prints what a user sees: node named.js RELEASE --explicit URL NAME
import { parseArgs } from 'node:util'

const { values: { explicit }, positionals: [release, name] } =
  parseArgs({ options: { explicit: { type: 'string' } }, allowPositionals: true })
const identity = await import(release === '16' ? 'identity-3' : '@azure/identity')
const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env

const credential = name === 'identity-not-ready'
  ? new identity.ManagedIdentityCredential()
  : new identity.ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, {
    authorityHost: explicit,
    disableInstanceDiscovery: true
  })

async function act () {
  if (name !== 'token-expires-while-polling') {
    await credential.getToken('https://management.azure.com/.default')
    return 'a token'
  }
  const { ComputeManagementClient } = await import(`arm-compute-${release}`)
  const { virtualMachines } = new ComputeManagementClient(credential, AZURE_SUBSCRIPTION_ID, { endpoint: explicit })
  const input = { commandId: 'RunShellScript', script: ['echo hi'] }
  const { value } = await virtualMachines.beginRunCommandAndWait('rg', name, input, { updateIntervalInMs: 1000 })
  return value[0].message
}

/** The code of managed identity's error, or else the first line. */
const summaryOf = message => /Message (\w+)/.exec(message)?.[1] ?? message.split(/[\r\n]/)[0].slice(0, 80)

const seen = await act().then(returns => ({ returns }), ({ name, message }) => ({ error: `${name} ${summaryOf(message)}` }))
console.log(JSON.stringify(seen))
process.exit()
