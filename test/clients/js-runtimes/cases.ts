import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { bareEnvironment, commandOf, run, type Client } from '../client.js'
import { startForClient } from '../own-azrun.js'

const fileOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What azrun does in the process of each runtime. */
const IN_PROCESS: Readonly<Record<string, { does: string, prints: object }>> = {
  'js-runtimes/bun': {
    does: 'says why it cannot listen in this process, and what to do',
    prints: { name: 'UsageError', message: /^azrun cannot listen in Bun [\d.]+, .+: .*azrun exec -- bun test/ }
  },
  'js-runtimes/deno': {
    does: 'starts azrun in this process',
    prints: { refused: 'Conflict', value: [{ message: /hello/ }] }
  }
}

/** Deno looks for newer versions of itself. */
const QUIET = { DENO_NO_UPDATE_CHECK: '1' }

/** Runs programs for Node.js in another runtime. */
export async function cases (t: Test, client: Client): Promise<void> {
  t.test('a program for Azure runs unchanged', async t => {
    const { env } = await startForClient(t)
    const { stdout, stderr } = await run(commandOf(client, [fileOf('index.js')]), { ...env, ...QUIET })
    t.match(stdout, /\\nhello Zoë\\n/, { stderr })
  })

  const { does, prints } = IN_PROCESS[client.name]!
  t.test(`azrun/test ${does}`, async t => {
    const env = { ...bareEnvironment(t.testdir()), ...QUIET }
    const { stdout, stderr } = await run(commandOf(client, [fileOf('in-process.js')]), env)
    t.match(JSON.parse(stdout), prints, { stderr })
  })
}
