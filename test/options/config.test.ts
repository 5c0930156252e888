import { join, resolve } from 'node:path'
import t from 'tap'
import type { Config, Options } from '../../src/options/options.js'
import { configFromArgv } from '../harness/config.js'

const dir = t.testdir({
  'all.json': '\uFEFF{ "$schema": "x", "port": 1, "delay": 1, "respond": "immediate", "strict": true, "logLevel": "warn" }',
  'other.json': '// Comments and trailing commas are fine.\n{ "port": 2, /* as here */ }',
  'paths.json': '{ "dataDir": "data", "readyFile": "../ready", "fixtures": "/fixtures", "cert": "c.pem", "key": "./k.pem" }'
})
const file = (...names: string[]) => join(dir, ...names)

t.test('applies defaults, then the file, then the environment, then the flags', async t => {
  const of = async (argv: string[], env: NodeJS.ProcessEnv) => {
    const { port, delay, respond, pace, strict } = await configFromArgv(argv, env)
    return { port, delay, respond, pace, strict }
  }
  const defaults = { port: 10900, delay: 0, respond: 'async', pace: 'fast', strict: false }
  t.strictSame(await of([], {}), defaults)
  const config = ['--config', file('all.json')]
  const fromFile = { ...defaults, port: 1, delay: 1, respond: 'immediate', strict: true }
  t.strictSame(await of(config, {}), fromFile)
  const env = { AZRUN_PORT: '3', AZRUN_RESPOND: 'async', AZRUN_STRICT: 'false' }
  t.strictSame(await of(config, env), { ...fromFile, port: 3, respond: 'async', strict: false })
  t.strictSame(await of([...config, '--port', '4', '--pace=azure', '--strict'], env),
    { port: 4, delay: 1, respond: 'async', pace: 'azure', strict: true })
})

t.test('--config has precedence over AZRUN_CONFIG', async t => {
  t.equal((await configFromArgv([], { AZRUN_CONFIG: file('other.json') })).port, 2)
  t.equal((await configFromArgv(['--config', file('all.json')], { AZRUN_CONFIG: file('other.json') })).port, 1)
})

t.test('treats an empty variable as unset', async t => {
  const names = ['CONFIG', 'PORT', 'HOST', 'STRICT', 'FIXTURES', 'LOG_LEVEL', 'CERT']
  const env = Object.fromEntries(names.map(name => [`AZRUN_${name}`, '']))
  t.strictSame(valuesOf(await configFromArgv([], env)), valuesOf(await configFromArgv([], {})))
})

t.test('a variable separates the values of a list by commas, and switches an option by 1 and 0', async t => {
  const { allowHost } = await configFromArgv([], { AZRUN_ALLOW_HOST: 'one.example, two.example:8080' })
  t.strictSame(allowHost, ['one.example', 'two.example:8080'])
  t.equal((await configFromArgv([], { AZRUN_STRICT: '1' })).strict, true)
  t.equal((await configFromArgv(['--config', file('all.json')], { AZRUN_STRICT: '0' })).strict, false)
})

t.test('resolves paths in a file against its directory, and keeps other paths relative', async t => {
  const { dataDir, readyFile, fixtures, cert, key } = await configFromArgv(['--config', file('paths.json')], {})
  t.strictSame({ dataDir, readyFile, fixtures, cert, key }, {
    dataDir: file('data'),
    readyFile: resolve(dir, '..', 'ready'),
    fixtures: '/fixtures',
    cert: file('c.pem'),
    key: file('k.pem')
  })
  t.equal((await configFromArgv(['--fixtures', 'mine'], {})).fixtures, 'mine')
})

t.test('the configuration contains only options and is frozen', async t => {
  const config = await configFromArgv(['--config', file('all.json')], {})
  t.notOk('$schema' in config)
  t.ok(Object.isFrozen(config))
})

t.test('other machines can run scripts only with --allow-remote-execution', async t => {
  const { host } = await configFromArgv(['--executor=shell', '--host=0.0.0.0', '--allow-remote-execution'], {})
  t.equal(host, '0.0.0.0')
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
    t.equal((await configFromArgv(['--executor', 'shell', '--host', host], {})).host, host)
  }
  for (const host of ['127.0.0.1.example.com', '10.0.0.1', '::', '::ffff:0.0.0.0', 'example.com']) {
    await t.rejects(configFromArgv(['--executor', 'shell', '--host', host], {}), { message: '--allow-remote-execution' }, host)
  }
})

t.test('messages name an option by the way it was set, and an unset one by its flag', async t => {
  const env = { AZRUN_CERT: 'c.pem', AZRUN_KEY: 'k.pem' }
  const { nameOf } = await configFromArgv(['--config', file('all.json'), '--key', 'mine.pem'], env)
  t.strictSame(nameOf('delay'), { subject: `${file('all.json')}:1:39: 'delay'`, text: `'delay' of ${file('all.json')}` })
  t.strictSame(nameOf('cert'), { subject: 'AZRUN_CERT', text: 'AZRUN_CERT' })
  t.strictSame(nameOf('key'), { subject: '--key', text: '--key' })
  t.strictSame(nameOf('logLevel').text, `'logLevel' of ${file('all.json')}`)
  t.strictSame(nameOf('allowRemoteExecution').text, '--allow-remote-execution')
})

function valuesOf ({ nameOf, ...values }: Config): Options {
  return values
}
