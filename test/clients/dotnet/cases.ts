import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { commandOf, type Client } from '../client.js'
import { testNamedLogins } from '../named/logins.js'
import { testNamedScenarios } from '../named/seen.js'

const LIBRARIES = fileURLToPath(new URL('node_modules/@azure/mcp-linux-x64/dist/azmcp.deps.json', import.meta.url))

/** The timeout of all named scenarios together, in seconds. */
const TIMEOUT = '120'

export async function cases (t: Test, client: Client): Promise<void> {
  t.test('has these versions of .NET and of Azure\'s SDK', async t => {
    const names = Object.keys(JSON.parse(readFileSync(LIBRARIES, 'utf8')).libraries)
    const wanted = [
      'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/9.0.7', 'Azure.Core/1.47.3', 'Azure.Identity/1.15.0',
      'Azure.ResourceManager/1.13.2', 'Azure.ResourceManager.Compute/1.11.0'
    ]
    t.strictSame(wanted.filter(name => !names.includes(name)), [])
  })

  t.test('each named scenario has the result of the table', async t => {
    await testNamedScenarios(t, 'dotnet', commandOf(client, ['named', '--timeout', TIMEOUT]))
  })

  t.test('each named scenario of logins has the result of the table', async t => {
    await testNamedLogins(t, 'dotnet-identity', (url, name) => commandOf(client, ['named', '--login', url, name]))
  })
}
