import fc from 'fast-check'
import t from 'tap'
import type { Emulator } from '../../../../src/index.js'
import { build, SUBSCRIPTION } from '../../../harness/emulator.js'
import { managed, type ManagedTarget } from '../../../harness/managed.js'

const MACHINE = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }
const SOURCE = { source: { script: 'echo' } }
const LARGEST = 'a'.repeat(256 * 1024)

interface Mistake {
  readonly what: string
  readonly target?: ManagedTarget
  readonly body?: object | string
  readonly status: number
  readonly code: string
  readonly message: RegExp | string
}

const MISTAKES: readonly Mistake[] = [
  { what: 'a name with a space', target: { name: 'a%20b' }, status: 400, code: 'InvalidParameter', message: "The entity name 'runCommandName'" },
  { what: 'a name that ends in a hyphen', target: { name: 'a-' }, status: 400, code: 'InvalidParameter', message: "The entity name 'runCommandName'" },
  { what: 'a name that is too long', target: { name: 'a'.repeat(81) }, status: 400, code: 'InvalidParameter', message: "The entity name 'runCommandName'" },
  { what: 'the body of a virtual machine', body: { location: 'westus', properties: { hardwareProfile: { vmSize: 'x' } } }, status: 400, code: 'BadRequest', message: "Could not find member 'hardwareProfile' on object of type 'VirtualMachineRunCommandProperties'" },
  { what: 'an unknown member beside properties', body: { location: 'westus', size: 1 }, status: 400, code: 'InvalidRequestContent', message: "Could not find member 'size' on object of type 'ResourceDefinition'" },
  { what: 'invalid JSON', body: '{"location":', status: 400, code: 'InvalidRequestContent', message: /could not be deserialized/ },
  { what: 'no body', body: '', status: 400, code: 'InvalidParameter', message: "'body' is missing" },
  { what: 'no location', body: { properties: SOURCE }, status: 400, code: 'LocationRequired', message: 'The location property is required' },
  { what: 'a region that is not the machine\'s', body: { location: 'eastus', properties: SOURCE }, status: 404, code: 'NotFound', message: 'The entity was not found in this Azure location.' },
  { what: 'a timeout below 0', body: { location: 'westus', properties: { ...SOURCE, timeoutInSeconds: -1 } }, status: 400, code: 'InvalidParameter', message: "'timeoutInSeconds' is out of range" },
  { what: 'a timeout with more than 32 bits', body: { location: 'westus', properties: { ...SOURCE, timeoutInSeconds: 3_000_000_000 } }, status: 400, code: 'InvalidParameter', message: "'timeoutInSeconds' is out of range" },
  { what: 'a timeout that is not a number', body: { location: 'westus', properties: { ...SOURCE, timeoutInSeconds: 'soon' } }, status: 400, code: 'BadRequest', message: "Error converting value \"soon\" to type 'System.Int32'. Path 'properties.timeoutInSeconds'" },
  { what: 'a switch that is not a boolean', body: { location: 'westus', properties: { ...SOURCE, asyncExecution: 'perhaps' } }, status: 400, code: 'BadRequest', message: "to type 'System.Boolean'" },
  { what: 'a script with one byte too many', body: { location: 'westus', properties: { source: { script: `${LARGEST}a` } } }, status: 400, code: 'InvalidParameter', message: 'The value of parameter source.script is invalid.' },
  { what: 'a script and a URI', body: { location: 'westus', properties: { source: { script: 'a', scriptUri: 'https://a/b' } } }, status: 400, code: 'InvalidParameterConflictingProperties', message: "'source.scriptUri' cannot be used together with property 'source.script'" },
  { what: 'a URI and a built-in command', body: { location: 'westus', properties: { source: { commandId: 'RunShellScript', scriptUri: 'https://a/b' } } }, status: 400, code: 'InvalidParameterConflictingProperties', message: "'source.commandId' cannot be used together with property 'source.scriptUri'" },
  { what: 'an unknown built-in command', body: { location: 'westus', properties: { source: { commandId: 'None' } } }, status: 404, code: 'NotFound', message: 'The entity was not found in this Azure location.' },
  { what: 'a machine that does not exist', target: { vmName: 'none' }, status: 404, code: 'ParentResourceNotFound', message: "Parent resource 'none' not found." },
  { what: 'a scale set that does not exist', target: { vmScaleSetName: 'none' }, status: 404, code: 'ParentResourceNotFound', message: "Parent resource 'none' not found." },
  { what: 'an instance id that is not a number', target: { vmScaleSetName: 'none', instanceId: 'x' }, status: 404, code: 'ParentResourceNotFound', message: "Parent resource 'none' not found." }
]

