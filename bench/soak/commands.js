import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { SUBSCRIPTION } from '../requests.js'

const MACHINES = 12
const POLL_INTERVAL = 20

/** Scripts, and the text that their results must contain. */
const SCRIPTS = [
  { lines: ['echo hello $arg1'], output: '[stdout]\nhello one\n' },
  { lines: ['echo failing >&2', 'exit 3'], output: '[stderr]\nfailing\n' },
  { lines: ['sleep 0.1; pwd >/dev/null; echo slept'], output: '[stdout]\nslept\n' },
  { lines: ['head -c 300000 /dev/zero | tr "\\0" x; echo end'], output: 'xend\n' },
  { lines: ['sleep 60 & echo background'], output: 'background\n' },
  { lines: ['setsid sleep 60 & echo session'], output: 'session\n' },
  { lines: ['mkdir -p a/b/c; ln -s / link; echo files'], output: 'files\n' },
  { lines: ['#!/usr/bin/env perl', 'print "perl\\n";'], output: 'perl\n' }
]

/** Runs scripts on several machines and polls each operation to its end, over HTTP and over TLS. */
export async function runCommands ({ target, until, counts, problems }) {
  const ca = readFileSync(target.ready.caFile)
  const dispatcher = new Agent({ connect: { ca }, pipelining: 1, connections: MACHINES })
  try {
    await Promise.all(Array.from({ length: MACHINES }, async (_, machine) => {
      const base = machine % 2 === 0 ? target.ready.httpUrl : target.ready.url
      for (let count = machine; Date.now() < until && target.isAlive; count++) {
        const problem = await runOne({ base, dispatcher, machine, script: SCRIPTS[count % SCRIPTS.length] })
          .catch(error => error.message)
        counts.commands++
        if (problem !== undefined) problems.push(`a command: ${problem}`)
        await sleep(30)
      }
    }))
  } finally {
    await dispatcher.destroy()
  }
}

async function runOne ({ base, dispatcher, machine, script }) {
  const headers = { authorization: 'Bearer a-token', 'content-type': 'application/json' }
  const action = `${base}/subscriptions/${SUBSCRIPTION}/resourceGroups/soak/providers/Microsoft.Compute/virtualMachines/` +
    `vm${machine}/runCommand?api-version=2024-03-01`
  const body = JSON.stringify({
    commandId: 'RunShellScript',
    script: script.lines,
    parameters: script.lines[0].startsWith('#!') ? [] : [{ name: 'arg1', value: 'one' }]
  })
  const started = await request(action, { method: 'POST', headers, body, dispatcher })
  const text = await started.body.text()
  if (started.statusCode !== 202) return `the action got ${started.statusCode} ${text}`
  const { 'azure-asyncoperation': operation, location } = started.headers
  let status
  do {
    await sleep(POLL_INTERVAL)
    const poll = await request(operation, { headers, dispatcher })
    status = (await poll.body.json()).status
  } while (status === 'InProgress')
  const result = await request(location, { headers, dispatcher })
  const { value } = await result.body.json()
  return value?.[0].message.includes(script.output) ? undefined : `${script.lines} got ${JSON.stringify(value)}`
}
