import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import t from 'tap'
import { Contract as CheckedContract } from '../../src/conformance/contract.js'
import { readDocument } from '../../src/http/openapi.js'
import { PUBLISHED, RECORDINGS, skipPublished, skipRecordings } from '../harness/azure-data.js'

interface Facts {
  readonly type?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly default?: unknown
  readonly readOnly?: boolean
}

interface Schema extends Facts {
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
}

interface Media {
  readonly schema: Schema
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

type Content = Readonly<Record<string, Media>>

interface Parameter extends Facts {
  readonly $ref?: string
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: Schema
}

interface Response {
  readonly $ref?: string
  readonly schema?: Schema
  readonly content?: Content
}

interface Operation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required?: boolean, readonly content: Content }
  readonly responses: Readonly<Record<string, Response>>
  readonly 'x-azrun-plane'?: string
  readonly 'x-azrun-action'?: string
  readonly 'x-azrun-not-served'?: readonly string[]
}

/** The parts of OpenAPI 3 (ours) and of Swagger 2 (the published contract) that this test reads. */
interface Document {
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  readonly 'x-azrun-not-served'?: readonly string[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

interface RunCommandDocument {
  readonly scriptSource: string
  readonly script: readonly string[]
  readonly parameters?: readonly object[]
  readonly id: string
}

interface Fixture {
  readonly name: string
  readonly match: { readonly commandId: string, readonly script: string }
}

const arm: Document = read('../../openapi/arm.json')
const checked = new CheckedContract(readDocument('arm.json'))
const fixtureSchema: object = read('../../openapi/fixture.schema.json')
const { documents }: { documents: RunCommandDocument[] } = read('../../fixtures/documents.json')
const builtIn: { fixtures: Fixture[] } = read('../../fixtures/default.json')

/** The parameters with a pattern of azrun's own, because request generators need one and Azure publishes none. */
const UNPUBLISHED = ['api-version', 'subscriptionId', 'resourceGroupName', 'vmName', 'vmScaleSetName', 'instanceId',
  'runCommandName']

/** The operations of managed run commands. */
const MANAGED = [
  ...['CreateOrUpdate', 'Update', 'Delete', 'GetByVirtualMachine', 'ListByVirtualMachine'].map(each => `VirtualMachineRunCommands_${each}`),
  ...['CreateOrUpdate', 'Update', 'Delete', 'Get', 'List'].map(each => `VirtualMachineScaleSetVMRunCommands_${each}`)
]

const RUN_COMMANDS = ['VirtualMachines_RunCommand', 'VirtualMachineScaleSetVMs_RunCommand']

for (const id of ['VirtualMachineRunCommands_List', 'VirtualMachineRunCommands_Get', ...RUN_COMMANDS]) {
  t.test(`describes ${id} as published`, { skip: skipPublished }, async t => {
    const { parameters: { Prefer, ...parameters }, responses: { default: _, ...responses }, ...rest } = unchecked(id)
    t.strictSame({ ...rest, parameters, responses }, theirs('runCommand.json', id))
  })
}

for (const id of ['VirtualMachines_ListAll', 'VirtualMachines_List', 'VirtualMachines_Get', 'VirtualMachines_InstanceView']) {
  t.test(`describes ${id} with published members only`, { skip: skipPublished }, async t => {
    t.strictSame(unchecked(id), within(theirs('virtualMachine.json', id), unchecked(id)))
  })
}

const SCALE_SETS = ['ListAll', 'List', 'Get', 'GetInstanceView'].map(verb => `VirtualMachineScaleSets_${verb}`)
const INSTANCES = ['Get', 'GetInstanceView'].map(verb => `VirtualMachineScaleSetVMs_${verb}`)

/** Members of newer versions than the contract's. */
const NEWER = ['resilientVMDeletionStatus']

for (const id of [...SCALE_SETS, ...INSTANCES]) {
  t.test(`describes ${id} with published members only`, { skip: skipPublished }, async t => {
    const known = (name: string, value: unknown) => NEWER.includes(name) ? undefined : value
    const older = (value: unknown) => JSON.parse(JSON.stringify(value, known))
    t.strictSame(older(unchecked(id)), older(within(theirs('virtualMachineScaleSet.json', id), unchecked(id))))
  })
}

for (const id of MANAGED) {
  t.test(`describes ${id} as published`, { skip: skipPublished }, async t => {
    const { responses: { default: _, ...responses }, ...rest } = unchecked(id)
    const { responses: { default: error, ...published }, ...others } = theirs('runCommand.json', id)
    t.strictSame({ ...rest, responses }, { ...others, responses: published })
    t.equal(error?.schema?.name, 'CloudError')
  })
}

t.test('names each method of its paths that Compute publishes and it does not serve', { skip: skipPublished }, async t => {
  const served = (path: string) => operations(arm).filter(each => plain(each.path) === plain(path))
  const lower = (methods: readonly string[] = []) => methods.map(each => each.toLowerCase())
  for (const file of ['virtualMachine.json', 'virtualMachineScaleSet.json', 'runCommand.json']) {
    for (const [path, methods] of Object.entries(published(file).paths)) {
      const known = served(path).flatMap(({ method, operation }) => [method, ...lower(operation['x-azrun-not-served'])])
      if (known.length > 0) t.strictSame(known.sort(), Object.keys(methods).sort(), path)
    }
  }
})

t.test('names each path that Compute publishes and it does not serve', { skip: skipPublished }, async t => {
  const served = operations(arm).map(({ path }) => plain(path))
  for (const file of ['virtualMachine.json', 'virtualMachineScaleSet.json', 'runCommand.json']) {
    for (const path of Object.keys(published(file).paths)) {
      t.equal(checked.isPathNotServed(path), !served.includes(plain(path)), path)
    }
  }
})

t.test('names no path that it serves as one that it does not serve, and each once', async t => {
  t.strictSame(operations(arm).filter(({ path }) => checked.isPathNotServed(path)), [])
  const { 'x-azrun-not-served': paths = [] } = arm
  t.equal(new Set(paths.map(plain)).size, paths.length)
})

t.test('describes errors as published', { skip: skipPublished }, async t => {
  t.strictSame(shape({ $ref: '#/components/schemas/CloudError' }, arm),
    shape({ $ref: '#/definitions/CloudError' }, published('common.json')))
})

t.test('has the published login and the published extensions of the long-running operation', { skip: skipPublished }, async t => {
  const { securityDefinitions: { azure_auth: login }, security, ...home } = published('runCommand.json') as any
  const { flows: { [login.flow]: flow, ...otherFlows } } = (arm as any).components.securitySchemes.azure_auth
  t.strictSame((arm as any).security, security)
  t.strictSame(flow, { authorizationUrl: login.authorizationUrl, scopes: login.scopes })
  t.strictSame(otherFlows, {})
  const extensions = (from: any) => Object.entries(find(from, 'VirtualMachines_RunCommand').operation)
    .filter(([name]) => name.startsWith('x-ms-') && name !== 'x-ms-examples')
  t.strictSame(extensions(arm), extensions(home))
})

t.test('has patterns that allow all valid values, if Azure publishes none', async t => {
  const allowed = {
    'api-version': ['2017-03-30', '2024-03-01', '2027-12-31', '2015-05-01-preview'],
    subscriptionId: ['24fb23e3-6ba3-41f0-9b6e-e41131d5d61e', '24FB23E3-6BA3-41F0-9B6E-E41131D5D61E'],
    resourceGroupName: ['r', 'rg-1', '_(r).g', '-', 'Übung'],
    vmName: ['v', '-web_1', '1.web'],
    vmScaleSetName: ['s', '-web_1', '1.web'],
    instanceId: ['0', '2147483647'],
    runCommandName: ['c', 'firstRunCommand', 'cmd_000003', 'cmd-000003', '1.a']
  }
  const parameters = { ...ours('VirtualMachineRunCommands_CreateOrUpdate').parameters, ...ours('VirtualMachineScaleSetVMs_RunCommand').parameters }
  t.strictSame(Object.keys(allowed).sort(), [...UNPUBLISHED].sort())
  for (const [name, values] of Object.entries(allowed)) {
    for (const value of values) t.match(value, new RegExp(parameters[name]?.pattern ?? '^$', 'u'), `${name} ${value}`)
    for (const value of ['', 'a b', 'a\0', '..', 'r%2Fg']) t.notMatch(value, new RegExp(parameters[name]?.pattern ?? '', 'u'), name)
  }
})

t.test('each operation has a unique id', async t => {
  const ids = operations(arm).map(({ operation }) => operation.operationId)
  t.ok(ids.every(id => /^[A-Za-z]+_[A-Za-z]+$/.test(id)), ids.join(' '))
  t.strictSame(ids, [...new Set(ids)])
})

/** The plane of a path, by the first of these parts that it contains. */
const PLANES = [
  ['/providers/Microsoft.Network/', 'network'],
  // Those of instances have paths in Compute's namespace.
  ['/networkInterfaces', 'network'],
  ['/providers/Microsoft.ResourceGraph/', 'resourceGraph'],
  ['/providers/{resourceProviderNamespace}', 'gateway'],
  ['/providers/', 'compute'],
  ['', 'gateway']
] as const

t.test('each operation has an api-version, the error response and a plane', async t => {
  for (const { path, operation } of operations(arm)) {
    const { parameters, responses } = ours(operation.operationId)
    t.match(parameters['api-version'], { in: 'query', required: true, type: 'string' }, operation.operationId)
    t.equal(responses['default']?.schema?.name, 'CloudError', operation.operationId)
    const [, plane] = PLANES.find(([part]) => path.includes(part))!
    t.equal(operation['x-azrun-plane'], plane, operation.operationId)
  }
})

t.test('each operation has the permission that it requires, except the lists of tenants and subscriptions', async t => {
  const free = operations(arm).filter(({ operation }) => operation['x-azrun-action'] === undefined)
  t.strictSame(free.map(({ operation }) => operation.operationId), ['Tenants_List', 'Subscriptions_List'])
  for (const { operation } of operations(arm)) {
    t.match(operation['x-azrun-action'] ?? 'none/read', /^(?:[A-Za-z./]+|\{resourceProviderNamespace\}\/register)\/(?:read|write|delete|action)$/, operation.operationId)
  }
})

t.test('each path declares exactly the parameters that it names', async t => {
  for (const { path, operation } of operations(arm)) {
    const inPath = Object.entries(ours(operation.operationId).parameters).filter(([, each]) => each.in === 'path')
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    t.strictSame(inPath.map(([name]) => name).sort(), named.sort(), operation.operationId)
    t.ok(inPath.every(([, each]) => each.required === true), operation.operationId)
  }
})

t.test('a location is the only value in a path with a published pattern, as location-check.ts expects', async t => {
  const limited = operations(arm).flatMap(({ operation }) => Object.entries(ours(operation.operationId).parameters))
    .filter(([name, each]) => each.in === 'path' && each.pattern !== undefined && !UNPUBLISHED.includes(name))
  t.strictSame([...new Set(limited.map(([name]) => name))], ['location'])
})

t.test('all schemas are accepted by ajv in strict mode and match their examples', async t => {
  const ajv = strictAjv()
  for (const name of Object.keys(arm.components.schemas)) {
    t.doesNotThrow(() => ajv.compile({ $ref: `arm#/definitions/${name}` }), name)
  }
  for (const { operation } of operations(arm)) {
    for (const { schema, examples = {} } of medias(operation)) {
      const validate = ajv.compile(toDraft07(schema))
      for (const [name, { value }] of Object.entries(examples)) {
        t.ok(validate(value), `${operation.operationId} ${name}`, { errors: validate.errors })
      }
    }
  }
})

t.test('refuses unknown members in a request to run a command, as Compute does', async t => {
  const validate = strictAjv().compile({ $ref: 'arm#/definitions/RunCommandInput' })
  const parameters = [{ name: 'arg1', value: 'hello' }]
  t.ok(validate({ commandId: 'RunShellScript', script: ['id'], parameters }))
  t.notOk(validate({ commandId: 'RunShellScript', timeout: 1 }))
  t.notOk(validate({ commandId: 'RunShellScript', parameters: [{ ...parameters[0], type: 'string' }] }))
  t.notOk(validate({ script: ['id'] }))
})

t.test('the schema of the options is accepted by ajv in strict mode', async t => {
  const schema = JSON.parse(readFileSync(new URL('../../openapi/config.schema.json', import.meta.url), 'utf8'))
  t.doesNotThrow(() => new Ajv({ strict: true }).addVocabulary(['errorMessage']).compile(schema))
})

t.test('machines and scale sets have the same members and rules over HTTP as in a config file', async t => {
  const { properties, definitions } = JSON.parse(readFileSync(new URL('../../openapi/config.schema.json', import.meta.url), 'utf8'))
  const { parameters, schemas } = JSON.parse(readFileSync(new URL('../../openapi/admin.json', import.meta.url), 'utf8')).components
  const rulesOf = (schema: Record<string, unknown>): unknown => {
    const { description, default: _, $ref, items, ...rules } = schema
    const referred = typeof $ref === 'string' ? rulesOf({ ...definitions, ...schemas }[$ref.split('/').at(-1)!]) as object : {}
    return { ...referred, ...rules, ...items !== undefined && { items: rulesOf(items as Record<string, unknown>) } }
  }
  for (const [option, schema, name] of [
    ['virtualMachines', 'VirtualMachineChange', 'vmName'], ['virtualMachineScaleSets', 'ScaleSetDeclaration', 'vmScaleSetName']
  ] as const) {
    const { subscriptionId, resourceGroup, name: own, ...members } = properties[option].items.properties
    t.strictSame(Object.keys(schemas[schema].properties).sort(), Object.keys(members).sort(), option)
    for (const member of Object.keys(members)) {
      t.strictSame(rulesOf(schemas[schema].properties[member]), rulesOf(members[member]), `${option}.${member}`)
    }
    t.strictSame(rulesOf(parameters[name].schema), rulesOf(own), `${option}.name`)
  }
})

t.test('the built-in fixtures are a valid fixture file', async t => {
  const validate = new Ajv({ strict: true }).addVocabulary(['errorMessage']).compile(fixtureSchema)
  t.ok(validate(builtIn), 'fixtures/default.json', { errors: validate.errors })
})

t.test('the scenario files are valid by the schema that they name', async t => {
  const schema = new URL('../../openapi/scenario.schema.json', import.meta.url)
  const validate = new Ajv({ strict: true }).addVocabulary(['errorMessage']).compile(read(schema))
  const directory = new URL('../../fixtures/scenarios/', import.meta.url)
  for (const name of readdirSync(directory)) {
    const file: { $schema: string, scenario: object } = read(new URL(name, directory))
    t.equal(new URL(file.$schema, directory).href, schema.href, name)
    t.ok(validate(file), name, { errors: validate.errors })
    t.notOk(validate({ ...file, scenario: { ...file.scenario, calls: 2 } }), name)
  }
})

t.test('accepts a fixture that has a name and either a result or an error', async t => {
  const validate = new Ajv({ strict: true }).addVocabulary(['errorMessage']).compile(fixtureSchema)
  const accepts = (fixture: object) => validate({ fixtures: [fixture] })
  const error = { code: 'VMExtensionProvisioningTimeout', message: 'It took too long.' }
  t.ok(accepts({ name: 'Everything works', result: {} }))
  t.ok(accepts({ name: 'Nothing works', match: { vmName: 'broken-*' }, error }))
  t.notOk(accepts({ result: {} }), 'no name')
  t.notOk(accepts({ name: 'Nobody knows' }), 'neither')
  t.notOk(accepts({ name: 'Everything at once', result: {}, error }), 'both')
  t.notOk(accepts({ name: 'A slip of the pen', match: { commandID: 'RunShellScript' }, result: {} }), 'unknown member')
})

t.test('there is a built-in fixture for the default script of each document, and no others', async t => {
  // There are two for the Linux sample: with and without its parameter.
  const scripts = builtIn.fixtures.map(({ match: { commandId, script } }) => JSON.stringify({ commandId, script }))
  t.strictSame([...new Set(scripts)],
    documents.map(({ id, script }) => JSON.stringify({ commandId: id, script: script.join('\n') })))
  const names = builtIn.fixtures.map(({ name }) => name)
  t.strictSame(names, [...new Set(names)])
})

t.test('the documents are those of the Azure CLI recording, byte for byte', { skip: skipRecordings }, async t => {
  const { exchanges } = read(new URL('azcli_vm__latest__test_vm_run_command_e2e.json', RECORDINGS))
  const value = documents.map(({ scriptSource, script, parameters, ...brief }) => brief)
  t.equal(onTheWire({ value }), exchanges[0].response.body)
  t.equal(onTheWire(wireDocument('RunShellScript')), exchanges[1].response.body)
})

t.test('the document of RunPowerShellScript has the recorded length', async t => {
  t.equal(Buffer.byteLength(onTheWire(wireDocument('RunPowerShellScript'))), 709)
})

t.test('each default script is marked as recorded or as ours', async t => {
  const recorded = documents.filter(({ scriptSource }) => scriptSource === 'recorded').map(({ id }) => id)
  t.strictSame(recorded, ['RunPowerShellScript', 'RunShellScript'])
  t.ok(documents.every(({ scriptSource }) => ['recorded', 'azrun'].includes(scriptSource)))
})

/** The client's view of an operation, in one form for both kinds of document. */
interface Contract {
  readonly path: string
  readonly method: string
  readonly parameters: Readonly<Record<string, Facts & { readonly in: string, readonly required?: boolean }>>
  readonly body?: object
  readonly responses: Readonly<Record<string, { readonly mediaTypes?: readonly string[], readonly schema?: Shape }>>
}

interface Shape extends Facts {
  readonly name?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape
  readonly items?: Shape
}

function ours (id: string): Contract {
  const { path, method, operation } = find(arm, id)
  const { requestBody: body } = operation
  return {
    path,
    method,
    parameters: Object.fromEntries(operation.parameters.map(each => follow(each, arm)[0])
      .map(each => [each.name, parameter(each, each.schema)])),
    ...body && { body: { required: body.required, ...bodyOf(body) } },
    responses: Object.fromEntries(Object.entries(operation.responses)
      .map(([status, response]) => [status, bodyOf(follow(response, arm)[0])]))
  }
}

/** An operation without the patterns that are not published. */
function unchecked (id: string): Contract {
  const { parameters, ...rest } = ours(id)
  return {
    ...JSON.parse(JSON.stringify(rest), withoutRuleOfRegions) as typeof rest,
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, { pattern, ...others }]) =>
      [name, UNPUBLISHED.includes(name) ? others : { ...others, ...pattern !== undefined && { pattern } }]))
  }
}

