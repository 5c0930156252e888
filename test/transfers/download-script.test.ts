import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { downloadScript, MAX_SCRIPT } from '../../src/transfers/download-script.js'
import { TransferError, type TransferOptions } from '../../src/transfers/transfer.js'
import { options, serve } from '../harness/loopback-server.js'

const SECRET = 'sig=c2VjcmV0'

/** The error of a download that fails, which must not contain the secret of the URI. */
async function failureOf (uri: string, given: TransferOptions): Promise<unknown> {
  const error = await downloadScript(uri, given).catch((error: unknown) => error)
  t.type(error, TransferError)
  t.notMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), 'c2VjcmV0')
  return error
}

t.test('returns the text of a script, and sends the whole query of its URI', async t => {
  const urls: unknown[] = []
  const host = await serve(t, ({ url, headers }, response) => {
    urls.push(url)
    t.equal(headers['accept-encoding'], 'identity', 'other encodings would hide the length')
    response.end('#!/bin/sh\r\necho é\n')
  })
  const path = '/a%20b/c.sh?sv=2021&sig=a%2Bb%2F%3d&x=1+2'
  t.equal(await downloadScript(`http://${host}${path}`, options(host)), '#!/bin/sh\r\necho é\n')
  t.same(urls, [path])
})

t.test('refuses a host that is not allowed', async t => {
  let requests = 0
  const host = await serve(t, (_request, response) => { requests++; response.end() })
  const port = host.split(':')[1]!
  for (const allowed of [[], ['127.0.0.1'], [`localhost:${port}`], [`127.0.0.1:1${port}`.slice(0, 15)]]) {
    t.strictSame(await failureOf(`http://${host}/?${SECRET}`, options(...allowed)),
      new TransferError('HostNotAllowed', `azrun does not connect to ${host}: use --allow-host ${host} to allow it`))
  }
  t.match(await failureOf(`https://example.com/?${SECRET}`, options(host)), { code: 'HostNotAllowed', message: /--allow-host example\.com to/ })
  t.match(await failureOf('http://2130706433/', options(host)), { code: 'HostNotAllowed', message: /127\.0\.0\.1/ })
  t.equal(requests, 0)
})

t.test('refuses anything but an http or https URI', async t => {
  const uris = ['', 'script.sh', '/etc/passwd', 'file:///etc/passwd', 'data:text/plain,echo', 'ftp://127.0.0.1/',
    'http://', `http://user:pass@127.0.0.1/?${SECRET}`, `http://user@127.0.0.1/?${SECRET}`, 'http://[::1', `javascript:${SECRET}`]
  for (const uri of uris) t.match(await failureOf(uri, options('127.0.0.1')), { code: 'InvalidUri' }, uri)
  t.match(await failureOf('http://a!b/', options('127.0.0.1')), { code: 'InvalidUri', message: 'a!b is not the name of a host' })
})

for (const [status, code] of [[404, 'BlobNotFound'], [403, 'AuthenticationFailed'], [500, undefined], [204, undefined],
  [304, undefined]] as const) {
  t.test(`reports the status ${status}`, async t => {
    const host = await serve(t, ({ url }, response) => {
      response.writeHead(status, { ...code !== undefined && { 'x-ms-error-code': code } }).end(`${url}`)
    })
    const message = `http://${host}/c/s.sh: unexpected status code: actual=${status} expected=200${code ? ` (${code})` : ''}`
    t.strictSame(await failureOf(`http://${host}/c/s.sh?${SECRET}`, options(host)), new TransferError('Refused', message, status))
  })
}

t.test('does not report a header that is not an error code', async t => {
  for (const header of [`/?${SECRET}`, `Code: ${SECRET}`, 'a'.repeat(101), '']) {
    const host = await serve(t, (_request, response) => { response.writeHead(403, { 'x-ms-error-code': header }).end() })
    t.match(await failureOf(`http://${host}/?${SECRET}`, options(host)), { message: /expected=200$/ }, header)
  }
})

t.test('accepts a script of the maximum size, and refuses a larger one', async t => {
  const host = await serve(t, ({ url }, response) => {
    const bytes = Buffer.alloc(MAX_SCRIPT + (url!.startsWith('/more') ? 1 : 0), 'a')
    if (url!.includes('chunked')) response.write(bytes.subarray(0, 1))
    response.end(url!.includes('chunked') ? bytes.subarray(1) : bytes)
  })
  for (const how of ['chunked', 'counted']) {
    t.equal((await downloadScript(`http://${host}/all-${how}`, options(host))).length, MAX_SCRIPT)
    t.match(await failureOf(`http://${host}/more-${how}?${SECRET}`, options(host)), { code: 'TooLarge', status: 200 })
  }
})

t.test('stops reading an endless response', async t => {
  const host = await serve(t, (_request, response) => {
    const more = () => { while (response.writable && response.write('a'.repeat(100_000))); }
    response.on('drain', more)
    more()
  })
  t.match(await failureOf(`http://${host}/`, options(host)), { code: 'TooLarge' })
})

