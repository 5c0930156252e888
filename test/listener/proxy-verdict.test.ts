import t from 'tap'
import { parseAuthority } from '../../src/core/destinations.js'
import { createVerdict, isOwnBy } from '../../src/listener/proxy-verdict.js'

t.test('parses the authority of a CONNECT, and refuses an invalid one', async t => {
  t.same(parseAuthority('Management.Azure.com:443'), { host: 'management.azure.com', port: 443 })
  t.same(parseAuthority('management.azure.com.:443'), { host: 'management.azure.com', port: 443 }, 'a name with a trailing dot')
  t.same(parseAuthority('[::1]:443'), { host: '::1', port: 443 })
  t.same(parseAuthority('example.com', 80), { host: 'example.com', port: 80 })
  for (const text of ['', ':443', 'example.com', 'example.com:', 'example.com:99999', 'user@example.com:443', 'a b:443',
    'example.com:443/', '/path', '::1:443', 'example.com:-1', '.:443', 'x\r\ny:443', '[::1]x:443', 'example.com:0']) {
    t.equal(parseAuthority(text), undefined, JSON.stringify(text))
  }
})

t.test('permits only emulated hosts on ports 80 and 443, and allowed hosts', async t => {
  const verdictOf = createVerdict(host => host === 'management.azure.com',
    ['Example.com', 'db.example.com:5432', '[::1]:8080'])
  const verdicts = {
    'management.azure.com:443': 'emulated',
    'management.azure.com:80': 'emulated',
    'management.azure.com:22': 'refused',
    'example.com:443': 'allowed',
    'example.com:80': 'allowed',
    'example.com:22': 'refused',
    'www.example.com:443': 'refused',
    'db.example.com:5432': 'allowed',
    'db.example.com:443': 'refused',
    '[::1]:8080': 'allowed',
    '[::1]:443': 'refused',
    '127.0.0.1:443': 'refused',
    '2130706433:443': 'refused',
    'management.azure.com.example.com:443': 'refused'
  }
  for (const [authority, verdict] of Object.entries(verdicts)) {
    t.equal(verdictOf(parseAuthority(authority)!), verdict, authority)
  }
})

t.test('forwards to an emulated host if it is explicitly allowed', async t => {
  t.equal(createVerdict(() => true, ['graph.microsoft.com'])({ host: 'graph.microsoft.com', port: 443 }), 'allowed')
})

t.test("treats azrun's own names as azrun on its own port, 80 and 443, unless they are allowed", async t => {
  const isOwn = isOwnBy.bind(undefined, ['my-service', '::1'], 10900)
  const verdictOf = createVerdict(() => false, ['my-service:443'], isOwn)
  const verdicts = {
    'my-service:10900': 'emulated',
    'my-service:80': 'emulated',
    'my-service:443': 'allowed',
    'my-service:10901': 'refused',
    '[::1]:443': 'emulated',
    'other:10900': 'refused'
  }
  for (const [authority, verdict] of Object.entries(verdicts)) {
    t.equal(verdictOf(parseAuthority(authority)!), verdict, authority)
  }
})
