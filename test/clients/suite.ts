import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readClients, readLock, type Client } from './client.js'
import { contract } from './contract.js'
import { explicit } from './explicit.js'
import { hasKit, kit } from './kit.js'
import { machines } from './machines.js'
import { pace } from './pace.js'

const clients = readClients()
// Clients mostly wait, Java a second for each operation.
t.jobs = 4

for (const client of clients) {
  t.test(client.title, { buffered: true }, async t => {
    t.test('has the versions of its lock file', async t => {
      const lock = readLock(client)
      for (const [name, version] of Object.entries(client.versions)) {
        t.match(lock, new RegExp(`${name}\\W.{0,40}?\\b${version.replaceAll('.', '\\.')}\\b`, 's'))
      }
    })
    if (client.machines !== undefined) {
      t.test('manages machines, scale sets and managed run commands', async t => { await machines(t, client) })
    }
    if (runsTheAction(client)) {
      t.test('runs unchanged with azrun exec, written for the public cloud', async t => { await contract(t, client) })
      t.test('runs with the endpoint and the authority in the program', async t => { await explicit(t, client) })
    }
    if (client.only === 'machines') return
    if (hasKit(client)) t.test('runs the tests of its page in docs', async t => { await kit(t, client) })
    if (hasOwnCases(client)) {
      const { cases } = await import(`./${client.group}/cases.js`)
      t.test('passes its own cases', async t => { await cases(t, client) })
    }
  })
}

// The clients run alone, because others would slow them down.
for (const client of clients.filter(runsTheAction)) {
  t.test(`the pace of ${client.title}`, async t => { await pace(t, client) })
}

function runsTheAction ({ only }: Client): boolean {
  return only === undefined
}

function hasOwnCases ({ group }: Client): boolean {
  return existsSync(fileURLToPath(new URL(`${group}/cases.ts`, import.meta.url)))
}