t.test("PUT refuses mistakes with Azure's errors, and creates no run command and no operation", async t => {
  const emulator = await build(t, { executor: 'shell', logLevel: 'silent', virtualMachines: [MACHINE] })
  for (const { what, target, body = { location: 'westus', properties: SOURCE }, status, code, message } of MISTAKES) {
    const { statusCode, body: text } = await managed(emulator, 'PUT', { name: 'cmd', ...target }, body)
    t.equal(statusCode, status, what)
    const { error } = JSON.parse(text)
    t.equal(error.code, code, what)
    t.match(error.message, message, what)
  }
  t.same((await managed(emulator, 'GET', {})).json().value, [])
  t.match(await emulator.reset(), { operations: 0, runCommands: 0 })
})

t.test('PUT accepts a script of 256 KiB, and refuses one that is longer in UTF-8', async t => {
  const emulator = await build(t, { logLevel: 'silent' })
  const statusOf = async (script: string) =>
    (await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: { source: { script } } })).statusCode
  t.equal(await statusOf(LARGEST), 201)
  t.equal(await statusOf(`${LARGEST.slice(1)}é`), 400)
})

t.test('GET and PATCH refuse a missing run command', async t => {
  const emulator = await build(t, { logLevel: 'silent', virtualMachines: [MACHINE] })
  const body = { properties: SOURCE }
  const missing = async (method: 'GET' | 'PATCH', target: ManagedTarget) => {
    const { statusCode, body: text } = await managed(emulator, method, target, method === 'PATCH' ? body : undefined)
    return `${statusCode} ${JSON.parse(text).error.message.split(' under')[0]}`
  }
  // Recorded: azure-powershell #25978.
  t.equal(await missing('GET', { name: 'x' }), "404 The Resource 'Microsoft.Compute/virtualMachines/vm/runCommands/x'")
  t.equal(await missing('PATCH', { name: 'x' }), "404 The Resource 'Microsoft.Compute/virtualMachines/vm/runCommands/x'")
  t.match(await missing('GET', { vmName: 'none' }), "404 Can not perform requested operation on nested resource. Parent resource 'none' not found.")
  t.equal(await missingInstance(await build(t, { logLevel: 'silent' })),
    "The Resource 'Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines/0/runCommands/x'")
})

t.test("PUT accepts any name unchanged, or refuses it with Azure's error", async t => {
  const emulator = await build(t, { logLevel: 'silent' })
  // Each run command gets its own machine, because a machine can have only 25.
  let count = 0
  // The router resolves these two names as parent directories.
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter(name => !['.', '..'].includes(name))
  await t.resolves(fc.assert(fc.asyncProperty(names, async name => {
    const target = { vmName: `vm${count++}`, name: encodeURIComponent(name) }
    const { statusCode, body } = await managed(emulator, 'PUT', target, { location: 'westus', properties: SOURCE })
    if (statusCode === 201 || statusCode === 200) return JSON.parse(body).name.toLowerCase() === name.toLowerCase()
    return statusCode === 400 && JSON.parse(body).error.code === 'InvalidParameter'
  }), { numRuns: 200 }))
  const accepted = await managed(emulator, 'PUT', { name: encodeURIComponent('Grüße_1') }, { location: 'westus', properties: SOURCE })
  t.match(accepted.json(), { name: 'Grüße_1', id: /\/runCommands\/Grüße_1$/ })
  t.equal((await managed(emulator, 'GET', { name: encodeURIComponent('GRÜßE_1') })).statusCode, 200)
})

t.test('PUT accepts any properties, or refuses them with an error of 400 to 499', async t => {
  const emulator = await build(t, { logLevel: 'silent' })
  const members = ['source', 'parameters', 'protectedParameters', 'runAsUser', 'timeoutInSeconds', 'asyncExecution', 'outputBlobUri', 'other']
  const properties = fc.dictionary(fc.constantFrom(...members), fc.jsonValue({ maxDepth: 2 }))
  await t.resolves(fc.assert(fc.asyncProperty(properties, async properties => {
    const { statusCode, body } = await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties })
    if (statusCode < 300) return true
    const { error } = JSON.parse(body)
    return statusCode < 500 && typeof error.code === 'string' && typeof error.message === 'string'
  }), { numRuns: 300 }))
})

async function missingInstance (emulator: Emulator): Promise<string> {
  const { body } = await managed(emulator, 'GET', { vmScaleSetName: 'ss', name: 'x' })
  return JSON.parse(body).error.message.split(' under')[0]
}

t.test('PUT converts texts, numbers and booleans like Azure, and --strict refuses them', async t => {
  const lenient = { location: 'westus', properties: { ...SOURCE, timeoutInSeconds: '30', asyncExecution: 'TRUE' }, tags: { a: 1 } }
  const [usual, strict] = [await build(t, { logLevel: 'silent', virtualMachines: [MACHINE] }),
    await build(t, { logLevel: 'silent', strict: true, virtualMachines: [MACHINE] })]
  const accepted = await managed(usual, 'PUT', { name: 'cmd' }, lenient)
  t.match(accepted.json(), { tags: { a: '1' }, properties: { timeoutInSeconds: 30, asyncExecution: true } })
  t.equal((await managed(strict, 'PUT', { name: 'cmd' }, lenient)).statusCode, 400)
})
