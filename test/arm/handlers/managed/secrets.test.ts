import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { build } from '../../../harness/emulator.js'
import { read as receive, serve } from '../../../harness/loopback-server.js'
import { ended, managed, properties as propertiesOf } from '../../../harness/managed.js'

const SECRET = 'hunter2-do-not-show'

t.test('protected values reach the script, but no response, journal, log or state', async t => {
  let logged = ''
  const log = new Writable({ write (chunk, _encoding, done) { logged += chunk; done() } })
  const requests: string[] = []
  const authority = await serve(t, async (request, response) => {
    const { url, method } = await receive(request)
    requests.push(`${method} ${url}`)
    response.writeHead(method === 'PUT' ? 201 : 200).end('[ "$PASSWORD" = hunter2-do-not-show ] && echo known; echo also >&2')
  })
  const emulator = await build(t, { executor: 'shell', allowHost: [authority], logger: pino({ level: 'trace' }, log) })
  const uri = (name: string) => `http://${authority}/c/${name}?sv=2022&sig=${SECRET}`
  const sent = {
    source: { scriptUri: uri('script.sh') },
    protectedParameters: [{ name: 'PASSWORD', value: SECRET }],
    runAsPassword: SECRET,
    outputBlobUri: uri('out'),
    errorBlobUri: uri('err')
  }
  const created = await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: sent })
  await ended(emulator, created)
  const read = await propertiesOf(emulator)
  t.match(read.instanceView, { exitCode: 0, output: 'known\n' })
  t.same(read.source, {})
  t.match(requests.join('\n'), `sig=${SECRET}&comp=appendblock`)
  const wrong = [
    { protectedParameters: SECRET }, { protectedParameters: [SECRET] }, { protectedParameters: [{ name: 'a', value: [SECRET] }] },
    { protectedParameters: [{ name: 'a', value: SECRET, more: 1 }] }, { ...sent, timeoutInSeconds: 'soon' }, { ...sent, timeoutInSeconds: -1 }
  ]
  for (const properties of wrong) {
    const { statusCode, body } = await managed(emulator, 'PUT', { name: 'wrong' }, { location: 'westus', properties })
    t.equal(statusCode, 400)
    t.notMatch(body, SECRET)
  }
  await managed(emulator, 'PUT', { name: 'wrong' }, `{'location':'westus','properties':{'runAsPassword':'${SECRET}'}}`)
  const { body: state } = await emulator.app.inject('/_emulator/state')
  const { body: journal } = await emulator.app.inject('/_emulator/requests')
  const { body: page } = await emulator.app.inject('/_emulator/')
  const all = { created: created.body, read: JSON.stringify(read), state, journal, page, logged }
  for (const [where, text] of Object.entries(all)) {
    t.ok(text.length > 0, where)
    t.notMatch(text, SECRET, where)
  }
  const { value } = JSON.parse(journal)
  t.match(value[0].request.body, /"protectedParameters":\[\{"name":"PASSWORD","value":"<redacted>"\}\]/)
  t.same(value[0].findings, [], 'a redacted value is no mistake')
})

t.test('a public URI is returned, and not downloaded if its host is not allowed', async t => {
  const emulator = await build(t, { executor: 'shell', logLevel: 'silent' })
  const scriptUri = 'https://example.test/script.sh'
  const created = await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: { source: { scriptUri } } })
  t.same(created.json().properties.source, { scriptUri })
  t.match(await ended(emulator, created), { status: 'Succeeded' })
  t.match((await propertiesOf(emulator)).instanceView, {
    exitCode: -100,
    executionState: 'Failed',
    executionMessage:
      /^Execution failed: File downloads failed\. .*example\.test\/script\.sh'.*: azrun does not connect to /
  })
})

t.test('a blob that cannot be created fails the script, but a failed append is only logged', async t => {
  let logged = ''
  const log = new Writable({ write (chunk, _encoding, done) { logged += chunk; done() } })
  let creations = 201
  const authority = await serve(t, async (request, response) => {
    const { url } = await receive(request)
    response.writeHead(url!.includes('comp=appendblock') ? 403 : creations).end()
  })
  const emulator = await build(t, { executor: 'shell', logger: pino({ level: 'warn' }, log), allowHost: [authority] })
  const run = async (script: string) => {
    const body = { location: 'westus', properties: { source: { script }, outputBlobUri: `http://${authority}/c/out?sig=${SECRET}` } }
    await ended(emulator, await managed(emulator, 'PUT', { name: 'cmd' }, body))
    return (await propertiesOf(emulator)).instanceView
  }
  t.match(await run('echo 1'), { exitCode: 0, output: '1\n' })
  t.match(JSON.parse(logged).msg, new RegExp(`^an output of a run command was not written to http://${authority}/c/out: .*actual=403`))
  t.notMatch(logged, SECRET)
  creations = 403
  t.match(await run('echo 2'), { exitCode: -101, executionMessage: /^Execution failed: Error creating AppendBlob 'http:\/\/127\.0\.0\.1:\d+\/c\/out' using/ })
})

t.test('passwords and signatures in URIs are redacted, however they are written', async t => {
  let logged = ''
  const log = new Writable({ write (chunk, _encoding, done) { logged += chunk; done() } })
  const emulator = await build(t, { executor: 'shell', logger: pino({ level: 'trace' }, log) })
  const uris = [
    `https://me:${SECRET}@x.test/a`, `https:me:${SECRET}@x.test/a`, `https:/me:${SECRET}@x.test/a`, `https:\\\\${SECRET}@x.test`,
    `https://me:a@${SECRET}@x.test/a`, ` HTTPS:///${SECRET}@x.test`, `https://x.test/a?%73i%67=${SECRET}`, `https://x.test/a?b&SIG=${SECRET}#c`
  ]
  for (const uri of uris) {
    for (const properties of [{ source: { scriptUri: uri } }, { source: { script: 'echo' }, outputBlobUri: uri, errorBlobUri: uri }]) {
      const created = await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties })
      await ended(emulator, created)
      const read = await propertiesOf(emulator)
      t.equal(read.instanceView.executionState, 'Failed', uri)
      t.notMatch(created.body + JSON.stringify(read), SECRET, uri)
    }
  }
  const { body: state } = await emulator.app.inject('/_emulator/state')
  const { body: requests } = await emulator.app.inject('/_emulator/requests')
  t.notMatch(state + requests + logged, SECRET)
})
