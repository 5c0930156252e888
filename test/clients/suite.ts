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
// They wait most of the time: Java a second for each operation.
t.jobs = 4

for (const client of clients) {
  t.test(client.title, { buffered: true }, async t => {
    t.test('names the versions that its lock file has', async t => {
      const lock = readLock(client)
      for (const [name, version] of Object.entries(client.versions)) {
        t.match(lock, new RegExp(`${name}\\W.{0,40}?\\b${version.replaceAll('.', '\\.')}\\b`, 's'))
      }
    })
    if (client.machines !== undefined) {
      t.test('with machines, scale sets and managed run commands', async t => { await machines(t, client) })
    }
    if (runsTheAction(client)) {
      t.test('through azrun exec, written for the public cloud', async t => { await contract(t, client) })
      t.test('with endpoint and authority in the program', async t => { await explicit(t, client) })
    }
    if (client.only === 'machines') return
    if (hasKit(client)) t.test('in the tests of its page in docs', async t => { await kit(t, client) })
    if (hasOwnCases(client)) {
      const { cases } = await import(`./${client.group}/cases.js`)
      t.test('in the ways that are its own', async t => { await cases(t, client) })
    }
  })
}

// Alone: what runs beside it would be measured too.
for (const client of clients.filter(runsTheAction)) {
  t.test(`the pace of ${client.title}`, async t => { await pace(t, client) })
}

function runsTheAction ({ only }: Client): boolean {
  return only === undefined
}

function hasOwnCases ({ group }: Client): boolean {
  return existsSync(fileURLToPath(new URL(`${group}/cases.ts`, import.meta.url)))
}