function withoutRuleOfRegions (name: string, value: unknown): unknown {
  if (name !== 'location' || !isObject(value)) return value
  const { pattern, ...others } = value
  return others
}

function theirs (file: string, id: string): Contract {
  const home = published(file)
  const { path, method, operation } = find(home, id)
  const all = operation.parameters.map(each => follow(each, home)[0])
  const body = all.find(each => each.in === 'body')
  return {
    path,
    method,
    parameters: Object.fromEntries(all.filter(each => each !== body).map(each => [each.name, parameter(each, each)])),
    ...body?.schema && {
      body: { required: body.required, mediaTypes: home.consumes, schema: shape(body.schema, home) }
    },
    responses: Object.fromEntries(Object.entries(operation.responses).map(([status, { schema }]) =>
      [status, schema === undefined ? {} : { mediaTypes: home.produces, schema: shape(schema, home) }]))
  }
}

function parameter ({ in: where, required }: Parameter, schema: Facts = {}): Contract['parameters'][string] {
  return withoutUndefined({ in: where, required, ...facts(schema) })
}

function bodyOf ({ content }: { readonly content?: Content }): { mediaTypes?: string[], schema?: Shape } {
  const shapes = Object.values(content ?? {}).map(({ schema }) => shape(schema, arm))
  if (content === undefined || shapes[0] === undefined) return {}
  const same = shapes.every(each => JSON.stringify(each) === JSON.stringify(shapes[0]))
  if (!same) throw new Error('the media types of a body differ in their schema')
  return { mediaTypes: Object.keys(content), schema: shapes[0] }
}

