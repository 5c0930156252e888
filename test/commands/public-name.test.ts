import { join } from 'node:path'
import t from 'tap'
import { azrun, serving } from '../harness/azrun.js'
import { resolving } from '../harness/resolve.js'
import { connect, runShellScript } from '../sdk/connect.js'

const NETWORK = resolving('my-service', '127.0.0.2')
const call = { method: 'runCommand', args: ['rg', 'vm', runShellScript('id')] } as const

t.test('env, healthcheck and clients in another container reach azrun by its service name', async t => {
  const dir = t.testdir({ server: {}, client: {} })
  const args = ['--host', '127.0.0.2', '--public-name', 'my-service']
  const { port } = await serving(t, join(dir, 'server'), args)
  const client = { ...NETWORK, HOME: join(dir, 'client'), AZRUN_HOST: 'my-service', AZRUN_PORT: `${port}` }
  t.strictSame(await azrun(t, ['healthcheck'], client), { code: 0, stdout: '', stderr: '' })
  const { code, stdout, stderr } = await azrun(t, ['env', '--format', 'json'], client)
  t.strictSame({ code, stderr }, { code: 0, stderr: '' })
  const { NODE_EXTRA_CA_CERTS, ...variables } = JSON.parse(stdout)
  t.match(variables, { AZRUN_URL: `https://my-service:${port}`, HTTPS_PROXY: `http://my-service:${port}`, NO_PROXY: /my-service/ })

  const run = connect(t, '@azure/arm-compute', NODE_EXTRA_CA_CERTS, {
    ...NETWORK, HTTPS_PROXY: variables.HTTPS_PROXY, NO_PROXY: variables.NO_PROXY
  })
  for (const url of [variables.AZRUN_URL, 'https://management.azure.com']) {
    t.match(await run({ url }, call), { result: { value: [{ code: 'ProvisioningState/succeeded' }] } }, url)
  }
})

t.test('healthcheck suggests --public-name if azrun refuses its host name', async t => {
  const { port } = await serving(t, t.testdir(), ['--host', '127.0.0.2'])
  const { code, stderr } = await azrun(t, ['healthcheck', '--host', 'my-service', '--port', `${port}`], NETWORK)
  t.equal(code, 1)
  t.equal(stderr, `azrun: azrun refuses requests whose Host header is 'my-service:${port}': accepted hosts are localhost, ` +
    "IP addresses, this machine's name, --host and --public-name; if this is azrun's name, start azrun with " +
    '--public-name my-service.\n')
})
