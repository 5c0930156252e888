import { join, resolve } from 'node:path'
import t from 'tap'
import { UsageError } from '../../src/index.js'
import { configFromArgv } from '../../src/options/command-line.js'
import { SUBSCRIPTION } from '../harness/emulator.js'

const dir = t.testdir({
  'all.json': '\uFEFF{ "$schema": "x", "port": 1, "delay": 1, "respond": "immediate", "strict": true, "logLevel": "warn" }',
  'other.json': '{ "port": 2 }',
  'paths.json': '{ "dataDir": "data", "readyFile": "../ready", "fixtures": "/fixtures", "cert": "c.pem", "key": "./k.pem" }',
  'nested.json': JSON.stringify({ virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', nam: 'vm' }] }),
  'missing.json': JSON.stringify({ virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }] }),
  'location.json': JSON.stringify({
    virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', location: 'west/us' }]
  }),
  'names.json': JSON.stringify({ virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: '..' }] }),
  'groups.json': JSON.stringify({ virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'r g', name: 'vm' }] }),
  'guid.json': JSON.stringify({ subscriptions: [{ subscriptionId: 'mine' }] }),
  'kind.json': '{ "strict": "yes" }',
  'null.json': 'null',
  'list.json': '{ "virtualMachines": {} }',
  'proto.json': '{ "__proto__": { "port": 1 } }'
})
const file = (...names: string[]) => join(dir, ...names)

t.test('applies defaults, then the file, then the environment, then the flags', async t => {
  const of = (argv: string[], env: NodeJS.ProcessEnv) => {
    const { port, delay, respond, pace, strict } = configFromArgv(argv, env)
    return { port, delay, respond, pace, strict }
  }
  const defaults = { port: 10900, delay: 0, respond: 'async', pace: 'fast', strict: false }
  t.strictSame(of([], {}), defaults)
  const config = ['--config', file('all.json')]
  const fromFile = { ...defaults, port: 1, delay: 1, respond: 'immediate', strict: true }
  t.strictSame(of(config, {}), fromFile)
  const env = { AZRUN_PORT: '3', AZRUN_RESPOND: 'async', AZRUN_STRICT: 'false' }
  t.strictSame(of(config, env), { ...fromFile, port: 3, respond: 'async', strict: false })
  t.strictSame(of([...config, '--port', '4', '--pace=azure', '--strict'], env),
    { port: 4, delay: 1, respond: 'async', pace: 'azure', strict: true })
})

t.test('prefers the file of --config to that of AZRUN_CONFIG', async t => {
  t.equal(configFromArgv([], { AZRUN_CONFIG: file('other.json') }).port, 2)
  t.equal(configFromArgv(['--config', file('all.json')], { AZRUN_CONFIG: file('other.json') }).port, 1)
})

t.test('treats an empty variable as unset', async t => {
  const names = ['CONFIG', 'PORT', 'HOST', 'STRICT', 'FIXTURES', 'LOG_LEVEL', 'CERT']
  const env = Object.fromEntries(names.map(name => [`AZRUN_${name}`, '']))
  t.strictSame(configFromArgv([], env), configFromArgv([], {}))
})

t.test('resolves the paths in a file against its directory, and keeps other paths relative', async t => {
  const { dataDir, readyFile, fixtures, cert, key } = configFromArgv(['--config', file('paths.json')], {})
  t.strictSame({ dataDir, readyFile, fixtures, cert, key }, {
    dataDir: file('data'),
    readyFile: resolve(dir, '..', 'ready'),
    fixtures: '/fixtures',
    cert: file('c.pem'),
    key: file('k.pem')
  })
  t.equal(configFromArgv(['--fixtures', 'mine'], {}).fixtures, 'mine')
})

t.test('contains only options and cannot be changed', async t => {
  const config = configFromArgv(['--config', file('all.json')], {})
  t.notOk('$schema' in config)
  t.ok(Object.isFrozen(config))
})

t.test('lets other machines run scripts only with --allow-remote-execution', async t => {
  const { host } = configFromArgv(['--executor=shell', '--host=0.0.0.0', '--allow-remote-execution'], {})
  t.equal(host, '0.0.0.0')
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
    t.equal(configFromArgv(['--executor', 'shell', '--host', host], {}).host, host)
  }
  for (const host of ['127.0.0.1.example.com', '10.0.0.1', '::', '::ffff:0.0.0.0', 'example.com']) {
    t.throws(() => configFromArgv(['--executor', 'shell', '--host', host], {}), { message: '--allow-remote-execution' }, host)
  }
})

