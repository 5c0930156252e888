import { execFileSync } from 'node:child_process'
import t from 'tap'
import { sampleCurl } from '../../../src/admin/pages/curl.js'
import { Machines } from '../../../src/resources/machines.js'

/** The lines that a shell prints for the command: the arguments of curl, and any output of the shell itself. */
function argumentsOf (command: string): string[] {
  const shell = `TOKEN=secret; curl () { for each; do printf '%s\\n' "$each"; done; }\n${command}`
  return execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).trimEnd().split('\n')
}

function sample (options: Partial<Parameters<typeof sampleCurl>[0]> = {}, name = 'vm') {
  const vm = new Machines().virtualMachines.declare({ subscriptionId: 's', resourceGroup: 'rg', name })
  return sampleCurl({ vm, authority: '127.0.0.1:10900', runsScripts: true, needsToken: false, ...options })
}

t.test('the sample is one curl command', async t => {
  t.strictSame(argumentsOf(sample()), [
    '-H', 'Authorization: Bearer any',
    '-H', 'Content-Type: application/json', '-H', 'Prefer: wait=10',
    '-d', '{"commandId":"RunShellScript","script":["echo \\"hello from $(uname -n)\\""]}',
    'http://127.0.0.1:10900/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm' +
      '/runCommand?api-version=2024-03-01'
  ])
})

t.test('the sample has no script if azrun runs none, so that a fixture matches', async t => {
  t.ok(argumentsOf(sample({ runsScripts: false })).includes('{"commandId":"RunShellScript"}'))
})

t.test('the sample for a Windows machine runs PowerShell', async t => {
  const vm = new Machines().virtualMachines.declare({ subscriptionId: 's', resourceGroup: 'rg', name: 'vm', osType: 'Windows' })
  t.match(argumentsOf(sample({ vm }))[7], '{"commandId":"RunPowerShellScript","script":["Write-Output')
})

t.test('the sample takes a required token from the variable TOKEN', async t => {
  t.equal(argumentsOf(sample({ needsToken: true }))[1], 'Authorization: Bearer secret')
})

t.test('the sample quotes shell syntax in the names of the host and the machine', async t => {
  const hostile = "$(echo run)`echo run`';echo run;'\"!"
  for (const command of [sample({ authority: `${hostile}.localhost:1` }), sample({}, hostile)]) {
    const [url, ...others] = argumentsOf(command).slice(8)
    t.match(url, 'http://')
    t.strictSame(others, [])
  }
})
