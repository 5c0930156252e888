import t from 'tap'
import { Router } from '../../src/http/router.js'
import { build, get, runCommand } from '../harness/emulator.js'

const router = new Router<string>('_own')
router.add('GET', '/groups', 'list')
router.add('GET', '/groups/{group}', 'get')
router.add('PUT', '/groups/{group}', 'put')
router.add('GET', '/groups/{group}/Microsoft.Compute/{name}', 'machine')
router.add('POST', '/{tenant}/oauth2/token', 'token')

const found = (method: string, url: string) => {
  const { target, params } = router.find(method, url) ?? {}
  return target && [target, params]
}

t.test('finds a path in any case, with a trailing slash, a query or a fragment', async t => {
  for (const url of ['/groups', '/GROUPS', '/groups/', '/groups?a=/x', '/groups/?', '/groups#b', '/%67roups']) {
    t.strictSame(found('GET', url), ['list', {}], url)
  }
  t.strictSame(found('GET', '/groups/G/microsoft.compute/Web'), ['machine', { group: 'G', name: 'Web' }])
})

t.test('decodes parameters once, as whole segments', async t => {
  t.strictSame(found('GET', '/groups/a%2Fb%20%2541;c'), ['get', { group: 'a/b %41;c' }])
  t.equal(found('GET', '/groups/a/b'), undefined)
  t.equal(found('GET', '/groups%2Fa'), undefined)
})

t.test('finds an empty parameter between two slashes, or before a trailing slash', async t => {
  t.strictSame(found('GET', '/groups//Microsoft.Compute/x'), ['machine', { group: '', name: 'x' }])
  t.strictSame(found('GET', '/groups//'), ['get', { group: '' }])
  t.equal(router.at('/groups//').size, 0, 'no methods for an empty name')
})

t.test('prefers a literal segment to a parameter, but backtracks if that leads nowhere', async t => {
  t.strictSame(found('POST', '/groups/oauth2/token'), ['token', { tenant: 'groups' }])
  t.strictSame(found('GET', '/groups/oauth2'), ['get', { group: 'oauth2' }])
  const other = new Router<string>('_own')
  other.add('GET', '/a/b/c', 'deeper')
  other.add('GET', '/{x}/b', 'here')
  t.strictSame([...other.at('/a/b')], [['GET', 'here']])
})

t.test('finds nothing for another method or path, a reserved segment, or a path that cannot be decoded', async t => {
  const urls = ['/groups', '/', '', '*', '/_own/oauth2/token', '/_OWN/oauth2/token', '/%5fown/oauth2/token', '/%/oauth2/token']
  for (const url of urls) t.equal(found('POST', url), undefined, url)
})

t.test('returns the methods of a path', async t => {
  t.strictSame([...router.at('/Groups/a/?x')], [['GET', 'get'], ['PUT', 'put']])
  t.equal(router.at('/groups/a/b').size, 0)
})

t.test('a name may contain İ, whose lower case has two characters', async t => {
  const emulator = await build(t, { fixtures: [{ name: 'any', match: { vmName: 'VJİž' }, result: { stdout: 'ran' } }] })
  const { statusCode, headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'VJ%C4%B0%C5%BE' })
  t.equal(statusCode, 202)
  t.match((await get(emulator, headers['location'] as string)).body, 'ran')
  t.match(emulator.journal.list().value[0], { url: /VJ%C4%B0%C5%BE/ })
})

t.test('caches a path for each method, however many others are found in between', async t => {
  const many = new Router<string>('_own')
  many.add('GET', '/groups/{group}/list', 'list')
  many.add('PUT', '/groups/{group}/list', 'put')
  const ask = (method: string, url: string) => many.find(method, url)
  const [first, again] = [ask('GET', '/groups/a/list?x=1'), ask('GET', '/groups/a/list?x=2')]
  t.strictSame([first, again], Array(2).fill({ target: 'list', params: { group: 'a' } }))
  t.equal(ask('PUT', '/groups/a/list')!.target, 'put')
  t.throws(() => Object.assign(again!.params, { group: 'b' }), TypeError, 'requests share the cached result')
  const names = Array.from({ length: 1000 }, (_, index) => `${index}`)
  t.strictSame(names.map(name => ask('GET', `/groups/${name}/list`)!.params['group']), names)
  t.strictSame(ask('GET', '/groups/a/list'), first)
  many.add('GET', '/groups/a/list', 'literal')
  t.equal(ask('GET', '/groups/a/list')!.target, 'literal')
})

t.test('does not cache the path of a long URL', async t => {
  const long = new Router<string>('_own')
  long.add('GET', '/groups/{group}/list', 'list')
  const isCached = (url: string) => {
    const [first, again] = [long.find('GET', url), long.find('GET', url)]
    return first === again
  }
  t.ok(isCached('/groups/a/list?x=1'))
  t.notOk(isCached(`/groups/${'a'.repeat(2000)}/list`))
  t.notOk(isCached(`/groups/b/list?x=${'a'.repeat(2000)}`), 'a substring would keep the whole URL in memory')
})