/** A schema without its descriptions: references are followed, and inherited members are included. */
function shape (schema: Schema, from: Document): Shape {
  const [own, home] = follow(schema, from)
  const inherited = (own.allOf ?? []).map(each => shape(each, home))
  const properties = Object.entries(own.properties ?? {}).map(([name, each]) => [name, shape(each, home)] as const)
  const { additionalProperties: others } = own
  return withoutUndefined({
    name: schema.$ref?.split('/').at(-1),
    ...facts(own),
    type: own.type ?? (own.properties && 'object'),
    required: [...inherited.flatMap(each => each.required ?? []), ...own.required ?? []].sort(),
    properties: Object.assign({}, ...inherited.map(each => each.properties), Object.fromEntries(properties)),
    additionalProperties: typeof others === 'object' ? shape(others, home) : undefined,
    items: own.items && shape(own.items, home)
  })
}

function facts ({ type, format, pattern, enum: values, default: value, readOnly }: Facts): Facts {
  return { type, format, pattern, enum: values, default: value, readOnly }
}

/** The object without undefined members. */
function withoutUndefined<T extends object> (object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}

/** The members of the whole that the part also has. Lists stay complete. */
function within (whole: unknown, part: unknown): unknown {
  if (!isObject(whole) || !isObject(part)) return whole
  const members = Object.entries(whole).filter(([key]) => key in part)
  return Object.fromEntries(members.map(([key, each]) => [key, within(each, part[key])]))
}

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The target of a reference, and the document that contains it. */
function follow<T extends { readonly $ref?: string }> (node: T, home: Document): [T, Document] {
  if (node.$ref === undefined) return [node, home]
  const [file = '', pointer = ''] = node.$ref.split('#')
  const target = file === '' ? home : published(file.split('/').at(-1) ?? file)
  let found: any = target
  for (const key of pointer.split('/').slice(1)) found = found?.[key]
  if (found === undefined) throw new Error(`${node.$ref} refers to nothing`)
  return follow(found as T, target)
}

