import { readFileSync } from 'node:fs'
import t from 'tap'
import { VirtualClock } from '../../../../src/time/virtual-clock.js'
import { RECORDINGS, skipRecordings } from '../../../harness/azure-data.js'
import { AUTHORIZATION, build } from '../../../harness/emulator.js'

interface Exchange {
  readonly request: { readonly method: string, readonly path: string, readonly body: string | null }
  readonly response: { readonly status: number, readonly headers: Headers, readonly body: string }
}

type Headers = Readonly<Record<string, string>>

/** Headers whose values differ each time, and headers that recorders drop. */
const NOT_COMPARED = /^(?:date|server|connection|x-msedge-ref|x-ms-(?:correlation-|routing-)?request-id)$/

/** Replaces ids, times, signatures and the numbers of quotas, which count down only on Azure. */
function normalized (text: string): string {
  return text
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'GUID')
    .replaceAll(/(Time": "\d{4}-\d\d-\d\dT)[^"]*(\+00:00")/g, '$1$2').replaceAll(/\d{4}-\d\d-\d\dT/g, 'DAYT')
    .replaceAll(/([&?](?:t|c|s|h)=)[^&]*/g, '$1')
    .replaceAll(/;\d+/g, ';N')
    .replaceAll(/^https?:\/\/[^/]+/g, '')
}

function headersOf (headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), `${value}`] as const)
    .filter(([name]) => !NOT_COMPARED.test(name))
    .map(([name, value]) => [name, name.includes('remaining-subscription') ? 'N' : normalized(value)])
    .sort(([one], [other]) => one! < other! ? -1 : 1))
}

const REPLAYS = [
  { file: 'azcli_managed_vm_2024-07-01_test_run_command_v2.json', without: ['x-ms-ratelimit-remaining-subscription-reads'] },
  { file: 'net_managed_vm_windows_2021-11-01_TestVMRunCommandOperations.json', without: [] }
]

for (const { file, without } of REPLAYS) {
  t.test(`${file}: responses have the recorded status, headers, body and length`, { skip: skipRecordings }, async t => {
    const { exchanges } = JSON.parse(readFileSync(new URL(file, RECORDINGS), 'utf8')) as { exchanges: Exchange[] }
    const windows = file.includes('windows')
    const [first] = exchanges.filter(({ request: { path } }) => path.includes('/virtualMachines/'))
    const [, , subscriptionId, , resourceGroup, , , , name] = first!.request.path.replace(/^https:\/\/[^/]+/, '').split('/')
    const location = windows ? 'southeastasia' : 'westus'
    const clock = new VirtualClock()
    const emulator = await build(t, {
      logLevel: 'silent',
      // As on Azure, each operation is polled while it is in progress.
      delay: 1000,
      clock,
      pace: 'azure',
      fixtures: [{
        name: 'recorded',
        result: windows
          ? { stdout: 'Hello World!\r\n' }
          : { exitCode: 127, stderr: '/var/lib/waagent/run-command-handler/download/cmd-000003/0/script.sh: line 1: Write-Host: command not found\n' }
      }],
      virtualMachines: [{ subscriptionId: subscriptionId!, resourceGroup: resourceGroup!, name: name!, location, osType: windows ? 'Windows' : 'Linux' }]
    })
    let urls: Record<string, string> = {}
    for (const [index, { request: { method, path, body }, response: recorded }] of exchanges.entries()) {
      const isPoll = path.includes('/operations/')
      const isResult = path.includes('monitor=true')
      const url = isPoll ? urls[isResult ? 'location' : 'azure-asyncoperation']! : path.replace(/^https?:\/\/[^/]+/, '')
      const send = async () => await emulator.app.inject({
        method: method as 'GET', url: url.replace(/^https?:\/\/[^/]+/, ''), headers: { ...AUTHORIZATION, ...body !== null && { 'content-type': 'application/json' } }, ...body !== null && { body }
      })
      if (isPoll && !recorded.body.includes('"InProgress"')) await clock.advance(1000)
      const response = await send()
      if (path.toLowerCase().includes('/resourcegroups/') && !path.includes('/providers/')) continue
      const what = `${index}: ${method} ${path.slice(-60)}`
      if (!isPoll && 'azure-asyncoperation' in response.headers) urls = response.headers as Record<string, string>
      t.equal(response.statusCode, recorded.status, what)
      t.equal(normalized(response.body), normalized(recorded.body), what)
      const { 'content-length': length, ...headers } = headersOf(recorded.headers)
      const { 'content-length': own, ...ours } = headersOf(response.headers)
      for (const name of without) delete ours[name]
      t.same(ours, headers, what)
      // The length of an operation's times varies.
      if (!isPoll && !response.body.includes('startTime')) t.equal(own, length, what)
    }
  })
}
