import t from 'tap'
import { emulatedHosts } from '../../src/core/clouds.js'

t.test("azrun is Resource Manager, Entra and Microsoft Graph of Azure's clouds, and the managed identity of a machine", async t => {
  t.strictSame([...emulatedHosts].sort(), [
    '169.254.169.254',
    'graph.chinacloudapi.cn',
    'graph.microsoft.com',
    'graph.microsoft.us',
    'graph.windows.net',
    'login.chinacloudapi.cn',
    'login.microsoft.com',
    'login.microsoftonline.com',
    'login.microsoftonline.us',
    'login.partner.microsoftonline.cn',
    'login.usgovcloudapi.net',
    'login.windows.net',
    'management.azure.com',
    'management.chinacloudapi.cn',
    'management.usgovcloudapi.net',
    'microsoftgraph.chinacloudapi.cn',
    'sts.windows.net'
  ])
})
