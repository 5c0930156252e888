import t from 'tap'
import type { Emulator } from '../../../src/index.js'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const QUERY = '?api-version=2022-09-01'

const machine = (resourceGroup: string, name: string) => ({ subscriptionId: SUBSCRIPTION, resourceGroup, name })
const DECLARED = { virtualMachines: [machine('one', 'a'), machine('two', 'b'), machine('three', 'c')] }

interface Page {
  readonly value: readonly { readonly name: string }[]
  readonly nextLink?: string
}

const namesOf = ({ value }: Page) => value.map(({ name }) => name)

async function pageAt (emulator: Emulator, url: string): Promise<Page> {
  const { statusCode, body } = await get(emulator, url)
  if (statusCode !== 200) throw new Error(body)
  return JSON.parse(body)
}

/** The names on each page, up to the last one. */
async function pagesAt (emulator: Emulator, url: string): Promise<string[][]> {
  const page = await pageAt(emulator, url)
  return [namesOf(page), ...page.nextLink === undefined ? [] : await pagesAt(emulator, page.nextLink)]
}

t.test('$top is the length of a page, and nextLink leads to the rest of the list', async t => {
  // Recorded: azure-sdk-for-python #541, azure-sdk-for-java #1451.
  const emulator = await build(t, DECLARED)
  t.strictSame(await pagesAt(emulator, `${ROOT}/resourceGroups${QUERY}&$top=2`), [['one', 'two'], ['three']])
  t.strictSame(await pagesAt(emulator, `${ROOT}/resourceGroups${QUERY}&$top=3`), [['one', 'two', 'three']])
  t.strictSame(await pagesAt(emulator, `${ROOT}/resourceGroups/two/resources${QUERY}&$top=1`), [['b'], ['bVMNic'], ['bPublicIP']])
  t.strictSame(await pagesAt(emulator, `${ROOT}/resources${QUERY}&$top=2&$filter=resourceType eq 'Microsoft.Compute/virtualMachines'`),
    [['a', 'b'], ['c']])
})

t.test('nextLink has the parameters of the request, encoded as Resource Manager encodes them', async t => {
  const emulator = await build(t, DECLARED)
  const query = '?%24filter=resourceType%20eq%20%27Microsoft.Compute%2FvirtualMachines%27&$top=1&api-version=2015-11-01'
  const { nextLink = '' } = await pageAt(emulator, `${ROOT}/resources${query}`)
  const [link, token = ''] = nextLink.split('&%24skiptoken=')
  // Recorded: the examples of armkeyvault in azure-sdk-for-go.
  t.match(link, new RegExp(`^https?://[^/]+${ROOT}/resources\\?`))
  t.equal(link?.split('?')[1], '%24filter=resourceType+eq+%27Microsoft.Compute%2fvirtualMachines%27&%24top=1&api-version=2015-11-01')
  t.match(token, /^eyJ(?:[\w]|%2b|%2f|%3d)+$/)
  const second = await pageAt(emulator, nextLink)
  t.equal(second.nextLink?.split('&%24skiptoken=')[0], link, 'the next page replaces the token')
  t.not(second.nextLink, nextLink)
})

t.test('a page has at most 1000 resources', async t => {
  // Recorded: azure-sdk-for-js #18535.
  const virtualMachines = Array.from({ length: 334 }, (_, index) => machine('one', `vm${index}`))
  const pages = await pagesAt(await build(t, { virtualMachines }), `${ROOT}/resources${QUERY}`)
  t.strictSame(pages.map(({ length }) => length), [1000, 2])
})

t.test('the next page begins with the same resource when others have gone', async t => {
  const emulator = await build(t, DECLARED)
  const { nextLink = '' } = await pageAt(emulator, `${ROOT}/resourceGroups${QUERY}&$top=1`)
  await emulator.app.inject({ method: 'DELETE', url: `${ROOT}/resourceGroups/one${QUERY}`, headers: AUTHORIZATION })
  t.strictSame(namesOf(await pageAt(emulator, nextLink)), ['two'])
})

t.test('refuses a $top that is not a whole number from 1 to 1000', async t => {
  const emulator = await build(t)
  for (const path of [`${ROOT}/resourceGroups`, `${ROOT}/resources`, `${ROOT}/resourceGroups/rg/resources`]) {
    for (const top of ['abc', '', '-1', '0', '1.5', '1001', '99999999999']) {
      const { statusCode, headers, body } = await get(emulator, `${path}${QUERY}&$top=${top}`)
      t.equal(statusCode, 400, `${path} ${top}`)
      t.equal(body, '{"error":{"code":"InvalidTopInQueryString","message":' +
        '"Top value must be positive integer less than or equal to 1000."}}')
      t.equal(headers['x-ms-failure-cause'], 'gateway')
    }
  }
  // Recorded: azure-rest-api-specs #1129.
  t.equal((await get(emulator, `${ROOT}/providers${QUERY}&$top=x`)).statusCode, 200, 'the list of resource providers ignores it')
})

t.test('refuses a $skiptoken that no page had', async t => {
  const emulator = await build(t, DECLARED)
  const other = Buffer.from('{"nextRowKey":"/other"}').toString('base64')
  for (const token of ['x', 'e30=', 'bnVsbA==', other]) {
    const { statusCode, body } = await get(emulator, `${ROOT}/resourceGroups${QUERY}&$skiptoken=${token}`)
    t.equal(statusCode, 400, token)
    t.equal(body, '{"error":{"code":"InvalidSkipTokenInQueryString","message":' +
      `"Invalid $skiptoken '${token}' specified in the query string."}}`)
  }
})
