import t from 'tap'
import type { Executor } from '../../src/index.js'
import { runCommand, start, SUBSCRIPTION } from '../harness/emulator.js'
import { CLIENTS, connect, conversation, runShellScript, type Call } from './connect.js'

const ECHO = runShellScript('echo hi')

const virtualMachines = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'windows', osType: 'Windows' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'deallocated', powerState: 'deallocated' }
] as const

interface ErrorCase {
  readonly title: string
  readonly call: Partial<Call>
  readonly error: { readonly statusCode: number, readonly code: string, readonly message: string | RegExp }
}

/** Recorded in the issue in the title. For the others src/arm/errors/ has the source. */
const cases: readonly ErrorCase[] = [
  {
    title: 'an invalid subscription id',
    call: { subscriptionId: 'not-a-guid', args: ['rg', 'vm', ECHO] },
    error: {
      statusCode: 400,
      code: 'InvalidSubscriptionId',
      message: "The provided subscription identifier 'not-a-guid' is malformed or invalid."
    }
  },
  {
    title: 'a malformed api-version (azure-cli #21137)',
    call: { apiVersion: 'yesterday', args: ['rg', 'vm', ECHO] },
    error: {
      statusCode: 400,
      code: 'InvalidApiVersionParameter',
      message: /^The api-version 'yesterday' is invalid\. The supported versions are '.+'\.$/
    }
  },
  {
    title: 'an api-version without Run Command (azure-sdk-for-net #40606)',
    call: { apiVersion: '2016-03-30', args: ['rg', 'vm', ECHO] },
    error: {
      statusCode: 404,
      code: 'InvalidResourceType',
      message: /^The resource type 'virtualMachines' could not be found in .+ for api version '2016-03-30'\. /
    }
  },
  {
    title: 'an unknown commandId (azure-powershell #7331)',
    call: { args: ['rg', 'vm', { commandId: 'RunNothing' }] },
    error: { statusCode: 404, code: 'NotFound', message: 'The entity was not found in this Azure location.' }
  },
  {
    title: 'an unknown built-in command',
    call: { method: 'getRunCommand', args: ['westus', 'RunNothing'] },
    error: { statusCode: 404, code: 'NotFound', message: 'The entity was not found in this Azure location.' }
  },
  {
    title: 'an unknown virtual machine (azure-powershell #15117)',
    call: { args: ['rg', 'nobody', ECHO] },
    error: {
      statusCode: 404,
      code: 'ResourceNotFound',
      message: "The Resource 'Microsoft.Compute/virtualMachines/nobody' under resource group 'rg' was not found. " +
        'For more details please go to https://aka.ms/ARMResourceNotFoundFix'
    }
  },
  {
    title: 'an unknown resource group',
    call: { args: ['nowhere', 'vm', ECHO] },
    error: { statusCode: 404, code: 'ResourceGroupNotFound', message: "Resource group 'nowhere' could not be found." }
  },
  {
    title: 'a command for another operating system (repair-script-library #48)',
    call: { args: ['rg', 'windows', ECHO] },
    error: {
      statusCode: 409,
      code: 'Conflict',
      message: "Run command OS type 'Linux' does not match the target OS Windows."
    }
  },
  {
    title: 'a virtual machine that is not running',
    call: { args: ['rg', 'deallocated', ECHO] },
    error: {
      statusCode: 409,
      code: 'OperationNotAllowed',
      message: 'The operation requires the VM to be running (or set to run).'
    }
  }
]

for (const client of CLIENTS) {
  t.test(`${client} reports the error`, async t => {
    const dataDir = t.testdir()
    const strict = await start(t, { dataDir, strict: true, virtualMachines })
    const call = connect(t, client, strict.caFile)

    for (const each of cases) {
      t.test(`with ${each.title}`, async t => {
        const { result, error, exchanges } = await call(strict, { method: 'runCommand', args: [], ...each.call })
        t.equal(result, undefined)
        t.match(error, { name: 'RestError', ...each.error })
        t.equal(exchanges.length, 1, 'a retry would run the script twice')
      })
    }

    t.test('with a command while another command runs (recorded: azure-cli #32305)', async t => {
      const executor: Executor = {
        execute: ({ script }, { signal }) => new Promise((resolve, reject) => {
          if (script !== 'wait') resolve({ exitCode: 0, stdout: '', stderr: '' })
          signal.addEventListener('abort', () => reject(signal.reason))
        })
      }
      const emulator = await start(t, { dataDir, executor })
      await runCommand(emulator, runShellScript('wait'))
      const { error, exchanges } = await call(emulator, { method: 'runCommand', args: ['rg', 'vm', ECHO] })
      t.strictSame(error, {
        name: 'RestError',
        statusCode: 409,
        code: 'Conflict',
        message: 'Run command extension execution is in progress. Please wait for completion before invoking a run command.'
      })
      t.equal(exchanges.length, 1)
    })

    // The older client checks this itself and sends no request.
    if (client !== '@azure/arm-compute') {
      t.test('with a body that lacks a required member', async t => {
        const { error } = await call(strict, { method: 'runCommand', args: ['rg', 'vm', { script: [] }] })
        t.match(error, { statusCode: 400, code: 'InvalidParameter', message: "Required parameter 'commandId' is missing (null)." })
      })
    }

    t.test('with an operation that fails', async t => {
      const error = { code: 'VMExtensionProvisioningError', message: 'VM has reported a failure.' }
      const fixtures = [{ name: 'fails', error }]

      const async = await call(await start(t, { dataDir, fixtures }), { method: 'runCommand', args: ['rg', 'vm', ECHO] })
      t.strictSame(async.error, {
        name: 'Error',
        message: 'The long-running operation has failed. VMExtensionProvisioningError. VM has reported a failure.'
      })
      t.strictSame(conversation(async), ['POST runCommand 202', 'GET Azure-AsyncOperation 200 Failed'])

      const immediate = await start(t, { dataDir, fixtures, respond: 'immediate' })
      const atOnce = await call(immediate, { method: 'runCommand', args: ['rg', 'vm', ECHO] })
      t.strictSame(atOnce.error, { name: 'RestError', statusCode: 409, ...error })
      t.strictSame(conversation(atOnce), ['POST runCommand 409'])
    })
  })
}