t.test('follows redirects to allowed hosts only', async t => {
  const target = await serve(t, ({ url }, response) => { response.end(`echo ${url}`) })
  const host = await serve(t, ({ url }, response) => {
    const location = { '/1': `http://${target}/script?a=b`, '/2': '/1', '/3': `//${target}/x`, '/file': 'file:///etc/passwd' }[url!.split('?')[0]!]
    response.writeHead(302, { location: location ?? `${url}` }).end('x'.repeat(100))
  })
  t.equal(await downloadScript(`http://${host}/2`, options(host, target)), 'echo /script?a=b')
  t.equal(await downloadScript(`http://${host}/3`, options(host, target)), 'echo /x')
  t.match(await failureOf(`http://${host}/2?${SECRET}`, options(host)),
    { code: 'HostNotAllowed', message: `azrun does not connect to ${target}: use --allow-host ${target} to allow it` })
  t.match(await failureOf(`http://${host}/file`, options(host)), { code: 'InvalidUri' })
  t.match(await failureOf(`http://${host}/self?${SECRET}`, options(host)),
    { code: 'TooManyRedirects', message: `http://${host}/self: stopped after 10 redirects` })
})

t.test('follows every kind of redirect, ten of them, and nothing else with a location', async t => {
  const host = await serve(t, ({ url }, response) => {
    const [, status, left] = url!.split('/')
    if (left === '0') response.end('echo')
    else response.writeHead(Number(status), { location: `/${status}/${Number(left) - 1}` }).end()
  })
  for (const status of [301, 302, 303, 307, 308]) {
    t.equal(await downloadScript(`http://${host}/${status}/10`, options(host)), 'echo', `${status}`)
    t.match(await failureOf(`http://${host}/${status}/11`, options(host)), { code: 'TooManyRedirects' })
  }
  for (const status of [201, 300, 304]) t.match(await failureOf(`http://${host}/${status}/1`, options(host)), { code: 'Refused', status })
})

t.test('does not keep the connection of a response whose body it does not need', async t => {
  // Node closes the connections of responses that nothing refers to, at some time.
  const [closed, kept, { fetch }] = [[] as Promise<unknown>[], [] as Response[], globalThis]
  t.intercept(globalThis, 'fetch', {
    value: async (...given: Parameters<typeof fetch>) => {
      const response = await fetch(...given)
      kept.push(response)
      return response
    }
  })
  const host = await serve(t, ({ url, socket }, response) => {
    closed.push(new Promise(resolve => socket.once('close', resolve)))
    const endless = () => { while (response.writable && response.write('a'.repeat(100_000))); }
    response.writeHead(url === '/moved' ? 302 : 403, { location: '/refused' }).on('drain', endless)
    endless()
  })
  t.match(await failureOf(`http://${host}/moved`, options(host)), { code: 'Refused', status: 403 })
  t.equal((await Promise.all(closed)).length, kept.length)
})

for (const [what, listener] of [
  ['a response', () => {}],
  ['the rest of a response', (_request: unknown, response: { write (text: string): void }) => { response.write('echo') }]
] as const) {
  t.test(`stops waiting for ${what} at its timeout`, async t => {
    const host = await serve(t, listener)
    t.strictSame(await failureOf(`http://${host}/s?${SECRET}`, { ...options(host), timeout: 50 }),
      new TransferError('TimedOut', `http://${host}/s: no complete response within 50 ms`))
  })
}

t.test('by default has 30 seconds, after which nothing is left on the signal', async t => {
  const { download, timers } = await importWithTimers(t)
  const host = await serve(t, ({ url }, response) => {
    if (url === '/endless') timers.at(-1)!.fire()
    else response.end('echo')
  })
  const given = options(host)
  t.equal(await download(`http://${host}/`, given), 'echo')
  t.match(await download(`http://${host}/endless`, given).catch((error: unknown) => error),
    { code: 'TimedOut', message: /no complete response within 30000 ms$/ })
  t.same(timers.map(({ ms }) => ms), [30_000, 30_000])
  t.equal(getEventListeners(given.signal, 'abort').length, 0)
})

/** The download with timers that the test fires. */
async function importWithTimers (t: Test) {
  const timers: { readonly ms: number, fire (): void }[] = []
  const setTimeout = (fire: () => void, ms: number) => { timers.push({ ms, fire }) }
  const { downloadScript } = await t.mockImport<typeof import('../../src/transfers/download-script.js')>(
    '../../src/transfers/download-script.js', { 'node:timers': { setTimeout } })
  return { download: downloadScript, timers }
}

t.test('rejects with the reason of the signal', async t => {
  const reason = new Error('stop')
  await t.rejects(downloadScript('http://127.0.0.1/', { ...options('127.0.0.1'), signal: AbortSignal.abort(reason) }), reason)
  const controller = new AbortController()
  const host = await serve(t, () => controller.abort(reason))
  // Not at the timeout, which would have the same reason.
  const until = { ...options(host), signal: controller.signal, timeout: 3_600_000 }
  await t.rejects(downloadScript(`http://${host}/`, until), reason)
})

t.test('reports a host that cannot be reached, or that does not respond with HTTP', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  server.close()
  await once(server, 'close')
  t.match(await failureOf(`http://${host}/s?${SECRET}`, options(host)),
    { code: 'NotReached', message: `http://${host}/s: connect ECONNREFUSED ${host}` })
  const closing = await serve(t, ({ socket }) => { socket.end('nonsense\r\n\r\n') })
  t.match(await failureOf(`http://${closing}/?${SECRET}`, options(closing)), { code: 'NotReached' })
})
