import t from 'tap'
import { ownVariables, unknownVariables } from '../../src/commands/mistakes.js'

t.test('ownVariables ignores variables that Kubernetes and Docker set for a service named azrun', async t => {
  const env = {
    AZRUN_SERVICE_HOST: '10.0.0.1',
    AZRUN_SERVICE_PORT: '10900',
    AZRUN_SERVICE_PORT_HTTPS: '10900',
    AZRUN_PORT: 'tcp://10.0.0.1:10900',
    AZRUN_PORT_10900_TCP: 'tcp://10.0.0.1:10900',
    AZRUN_PORT_10900_TCP_PROTO: 'tcp',
    AZRUN_PORT_10900_TCP_PORT: '10900',
    AZRUN_PORT_10900_TCP_ADDR: '10.0.0.1',
    AZRUN_WEB_SERVICE_HOST: '10.0.0.2',
    AZRUN_WEB_PORT: 'udp://10.0.0.2:53',
    AZRUN_NAME: '/web/azrun',
    AZRUN_ENV_NODE_VERSION: '22.1.0'
  }
  t.strictSame(ownVariables({ ...env, PATH: '/bin', AZRUN_HOST: '::1', AZRUN_DELAY: '' }), { AZRUN_HOST: '::1' })
  t.strictSame(ownVariables({ AZRUN_PORT: '1', AZRUN_HOST: 'tcp://10.0.0.1:80' }),
    { AZRUN_PORT: '1', AZRUN_HOST: 'tcp://10.0.0.1:80' })
})

t.test('unknownVariables accepts the variables that azrun sets', async t => {
  t.strictSame(unknownVariables({ AZRUN_URL: 'https://127.0.0.1:1', AZRUN_SCRIPT: 'x', AZRUN_CONFIG: 'y' }), [])
})
