import { readFileSync } from 'node:fs'
import type { LookupFunction } from 'node:net'
import t, { type Test } from 'tap'
import { Agent, fetch, ProxyAgent, type Dispatcher } from 'undici'
import type { EmulatorOptions, RunningEmulator } from '../../src/index.js'
import { AUTHORIZATION, runCommandUrl, start } from '../harness/emulator.js'

const ADDRESS = '127.0.0.2'
const SCRIPT = JSON.stringify({ commandId: 'RunShellScript', script: ['id'] })

/** Resolves every name to the emulator, like the name of a service in the network of a container. */
const lookup: LookupFunction = (_host, { all }, callback) =>
  all ? callback(null, [{ address: ADDRESS, family: 4 }]) : callback(null, ADDRESS, 4)

async function serve (t: Test, options: EmulatorOptions): Promise<RunningEmulator> {
  return await start(t, { host: ADDRESS, ...options })
}

/** A client that trusts the emulator's CA, and verifies the certificate's names. */
function client (t: Test, { caFile }: RunningEmulator): Agent {
  const agent = new Agent({ connect: { lookup, ca: readFileSync(caFile) } })
  t.teardown(() => agent.close())
  return agent
}

async function run (dispatcher: Dispatcher, origin: string) {
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  return await fetch(`${origin}${runCommandUrl()}`, { method: 'POST', headers, body: SCRIPT, dispatcher })
}

t.test('serves TLS clients under each public name, and returns URLs with the name that the client used', async t => {
  const emulator = await serve(t, { publicName: ['My-Service', 'azrun.default.svc'] })
  const dispatcher = client(t, emulator)
  for (const name of ['my-service', 'azrun.default.svc', 'azrun.default.svc.']) {
    const origin = `https://${name}:${emulator.port}`
    const response = await run(dispatcher, origin)
    t.equal(response.status, 202, name)
    for (const header of ['location', 'azure-asyncoperation']) {
      const url = response.headers.get(header)!
      t.equal(new URL(url).origin, new URL(origin).origin, `${header} for ${name}`)
      t.equal((await fetch(url, { headers: AUTHORIZATION, dispatcher })).status, 200)
    }
  }
})

t.test('serves plain HTTP under a public name, so that clients can get the CA', async t => {
  const emulator = await serve(t, { publicName: ['my-service'] })
  const response = await fetch(`http://my-service:${emulator.port}/_emulator/ca.pem`, { dispatcher: client(t, emulator) })
  t.equal(await response.text(), readFileSync(emulator.caFile, 'utf8'))
})

t.test("serves one of Azure's hosts, without a proxy, to clients whose network resolves it to azrun", async t => {
  const emulator = await serve(t, { publicName: ['management.azure.com'] })
  t.equal((await run(client(t, emulator), `https://management.azure.com:${emulator.port}`)).status, 202)
})

t.test('refuses another name with the remedy, and has no certificate for it', async t => {
  const emulator = await serve(t, { publicName: ['my-service'] })
  const dispatcher = client(t, emulator)
  const response = await fetch(`http://other:${emulator.port}/_emulator/health`, { dispatcher })
  t.equal(response.status, 403)
  t.match(await response.text(), "accepted hosts are localhost, IP addresses, this machine's name, --host and --public-name; " +
    "if this is azrun's name, start azrun with --public-name other")
  await t.rejects(run(dispatcher, `https://other:${emulator.port}`), { cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } })
})

t.test('as a proxy it serves its public name, but no other server under that name', async t => {
  const emulator = await serve(t, { publicName: ['my-service'] })
  const { port, httpUrl, caFile } = emulator
  const dispatcher = new ProxyAgent({ uri: httpUrl, proxyTunnel: true, requestTls: { ca: readFileSync(caFile) } })
  t.teardown(() => dispatcher.close())
  for (const origin of [`https://my-service:${port}`, 'https://my-service', `http://my-service:${port}`]) {
    const response = await run(dispatcher, origin)
    t.equal(response.status, 202, origin)
    t.equal(new URL(response.headers.get('location')!).origin, origin)
  }
  await t.rejects(run(dispatcher, `https://my-service:${port + 1}`))
  await t.rejects(run(dispatcher, 'https://other'))
})