interface Mistake {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** What the message must say: what is wrong, the rule and the value. */
  readonly says: readonly string[]
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'an unknown short option': { args: ['-p', '1'], says: ["'-p'", 'azrun --help'] },
  'an unexpected argument': { args: ['now'], says: ["'now'", 'azrun --help'] },
  'a command after the options': { args: ['--port', '0', 'env'], says: ["'env'", 'the command comes first'] },
  'an option without its value': { args: ['--port'], says: ["'--port", 'missing'] },
  'an option whose value begins with a dash': { args: ['--delay', '-5'], says: ["'--delay", '--delay=-'] },
  'a switch with a value': { args: ['--strict=yes'], says: ["'--strict'", 'does not take'] },
  'a fraction instead of a whole number': { args: ['--delay', '0.5'], says: ['--delay must be a whole number, not "0.5"'] },
  'a number that is too large': { args: ['--port', '65536'], says: ['--port must be at most 65535, not 65536'] },
  'a number that is too small': { args: ['--delay=-1'], says: ['--delay must be at least 0, not -1'] },
  'a value that is not one of the choices': {
    args: ['--api-versions', 'all'],
    says: ['--api-versions must be one of newer, published, any, not "all"']
  },
  ...Object.fromEntries(['*.test', 'my-service:10900', 'https://my-service', 'a..b', 'a-'].map(name => [
    `the public name '${name}'`,
    { args: ['--public-name', name], says: ['must be a DNS name or an IP address, without a port and without a wildcard', name] }
  ])),
  ...Object.fromEntries(['::', '0.0.0.0', '0'].map(name => [
    `the public name '${name}'`,
    { args: ['--public-name', name], says: [`--public-name ${name} means all addresses: give a name or an address that clients connect to`] }
  ])),
  'a public name with a port that could be part of an address': {
    args: ['--public-name', 'cafe:10900'],
    says: ['--public-name cafe:10900 must be a DNS name or an IP address: give it without a port']
  },
  'an empty value': { args: ['--host', ''], says: ['--host must not be empty, not ""'] },
  'a bad number in the environment': {
    env: { AZRUN_PORT: 'tcp://10.0.0.1:80' },
    says: ['AZRUN_PORT must be a whole number, not "tcp://10.0.0.1:80"']
  },
  'a bad choice in the environment': { env: { AZRUN_LOG_LEVEL: 'all' }, says: ['AZRUN_LOG_LEVEL must be one of trace, '] },
  'a config file from the environment that does not exist': {
    env: { AZRUN_CONFIG: file('no.json') },
    says: [`AZRUN_CONFIG ${file('no.json')} cannot be read: ENOENT`]
  },
  'a config that is a directory': { args: ['--config', dir], says: [`--config ${dir} cannot be read: EISDIR`] },
  'a config that is not an object': { args: ['--config', file('null.json')], says: [`${file('null.json')} must be an object, not null`] },
  'a config with a typo in a nested object': {
    args: ['--config', file('nested.json')],
    says: [`${file('nested.json')}: 'virtualMachines/0`, "'name'"]
  },
  'a config with an invalid id': {
    args: ['--config', file('guid.json')],
    says: [`${file('guid.json')}: 'subscriptions/0/subscriptionId' must be a GUID`, 'not "mine"']
  },
  'a config with a value of the wrong type': {
    args: ['--config', file('kind.json')],
    says: [`${file('kind.json')}: 'strict' must be true or false, not "yes"`]
  },
  'a key without its certificate': { env: { AZRUN_KEY: 'k.pem' }, says: ['--key k.pem is given without --cert'] },
  'scripts from other machines, if the environment selects the shell': {
    args: ['--host', '::'],
    env: { AZRUN_EXECUTOR: 'shell' },
    says: ['--executor shell on --host ::', '--allow-remote-execution']
  },
  'a missing member': { args: ['--config', file('missing.json')], says: ["'virtualMachines/0' must have 'name'"] },
  'a machine with a name that Azure refuses': {
    args: ['--config', file('names.json')],
    says: ["'virtualMachines/0/name' must be a name of letters, digits, underscores, hyphens and periods that does not end with", 'not ".."']
  },
  'a resource group with a name that Azure refuses': {
    args: ['--config', file('groups.json')],
    says: ["'virtualMachines/0/resourceGroup' must be a name of letters, digits, underscores, hyphens, periods and parentheses that", 'not "r g"']
  },
  'a location that is not a region': {
    args: ['--config', file('location.json')],
    says: ['\'virtualMachines/0/location\' must be a region, such as westus or West US, matching ^[A-Za-z0-9 ]+$, not "west/us"']
  },
  'an object instead of a list': {
    args: ['--config', file('list.json')],
    says: [`${file('list.json')}: 'virtualMachines' must be a list, not {}`]
  },
  'a member named __proto__': { args: ['--config', file('proto.json')], says: ["'__proto__' is not a known property"] }
}

for (const [what, { args = [], env = {}, says }] of Object.entries(mistakes)) {
  t.test(`refuses ${what}`, async t => {
    const error = thrown(() => configFromArgv(args, env))
    t.ok(error instanceof UsageError)
    for (const part of says) t.ok(`${error}`.includes(part), `${error}: ${part}`)
  })
}

function thrown (call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
