import t from 'tap'
import { UsageError } from '../../src/index.js'
import { canonicalHost, isLoopback, whyUnreachable } from '../../src/options/host.js'
import { configFromArgv } from '../harness/config.js'

t.test('normalizes a host to the form that azrun listens on', async t => {
  const forms = {
    LOCALHOST: 'localhost',
    'Emulator.Test': 'emulator.test',
    '[::1]': '::1',
    '0:0:0:0:0:0:0:1': '::1',
    '::FFFF:127.0.0.1': '127.0.0.1',
    '::ffff:7f00:1': '127.0.0.1',
    '::ffff:0.0.0.0': '0.0.0.0',
    '0:0:0:0:0:0:0:0': '::',
    127.1: '127.0.0.1',
    '0x7f.1': '127.0.0.1',
    2130706433: '127.0.0.1',
    0: '0.0.0.0',
    10.1: '10.0.0.1',
    'fe80::1%eth0': 'fe80::1%eth0',
    '127.0.0.1.example.com': '127.0.0.1.example.com',
    'a/b': 'a/b',
    '[::1': '[::1',
    'face.cafe': 'face.cafe'
  }
  for (const [given, host] of Object.entries(forms)) t.equal(canonicalHost(given), host, given)
  t.equal((await configFromArgv(['--host', '[::1]'], {})).host, '::1')
})

t.test('accepts names and addresses as public names, each once and in the form that clients send', async t => {
  const given = ['My-Service', 'my-service', 'my_service.default.svc.cluster.local', '10.96.0.7', '[fd00:0::7]', 'a']
  const names = ['my-service', 'my_service.default.svc.cluster.local', '10.96.0.7', 'fd00::7', 'a']
  t.strictSame(names.map(whyUnreachable), names.map(() => undefined))
  const publicName = async (args: readonly string[], env = {}) => (await configFromArgv(args, env)).publicName
  t.strictSame(await publicName(given.flatMap(name => ['--public-name', name])), names)
  t.strictSame(await publicName([], { AZRUN_PUBLIC_NAME: 'One, two' }), ['one', 'two'])
  t.strictSame(await publicName([]), [])
})

t.test('refuses an address with a zone, which no URL can have', async t => {
  const why = 'has a zone, which no URL can have: give an address without one, such as :: for all addresses'
  for (const host of ['::1%lo', '[FE80::1%eth0]', '::1%25lo']) {
    t.notOk(URL.canParse(`http://[${canonicalHost(host)}]`))
    await t.rejects(configFromArgv(['--host', host], {}), { message: `--host ${canonicalHost(host)} ${why}` })
  }
  await t.rejects(configFromArgv([], { AZRUN_HOST: '::1%lo' }), { message: `AZRUN_HOST ::1%lo ${why}` })
  await t.rejects(configFromArgv(['--public-name', '::1%lo'], {}), UsageError)
})

t.test('only addresses of this machine are loopback', async t => {
  for (const host of ['LOCALHOST', '127.1', '127.255.255.254', '::1', '[::1]', '::ffff:127.0.0.1', '2130706433']) {
    t.ok(isLoopback(canonicalHost(host)), host)
  }
  const others = ['0', '0.0.0.0', '::', '::ffff:0.0.0.0', '10.1', '128.0.0.1', '0127.0.0.1', '127.0.0.1.example.com', '127.999.1.1',
    '127.16777216', 'localhost.example.com', 'xlocalhost', '[localhost', '::127.0.0.1', '64:ff9b::7f00:1', '::1%eth0', '::2']
  for (const host of others) t.notOk(isLoopback(canonicalHost(host)), host)
})
