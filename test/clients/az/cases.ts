import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { commandOf, exec, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'
import { machines } from './machines.js'

const BIN = fileURLToPath(new URL('.venv/bin', import.meta.url))

/** The timeout of az in a named scenario, in seconds. Without a Retry-After it polls every 30 s. */
const TIMEOUT = 120

const TENANT = '6a2b1f0c-30e5-4c0a-9d43-0c8c8a1f7f11'
const CLIENT = '0f4fd0a3-5b7e-4e0e-8a55-4a9f4b1d9c02'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }
const CONFIG = {
  strict: true,
  auth: 'strict',
  subscriptions: [{ subscriptionId: SUBSCRIPTION, displayName: 'a subscription', tenantId: TENANT }],
  servicePrincipals: [{ clientId: CLIENT, clientSecret: 'right' }],
  managedIdentities: [{ clientId: '3d1c0a52-6a4e-4b0e-9f0b-7a3c0de2b204' }],
  users: [{ name: 'user@azrun.onmicrosoft.com' }],
  virtualMachines: [
    { ...machine, name: 'vm' },
    { ...machine, name: 'asleep', powerState: 'deallocated' },
    { ...machine, resourceGroup: 'other', name: 'windows', osType: 'Windows' }
  ]
}

const SCRIPT = 'printf "%s|" "$1" "$2" "$who"\necho "to stderr" >&2\n'
const FIXTURES = JSON.stringify({ fixtures: [{ name: 'none', error: { code: 'VMAgentTimeout', message: 'No heartbeat.' } }] })

const INVOKE = 'az vm run-command invoke -g rg -n vm --command-id RunShellScript'
const TEXT = "--query 'value[0].message' -o tsv"
const SHOW_USER = "az account show --query '[user.type, user.name]' -o tsv"

/** A shell command that uses az for the public cloud, and its expected results. */
interface Case {
  readonly title: string
  readonly line: string
  /** Whether a fixture fails the operation. Otherwise the script runs. */
  readonly fails?: boolean
  readonly code?: number
  readonly stdout?: string | RegExp
  readonly stderr?: RegExp
}

