import { parseArgs } from 'node:util'

const OPTIONS = {
  credential: { type: 'string', default: 'secret' },
  explicit: { type: 'string' },
  group: { type: 'string' },
  vm: { type: 'string' },
  command: { type: 'string', default: 'RunShellScript' },
  script: { type: 'string', multiple: true, default: [] },
  parameter: { type: 'string', multiple: true, default: [] },
  times: { type: 'string', default: '1' }
}

/** The command line of every client here; which versions of the two packages it runs with is the caller's. */
export async function main (ComputeManagementClient, identity) {
  const options = read(process.argv.slice(2))
  const { explicit, group, vm, command, script, parameter, times } = options
  const client = explicit === undefined
    ? new ComputeManagementClient(credentialOf(identity, options.credential), process.env.AZURE_SUBSCRIPTION_ID)
    : explicitClient(ComputeManagementClient, identity, explicit)

  const input = { commandId: command, script, parameters: parameter.map(toParameter) }
  const milliseconds = []
  let outcome
  for (let run = 0; run < Number(times); run++) {
    const start = performance.now()
    outcome = await client.virtualMachines.beginRunCommandAndWait(group, vm, input).then(toStatuses, toError)
    milliseconds.push(Math.round((performance.now() - start) * 10) / 10)
  }
  console.log(JSON.stringify({ ...outcome, milliseconds }))
}

function credentialOf ({ ClientSecretCredential, ManagedIdentityCredential, DefaultAzureCredential }, credential) {
  if (credential === 'managed-identity') return new ManagedIdentityCredential()
  if (credential === 'default') return new DefaultAzureCredential()
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env
  return new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET)
}

function explicitClient (ComputeManagementClient, { ClientSecretCredential }, url) {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env
  const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, {
    authorityHost: url,
    disableInstanceDiscovery: true
  })
  return new ComputeManagementClient(credential, AZURE_SUBSCRIPTION_ID, { endpoint: url })
}

function toStatuses ({ value }) {
  return { statuses: value.map(({ code, level, displayStatus, message }) => ({ code, level, displayStatus, message })) }
}

// The error of an operation that failed is a plain `Error`: it has neither code nor status.
function toError ({ code = null, message, statusCode: status = null }) {
  return { error: { code, message, status } }
}

function toParameter (text) {
  const [name, ...value] = text.split('=')
  return { name, value: value.join('=') }
}

function read (args) {
  try {
    const { values } = parseArgs({ args, options: OPTIONS })
    if (values.group === undefined || values.vm === undefined) throw new Error('--group and --vm are needed')
    if (!['secret', 'managed-identity', 'default'].includes(values.credential)) {
      throw new Error(`--credential must be secret, managed-identity or default, not '${values.credential}'`)
    }
    return values
  } catch ({ message }) {
    console.error(message)
    process.exit(2)
  }
}
