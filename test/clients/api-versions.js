/**
 * Sends azrun a run command with the api-version of every released generation of Azure's SDKs.
 *
 *   npm run api-versions [-- npm|pypi|go|maven...]     needs dist/, which the npm script builds
 *
 * The versions are read in the packages, which npm, pip, go and mvn fetch as they are set up: the newest package of
 * each major version, for Java of each minor one. Prints a table. Exits with 1 where azrun refuses a version, and with
 * 2 where one cannot be read.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator } from '../../dist/index.js'
import { registries } from './released-versions.js'

const AUTHORIZATION = { authorization: 'Bearer a-token' }

process.exitCode = await main(process.argv.slice(2))

async function main (asked) {
  const unknown = asked.filter(each => !Object.hasOwn(registries, each))
  if (unknown.length > 0) {
    console.error(`no registry is called ${unknown.join(', ')}: they are ${Object.keys(registries).join(', ')}`)
    return 2
  }
  const folder = mkdtempSync(join(tmpdir(), 'api-versions-'))
  try {
    const names = asked.length > 0 ? asked : Object.keys(registries)
    const releases = names.flatMap(name => registries[name](folder))
    return print(await withAnswers(releases, join(folder, 'data')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withAnswers (releases, dataDir) {
  const emulator = await startEmulator({ dataDir })
  try {
    const answers = new Map()
    for (const { apiVersion } of releases) {
      if (apiVersion && !answers.has(apiVersion)) answers.set(apiVersion, await send(emulator.httpUrl, apiVersion))
    }
    return releases.map(release => ({ ...release, answer: answers.get(release.apiVersion) }))
  } finally {
    await emulator.close()
  }
}

/** A whole run: the action, its operation, and the result where Location says. */
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
  const rows = releases.map(({ name, version, apiVersion, answer }) =>
    [name, version, apiVersion ?? (apiVersion === null ? 'no Run Command' : 'not found'), answer ?? ''])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column].length)))
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  if (releases.some(({ answer }) => answer !== undefined && answer !== '202 200 200')) return 1
  return releases.length === 0 || releases.some(({ apiVersion }) => apiVersion === undefined) ? 2 : 0
}