function find (document: Document, id: string): { path: string, method: string, operation: Operation } {
  const found = operations(document).find(({ operation }) => operation.operationId === id)
  if (found === undefined) throw new Error(`there is no operation ${id}`)
  return found
}

function operations (document: Document): { path: string, method: string, operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })))
}

/** A path in one case, without the names of its parameters. */
function plain (path: string): string {
  return path.toLowerCase().replaceAll(/\{\w+\}/g, '{}')
}

function medias ({ requestBody, responses }: Operation): Media[] {
  const contents = [requestBody, ...Object.values(responses)].map(each => each?.content ?? {})
  return contents.flatMap(each => Object.values(each))
}

function strictAjv (): Ajv {
  const ajv = new Ajv({ strict: true, formats: { 'date-time': true, int32: true, int64: true } }).addVocabulary(['x-azrun-required'])
  return ajv.addSchema({ $id: 'arm', definitions: toDraft07(arm.components.schemas) })
}

function toDraft07<T extends object> (schema: T): T {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"arm#/definitions/'))
}

function wireDocument (id: string): object {
  const { scriptSource, ...document } = documents.find(each => each.id === id) ?? {}
  return document
}

function onTheWire (body: object): string {
  return JSON.stringify(body, null, 2).replaceAll('\n', '\r\n')
}

function published (file: string): Document {
  return read(new URL(file, PUBLISHED))
}

function read (path: string | URL): any {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}
