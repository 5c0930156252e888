import t from 'tap'
import { readDocument, routesOf } from '../../../src/http/openapi.js'
import { build, SUBSCRIPTION } from '../../harness/emulator.js'
import { pageOf, textOf } from '../../harness/pages.js'

const CONTRACTS = [['/_emulator/docs', 'arm.json'], ['/_emulator/docs/entra', 'entra.json']] as const

/** The markup of the section of an operation. */
function sectionOf (markup: string, operationId: string): string {
  return markup.split(`<section class="operation" id="${operationId}">`)[1]!.split('</section>')[0]!
}

t.test('the page describes every operation with its route, parameters, body and responses', async t => {
  const emulator = await build(t)
  for (const [url, file] of CONTRACTS) {
    const document = readDocument(file)
    const markup = await pageOf(emulator, url)
    t.match(markup, `<title>${document.info.title.replace('azrun: ', '')} · azrun</title>`)
    for (const { path, method, operation } of routesOf(document)) {
      const { operationId, parameters = [], requestBody, responses } = operation
      const text = textOf(sectionOf(markup, operationId))
      t.match(text, `${method} ${path}`)
      for (const each of parameters) {
        const name = '$ref' in each ? document.components.parameters[each.$ref.split('/').at(-1)!]!.name : each.name
        t.match(text, ` ${name} `, operationId)
      }
      for (const type of Object.keys(requestBody?.content ?? {})) t.match(text, type, operationId)
      for (const status of Object.keys(responses)) t.match(text, status === 'default' ? 'Any other' : status, operationId)
    }
  }
})

t.test('the page starts with the operation that runs a command or issues a token', async t => {
  const emulator = await build(t)
  const first = async (url: string) => /<section class="operation" id="(\w+)">/.exec(await pageOf(emulator, url))![1]
  t.equal(await first('/_emulator/docs'), 'VirtualMachines_RunCommand')
  t.equal(await first('/_emulator/docs/entra'), 'Tokens_IssueV2')
})

t.test("the page shows the contract's examples, and Try it has the first one", async t => {
  const section = sectionOf(await pageOf(await build(t), '/_emulator/docs'), 'VirtualMachines_RunCommand')
  t.match(textOf(section), 'Example: Linux: a custom script with parameters')
  t.match(textOf(section.split('<textarea')[1]!), '"script": [ "echo \\"$arg1 $2\\"" ]')
  t.match(textOf(section), 'Enable succeeded: \\n[stdout]\\nhello world\\n')
})

t.test('only operations that need a token have a field for it', async t => {
  const emulator = await build(t)
  const needsToken = async (url: string, id: string) => sectionOf(await pageOf(emulator, url), id).includes('name="Authorization"')
  t.ok(await needsToken('/_emulator/docs', 'Tenants_List'))
  t.ok(await needsToken('/_emulator/docs/entra', 'Graph_GetMe'))
  t.notOk(await needsToken('/_emulator/docs/entra', 'Tokens_IssueV2'))
})

t.test('Try it names a declared machine that is running', async t => {
  const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'mine', location: 'eastus' }
  const emulator = await build(t, { virtualMachines: [{ ...machine, name: 'off', powerState: 'stopped' }] })
  await emulator.virtualMachines.declare({ ...machine, name: 'on' })
  const section = sectionOf(await pageOf(emulator, '/_emulator/docs'), 'VirtualMachines_RunCommand')
  t.match(section, `name="subscriptionId" data-in="path" value="${SUBSCRIPTION}"`)
  t.match(section, 'name="vmName" data-in="path" value="on"')
})

t.test('the page says when azrun runs no scripts', async t => {
  const note = 'This azrun runs no scripts'
  t.match(textOf(await pageOf(await build(t), '/_emulator/docs')), note)
  t.notMatch(textOf(await pageOf(await build(t, { executor: 'shell' }), '/_emulator/docs')), note)
})
