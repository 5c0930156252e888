import { createHash } from 'node:crypto'
import { Script } from 'node:vm'
import t from 'tap'
import { build } from '../../harness/emulator.js'
import { NAVIGATION, pageOf, tokenOf } from '../../harness/pages.js'

const PAGES = ['/_emulator/', '/_emulator/docs', '/_emulator/docs/entra', '/_emulator/docs/admin']

/** The contents of the elements with this name. */
function sources (markup: string, name: string): string[] {
  return [...markup.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, source]) => source!)
}

t.test('the content security policy of a page allows only its own script and style, by their hashes', async t => {
  const { app } = await build(t)
  for (const url of PAGES) {
    const { headers, body } = await app.inject({ url, headers: NAVIGATION })
    const policy = Object.fromEntries(`${headers['content-security-policy']}`.split('; ').map(each => each.split(/ (.*)/s)))
    for (const name of ['script', 'style']) {
      const [source, ...others] = sources(body, name)
      t.strictSame(others, [], `${url} has one ${name}`)
      t.equal(policy[`${name}-src`], `'sha256-${createHash('sha256').update(source!).digest('base64')}'`)
    }
    t.equal(policy['default-src'], "'none'")
    t.equal(policy['frame-ancestors'], "'none'")
    t.equal(policy['form-action'], "'none'")
    t.notMatch(body, /<[^>]+ (?:on\w+|style)=/, 'no attribute has a script or a style')
  }
})

t.test('headers keep a page out of frames and caches', async t => {
  const { app } = await build(t)
  for (const url of PAGES) {
    t.match((await app.inject({ url, headers: NAVIGATION })).headers, {
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store'
    }, url)
  }
})

t.test("every link and source of a page is one of azrun's pages", async t => {
  const emulator = await build(t)
  for (const url of PAGES) {
    const markup = await pageOf(emulator, url)
    const links = [...markup.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link!).filter(link => !link.startsWith('data:'))
    t.ok(links.length > 3)
    for (const link of new Set(links)) {
      const [path, fragment] = link.split('#') as [string, string?]
      const target = path === '' ? markup : await pageOf(emulator, path)
      if (fragment !== undefined) t.match(target, `id="${fragment}"`, link)
    }
  }
})

t.test('the script of a page has no syntax errors', async t => {
  const emulator = await build(t)
  for (const url of PAGES) {
    const [script] = sources(await pageOf(emulator, url), 'script')
    t.ok(script, url)
    t.doesNotThrow(() => new Script(script!), url)
  }
})

t.test('every page has the page token, which differs between emulators', async t => {
  const [one, other] = [await build(t), await build(t)]
  const tokens = [await tokenOf(one), await tokenOf(one), await tokenOf(other)]
  t.equal(tokens[0], tokens[1])
  t.not(tokens[0], tokens[2])
  t.match(tokens[0], /^[\w-]{43}$/)
  for (const url of PAGES) t.match(await pageOf(one, url), tokens[0]!, url)
})
