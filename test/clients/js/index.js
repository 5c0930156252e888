import { parseArgs } from 'node:util'

const OPTIONS = {
  credential: { type: 'string', default: 'secret' },
  explicit: { type: 'string' },
  group: { type: 'string' },
  vm: { type: 'string' },
  command: { type: 'string', default: 'RunShellScript' },
  script: { type: 'string', multiple: true, default: [] },
  parameter: { type: 'string', multiple: true, default: [] },
  times: { type: 'string', default: '1' },
  pause: { type: 'string', default: '0' }
}

/** The release, which selects @azure/arm-compute and a matching @azure/identity by the aliases of package.json. */
const [release, ...args] = process.argv.slice(2)
const IS_OLD = release === '16'
const { ComputeManagementClient } = await import(`arm-compute-${release}`)
const identity = await import(IS_OLD ? 'identity-3' : '@azure/identity')

await main()

async function main () {
  const options = read(args)
  const { explicit, group, vm, command, script, parameter, times, pause } = options
  // In seconds. By default 16 waits 30 s before each poll, whatever Retry-After says.
  const clientOptions = IS_OLD ? { longRunningOperationRetryTimeout: Number(pause) } : {}
  const client = explicit === undefined
    ? new ComputeManagementClient(credentialOf(options.credential), process.env.AZURE_SUBSCRIPTION_ID, clientOptions)
    : explicitClient(explicit, clientOptions)

  const input = { commandId: command, script, parameters: parameter.map(toParameter) }
  const milliseconds = []
  let outcome
  for (let run = 0; run < Number(times); run++) {
    const start = performance.now()
    outcome = await runCommand(client, group, vm, input).then(toStatuses, toError)
    milliseconds.push(Math.round((performance.now() - start) * 10) / 10)
  }
  console.log(JSON.stringify({ ...outcome, milliseconds }))
}

/** Runs a command. 16 returns the polled operation, whose output is the result. */
async function runCommand ({ virtualMachines }, ...args) {
  if (!IS_OLD) return await virtualMachines.beginRunCommandAndWait(...args)
  return (await virtualMachines.runCommand(...args))?.properties?.output
}

function credentialOf (credential) {
  const { ClientSecretCredential, ManagedIdentityCredential, DefaultAzureCredential } = identity
  if (credential === 'managed-identity') return new ManagedIdentityCredential()
  if (credential === 'default') return new DefaultAzureCredential()
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env
  return new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET)
}

function explicitClient (url, clientOptions) {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_SUBSCRIPTION_ID } = process.env
  const credential = new identity.ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, {
    authorityHost: url,
    disableInstanceDiscovery: true
  })
  return new ComputeManagementClient(credential, AZURE_SUBSCRIPTION_ID, { ...clientOptions, [IS_OLD ? 'baseUri' : 'endpoint']: url })
}

// A client can report success without a result, which is no error here.
function toStatuses (result) {
  const toStatus = ({ code, level, displayStatus, message }) => ({ code, level, displayStatus, message })
  return { statuses: (result?.value ?? []).map(toStatus) }
}

// The error of a failed operation is a plain `Error` without a code or a status.
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
    if (values.group === undefined || values.vm === undefined) throw new Error('--group and --vm are required')
    if (!['secret', 'managed-identity', 'default'].includes(values.credential)) {
      throw new Error(`--credential must be secret, managed-identity or default, not '${values.credential}'`)
    }
    return values
  } catch ({ message }) {
    console.error(message)
    process.exit(2)
  }
}
