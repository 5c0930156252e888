import t from 'tap'
import { AppendBlob } from '../../src/transfers/append-blob.js'
import { TransferError } from '../../src/transfers/transfer.js'
import { options, read, serve, type Received } from '../harness/loopback-server.js'

const SAS = 'sv=2021-12-02&sr=b&sig=a%2Bb%2F%3d'

t.test('creates a blob and appends blocks of at most 4 MiB, with the signature unchanged', async t => {
  const received: Received[] = []
  const host = await serve(t, async (request, response) => {
    received.push(await read(request))
    response.writeHead(201).end()
  })
  const blob = await AppendBlob.create(`http://${host}/account/c/out?${SAS}`, options(host))
  t.equal(received.length, 1)
  t.match(received[0], {
    method: 'PUT',
    url: `/account/c/out?${SAS}`,
    headers: { 'x-ms-blob-type': 'AppendBlob', 'x-ms-version': '2021-12-02', 'content-length': '0' }
  })
  await blob.append(Buffer.alloc(0))
  t.equal(received.length, 1, 'an empty append sends nothing')
  await blob.append(Buffer.alloc(4 * 2 ** 20 + 1, 'a'))
  await blob.append(Buffer.from('b'))
  t.same(received.slice(1).map(({ method, url, body }) => [method, url, body.length]),
    [4 * 2 ** 20, 1, 1].map(length => ['PUT', `/account/c/out?${SAS}&comp=appendblock`, length]))
  t.equal(received[1]!.headers['x-ms-blob-type'], undefined)
})

t.test('appends to a blob whose URI has no query', async t => {
  const urls: unknown[] = []
  const host = await serve(t, async (request, response) => {
    urls.push(request.url)
    request.resume()
    response.writeHead(201).end()
  })
  await (await AppendBlob.create(`http://${host}/c/out`, options(host))).append(Buffer.from('a'))
  t.same(urls, ['/c/out', '/c/out?comp=appendblock'])
})

for (const [status, code] of [[403, 'AuthenticationFailed'], [404, 'ContainerNotFound'], [409, 'InvalidBlobType']] as const) {
  t.test(`reports the refusal ${code} without the signature`, async t => {
    let isCreated = false
    const host = await serve(t, async (request, response) => {
      await read(request)
      if (!isCreated) response.setHeader('x-ms-error-code', code)
      response.writeHead(isCreated ? 201 : status).end(`<Error><Code>${code}</Code>${request.url}</Error>`)
    })
    const uri = `http://${host}/c/out?${SAS}`
    const message = `http://${host}/c/out: unexpected status code: actual=${status} expected=201 (${code})`
    const error = await AppendBlob.create(uri, options(host)).catch((error: unknown) => error)
    t.strictSame(error, new TransferError('Refused', message, status))
    t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), 'a%2Bb')
    isCreated = true
    const blob = await AppendBlob.create(uri, options(host))
    isCreated = false
    await t.rejects(blob.append(Buffer.from('a')), { code: 'Refused', status, message })
  })
}

t.test('does not follow redirects', async t => {
  const host = await serve(t, (request, response) => {
    request.resume()
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  await t.rejects(AppendBlob.create(`http://${host}/c/out`, options(host)), { code: 'Refused', status: 307 })
})

t.test('refuses a host that is not allowed, and has a timeout', async t => {
  const host = await serve(t, () => {})
  await t.rejects(AppendBlob.create(`http://${host}/c/out?${SAS}`, options()), { code: 'HostNotAllowed' })
  await t.rejects(AppendBlob.create('file:///tmp/out', options(host)), { code: 'InvalidUri' })
  await t.rejects(AppendBlob.create(`http://${host}/c/out?${SAS}`, { ...options(host), timeout: 50 }),
    { code: 'TimedOut', message: `http://${host}/c/out: no complete response within 50 ms` })
})
