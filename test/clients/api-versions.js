/**
 * Sends azrun a run command with the api-version of every released generation of Azure's SDKs.
 *
 *   npm run api-versions [-- npm|pypi|go|maven...]     needs dist/, which the npm script builds
 *
 * Reads the versions from the packages, which npm, pip, go and mvn fetch as they are set up: the newest package of each
 * major version, or for Java of each minor one. Prints a table. Exits with 1 if azrun refuses a version, and with 2 if
 * one cannot be read.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../../dist/index.js'
import { registries } from './released-versions.js'

const AUTHORIZATION = { authorization: 'Bearer a-token' }

process.exitCode = await main(process.argv.slice(2))

async function main (given) {
  const unknown = given.filter(each => !Object.hasOwn(registries, each))
  if (unknown.length > 0) {
    console.error(`unknown registry ${unknown.join(', ')}: the registries are ${Object.keys(registries).join(', ')}`)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'api-versions-'))
  try {
    const names = given.length > 0 ? given : Object.keys(registries)
    const releases = names.flatMap(name => registries[name](folder))
    return print(await withStatuses(releases, join(folder, 'data')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withStatuses (releases, dataDir) {
  const emulator = await startEmulator({ dataDir })
  try {
    const statuses = new Map()
    for (const { apiVersion } of releases) {
      if (apiVersion && !statuses.has(apiVersion)) statuses.set(apiVersion, await send(emulator.httpUrl, apiVersion))
    }
    return releases.map(release => ({ ...release, statuses: statuses.get(release.apiVersion) }))
  } finally {
    await emulator.close()
  }
}

/** Sends the action, and polls its operation and its result. Returns their statuses. */
async function send (url, apiVersion) {
  const machine = 'subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg' +
    '/providers/Microsoft.Compute/virtualMachines/vm'
  const accepted = await fetch(`${url}/${machine}/runCommand?api-version=${apiVersion}`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: 'RunShellScript', script: ['true'] })
  })
  if (accepted.status !== 202) return `${accepted.status} ${(await accepted.json()).error.code}`
  const links = ['azure-asyncoperation', 'location'].map(name => accepted.headers.get(name))
  const polled = []
  for (const link of links) polled.push(await fetch(link, { headers: AUTHORIZATION }))
  return [accepted, ...polled].map(({ status }) => status).join(' ')
}

function print (releases) {
  const rows = releases.map(({ name, version, apiVersion, statuses }) =>
    [name, version, apiVersion ?? (apiVersion === null ? 'no Run Command' : 'not found'), statuses ?? ''])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  if (releases.some(({ statuses }) => statuses !== undefined && statuses !== '202 200 200')) return 1
  return releases.length === 0 || releases.some(({ apiVersion }) => apiVersion === undefined) ? 2 : 0
}
