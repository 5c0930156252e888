import t from 'tap'
import { build, get, runCommand } from '../harness/emulator.js'
import { Router } from '../../src/http/router.js'

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

t.test('finds a path in any case, with a slash at its end, a query or a fragment', async t => {
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

t.test('takes two slashes for an empty parameter, and one more slash at the end, too', async t => {
  t.strictSame(found('GET', '/groups//Microsoft.Compute/x'), ['machine', { group: '', name: 'x' }])
  t.strictSame(found('GET', '/groups//'), ['get', { group: '' }])
  t.equal(router.at('/groups//').size, 0, 'no resource has this name')
})

t.test('prefers a literal segment to a parameter, but goes back where it leads nowhere', async t => {
  t.strictSame(found('POST', '/groups/oauth2/token'), ['token', { tenant: 'groups' }])
  t.strictSame(found('GET', '/groups/oauth2'), ['get', { group: 'oauth2' }])
})

t.test('finds nothing for another method, path or reserved segment, or where a path cannot be decoded', async t => {
  const urls = ['/groups', '/', '', '*', '/_own/oauth2/token', '/_OWN/oauth2/token', '/%5fown/oauth2/token', '/%/oauth2/token']
  for (const url of urls) t.equal(found('POST', url), undefined, url)
})

t.test('says by which methods a path is served', async t => {
  t.strictSame([...router.at('/Groups/a/?x')], [['GET', 'get'], ['PUT', 'put']])
  t.equal(router.at('/groups/a/b').size, 0)
})

t.test('a name may have İ, the letter that is two in small letters', async t => {
  const emulator = await build(t, { fixtures: [{ name: 'any', match: { vmName: 'VJİž' }, result: { stdout: 'ran' } }] })
  const { statusCode, headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'VJ%C4%B0%C5%BE' })
  t.equal(statusCode, 202)
  t.match((await get(emulator, headers['location'] as string)).body, 'ran')
  t.match(emulator.journal.list().value[0], { url: /VJ%C4%B0%C5%BE/ })
})

t.test('finds a path again as it did at first, for each method, however many others were asked for', async t => {
  const many = new Router<string>('_own')
  many.add('GET', '/groups/{group}/list', 'list')
  many.add('PUT', '/groups/{group}/list', 'put')
  const ask = (method: string, url: string) => many.find(method, url)
  const [first, again] = [ask('GET', '/groups/a/list?x=1'), ask('GET', '/groups/a/list?x=2')]
  t.strictSame([first, again], Array(2).fill({ target: 'list', params: { group: 'a' } }))
  t.equal(ask('PUT', '/groups/a/list')!.target, 'put')
  t.throws(() => Object.assign(again!.params, { group: 'b' }), TypeError, 'requests share what is kept')
  const names = Array.from({ length: 1000 }, (_, index) => `${index}`)
  t.strictSame(names.map(name => ask('GET', `/groups/${name}/list`)!.params['group']), names)
  t.strictSame(ask('GET', '/groups/a/list'), first)
  many.add('GET', '/groups/a/list', 'literal')
  t.equal(ask('GET', '/groups/a/list')!.target, 'literal')
})

t.test('keeps no path of a long URL, so that what it keeps stays small', async t => {
  const long = new Router<string>('_own')
  long.add('GET', '/groups/{group}/list', 'list')
  const isKept = (url: string) => {
    const [first, again] = [long.find('GET', url), long.find('GET', url)]
    return first === again
  }
  t.ok(isKept('/groups/a/list?x=1'))
  t.notOk(isKept(`/groups/${'a'.repeat(2000)}/list`))
  t.notOk(isKept(`/groups/b/list?x=${'a'.repeat(2000)}`), 'a part of a text keeps all of it')
})
