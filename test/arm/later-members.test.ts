import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { bodyTypeOf, withoutLaterMembers, type BodyType, type ObjectType } from '../../src/arm/json/body-type.js'
import { readDocument, routesOf } from '../../src/http/openapi.js'
import { PUBLISHED, skipPublished } from '../harness/azure-data.js'
import { build } from '../harness/emulator.js'
import { managed } from '../harness/managed.js'

const IDENTITY = { clientId: '22d35efb-0c99-4041-8c5b-6d24db33a69a' }
const LATER = [
  ['treatFailureAsDeploymentFailure', { treatFailureAsDeploymentFailure: true }],
  ['outputBlobManagedIdentity', { outputBlobManagedIdentity: IDENTITY }],
  ['errorBlobManagedIdentity', { errorBlobManagedIdentity: IDENTITY }],
  ['scriptUriManagedIdentity', { source: { script: 'echo', scriptUriManagedIdentity: IDENTITY } }]
] as const

t.test('a managed run command has no members that its api-version lacks', async t => {
  const emulator = await build(t, { logLevel: 'silent' })
  for (const method of ['PUT', 'PATCH'] as const) {
    for (const [name, properties] of LATER) {
      const body = { ...method === 'PUT' && { location: 'westus' }, properties: { source: { script: 'echo' }, ...properties } }
      const send = async (apiVersion: string) => await managed(emulator, method, { name: 'cmd', apiVersion }, body)
      const refused = await send('2022-11-01')
      t.equal(refused.statusCode, 400, name)
      t.match(refused.json().error, { code: 'BadRequest', message: `Could not find member '${name}' on object of type 'VirtualMachineRunCommand` })
      t.ok((await send('2023-03-01')).statusCode < 300, `${method} ${name}`)
    }
  }
})

t.test('a managed run command shows no members that the api-version of a request lacks', async t => {
  const emulator = await build(t, { logLevel: 'silent' })
  const properties = { source: { script: 'echo' }, treatFailureAsDeploymentFailure: true }
  await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties })
  for (const [apiVersion, shown] of [['2022-11-01', false], ['2023-03-01', true]] as const) {
    const { properties } = (await managed(emulator, 'GET', { name: 'cmd', apiVersion })).json()
    t.equal('treatFailureAsDeploymentFailure' in properties, shown, apiVersion)
  }
})

t.test('a managed run command has the members of the published contract of each api-version', { skip: skipPublished }, t => {
  const document = readDocument('arm.json')
  const { operation } = routesOf(document)
    .find(({ operation }) => operation.operationId === 'VirtualMachineRunCommands_CreateOrUpdate')!
  const newest = bodyTypeOf(document, operation)
  const versions = readdirSync(new URL('versions/', PUBLISHED)).filter(name => name >= '2020-06-01')
  t.ok(versions.length > 10)
  for (const version of versions) {
    const { definitions } = JSON.parse(readFileSync(new URL(`versions/${version}`, PUBLISHED), 'utf8'))
    const type = version < '2023-03-01' ? withoutLaterMembers(newest) : newest
    const properties = memberOf(type, 'properties')
    for (const [shown, name] of [
      [properties, 'VirtualMachineRunCommandProperties'],
      [memberOf(properties, 'source'), 'VirtualMachineRunCommandScriptSource']
    ] as const) {
      t.strictSame(shown.members.map(({ name }) => name).sort(), Object.keys(definitions[name].properties).sort(), `${version} ${name}`)
    }
  }
  t.end()
})

function memberOf (type: BodyType, name: string): ObjectType {
  return (type as ObjectType).members.find(member => member.name === name)!.type as ObjectType
}