const CASES: readonly Case[] = [
  {
    title: "runs a script of several lines, and prints Azure's result",
    line: `${INVOKE} --scripts 'echo one' 'echo two' -o json`,
    stdout: `${JSON.stringify({
      value: [{
        code: 'ProvisioningState/succeeded',
        displayStatus: 'Provisioning succeeded',
        level: 'Info',
        message: 'Enable succeeded: \n[stdout]\none\ntwo\n\n[stderr]\n'
      }]
    }, undefined, 2)}\n`
  },
  {
    title: 'runs a script from a file, with positional and named parameters',
    line: `${INVOKE} --scripts "@$FOLDER/script.sh" --parameters 'by place' who=Ada ${TEXT}`,
    stdout: 'Enable succeeded: \n[stdout]\nby place|Ada|Ada|\n[stderr]\nto stderr\n\n'
  },
  { title: 'does not wait with --no-wait', line: `${INVOKE} --scripts 'sleep 100' --no-wait`, stdout: '' },
  {
    title: 'exits with 3 if the machine does not exist',
    line: `${INVOKE.replace('-n vm', '-n unknown')} --scripts true`,
    code: 3,
    stderr: /^ERROR: \(ResourceNotFound\) The Resource '\S+\/unknown' .*\nCode: ResourceNotFound\n/m
  },
  {
    title: 'exits with 1 if the machine is not running',
    line: `${INVOKE.replace('-n vm', '-n asleep')} --scripts true`,
    code: 1,
    stderr: /^ERROR: \(OperationNotAllowed\) .*running/m
  },
  {
    title: 'exits with 1 if the operation fails',
    fails: true,
    line: `${INVOKE} --scripts true`,
    code: 1,
    stderr: /^ERROR: \(VMAgentTimeout\) No heartbeat\.\nCode: VMAgentTimeout\n/m
  },
  {
    title: 'lists the run commands',
    line: "az vm run-command list -l westeurope --query \"[?osType=='Linux'].id\" -o tsv",
    stdout: /^RunShellScript$/m
  },
  {
    title: 'shows a run command',
    line: "az vm run-command show -l westeurope --command-id RunShellScript --query '[id, osType, script[0]]' -o tsv",
    stdout: 'RunShellScript\nLinux\necho This is a sample script\n'
  },
  {
    title: 'lists the machines of a resource group, and of the subscription',
    line: "az vm list -g rg --query '[].name' -o tsv; az vm list --query '[].name' -o tsv | sort",
    stdout: 'vm\nasleep\nasleep\nvm\nwindows\n'
  },
  {
    title: 'shows a machine',
    line: "az vm show -g other -n windows --query '[name, location, provisioningState, storageProfile.osDisk.osType]' -o tsv",
    stdout: 'windows\nwesteurope\nSucceeded\nWindows\n'
  },
  {
    title: 'shows the power state of machines',
    line: 'az vm show -d -g rg -n vm --query powerState -o tsv; az vm list -d -g rg --query "[].powerState" -o tsv',
    stdout: 'VM running\nVM running\nVM deallocated\n'
  },
  {
    title: 'exits with 3 on showing a machine that does not exist',
    line: 'az vm show -g rg -n unknown',
    code: 3,
    stderr: /^ERROR: \(ResourceNotFound\) /m
  },
  {
    title: 'is logged in from the start',
    line: "az account show --query '[id, name, tenantId, user.name]' -o tsv",
    stdout: `${SUBSCRIPTION}\na subscription\n${TENANT}\n${CLIENT}\n`
  },
  {
    title: 'lists and refreshes its accounts',
    line: "az account list --query '[].id' -o tsv; az account list --refresh --query '[].id' -o tsv",
    stdout: `${SUBSCRIPTION}\n${SUBSCRIPTION}\n`
  },
  {
    title: 'gets a token',
    line: "az account get-access-token --query '[tokenType, tenant, accessToken]' -o tsv",
    stdout: new RegExp(`^Bearer\n${TENANT}\n[\\w-]+\\.[\\w-]+\\.[\\w-]+\n$`)
  },
  {
    title: 'sends a custom request',
    line: "az rest --method get --url '/subscriptions/{subscriptionId}?api-version=2022-12-01' --query displayName -o tsv",
    stdout: 'a subscription\n'
  },
  {
    title: 'logs in as a service principal',
    line: `az logout && az login --service-principal -u ${CLIENT} -p right --tenant ${TENANT} -o none && ${SHOW_USER}`,
    stdout: `servicePrincipal\n${CLIENT}\n`
  },
  {
    title: 'exits with 1 if the secret is wrong',
    line: `az login --service-principal -u ${CLIENT} -p wrong --tenant ${TENANT}`,
    code: 1,
    stderr: /^ERROR: AADSTS7000215: /m
  },
  {
    title: 'logs in as a managed identity, and runs a script',
    line: `az logout && az login --identity -o none && ${SHOW_USER} && ${INVOKE} --scripts 'echo hi' ${TEXT}`,
    stdout: 'servicePrincipal\nsystemAssignedIdentity\nEnable succeeded: \n[stdout]\nhi\n\n[stderr]\n\n'
  },
  {
    title: 'logs in as a managed identity through IMDS',
    line: `unset IDENTITY_ENDPOINT IDENTITY_HEADER; az logout && az login --identity -o none && ${SHOW_USER}`,
    stdout: 'servicePrincipal\nsystemAssignedIdentity\n'
  },
  {
    title: 'logs in as a user with a device code that needs no input, and runs a script',
    line: `az logout && az login --use-device-code -o none && ${SHOW_USER} && ${INVOKE} --scripts 'echo hi' ${TEXT}`,
    stdout: /^user\n\S+@\S+\nEnable succeeded: \n\[stdout\]\nhi\n/,
    stderr: /devicelogin/
  },
  {
    title: 'logs in to a sovereign cloud, and runs a script there',
    line: `az cloud set -n AzureUSGovernment && az login --service-principal -u ${CLIENT} -p right --tenant ${TENANT} ` +
      `-o none && ${INVOKE} --scripts 'echo hi' ${TEXT}`,
    stdout: 'Enable succeeded: \n[stdout]\nhi\n\n[stderr]\n\n'
  },
  {
    title: 'reports after a logout that nobody is logged in',
    line: 'az logout && az account show',
    code: 1,
    stderr: /^ERROR: Please run 'az login' to setup account\.$/m
  },
  { title: "writes nothing to the user's home directory", line: 'az account show -o none && ls -A "$HOME"', stdout: '' }
]

/** az's commands, logins and exit codes, beyond the contract of all clients. */
export async function cases (t: Test, client: Client): Promise<void> {
  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, 'az', namedOf(client))
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    await testNamedLogins(t, 'az-login', (url, name) => [...namedOf(client), '--explicit', url, '--login', name])
  })

  t.test('manages machines, scale sets, managed run commands and resource groups', machines)

  const folder = t.testdir({
    'config.json': JSON.stringify(CONFIG),
    'script.sh': SCRIPT,
    fixtures: { 'error.json': FIXTURES },
    home: {}
  })
  const settings = ['--data-dir', join(folder, 'data'), '--config', join(folder, 'config.json')]
  const env = { PATH: `${BIN}:${process.env['PATH'] ?? ''}`, FOLDER: folder }

  for (const { title, line, fails = false, code = 0, stdout, stderr } of CASES) {
    t.test(title, async t => {
      const results = fails ? ['--fixtures', join(folder, 'fixtures')] : ['--executor', 'shell']
      const ended = await exec(join(folder, 'home'), [...settings, ...results], ['sh', '-c', line], env)
      t.equal(ended.code, code, 'the exit code', { stderr: ended.stderr })
      if (typeof stdout === 'string') t.equal(ended.stdout, stdout)
      else if (stdout !== undefined) t.match(ended.stdout, stdout)
      if (stderr !== undefined) t.match(ended.stderr, stderr)
    })
  }
}

/** The command that runs az in named scenarios. */
function namedOf (client: Client): string[] {
  return [...commandOf(client, []).map(word => word.replace(/main\.py$/, 'named.py')), '--timeout', `${TIMEOUT}`]
}
