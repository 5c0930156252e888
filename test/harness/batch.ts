import { readdirSync } from 'node:fs'
import type { Test } from 'tap'

const TEST = new URL('../', import.meta.url)

/** The rooms whose tests share a process. `.taprc` leaves them out. */
const ROOMS = [
  'executors', 'guest', 'contract', 'admin', 'arm', 'conformance', 'core', 'entra', 'environment', 'files', 'findings', 'http',
  'identity', 'kit', 'listener', 'logging', 'options', 'scenarios', 'journal', 'rules', 'reports', 'stores', 'transfers',
  'validation'
]

/**
 * What starts processes or waits for sockets and files, in a process of its own: one that has become large takes many
 * times as long to start another. What starts most comes first.
 */
const PROCESSES = [
  'arm/handlers/managed-', 'contract/executor', 'environment/', 'executors/', 'guest/', 'listener/', 'logging/', 'options/'
]

/** One measures its memory, one opens 10,000 connections, two need a browser, one sees what is loaded when. */
const ALONE = [
  'arm/large-bodies.test.ts', 'listener/many-connections.test.ts', 'admin/browser.test.ts', 'admin/live-page.test.ts',
  'admin/plugin.test.ts'
]

const rooms = ROOMS.flatMap(room => testFiles(`${room}/`)).filter(file => !ALONE.includes(file))

/** The files in test/ that load others, and which those are. */
export const BATCHES = {
  'batch.ts': rooms.filter(file => !startsProcesses(file)),
  'batch-processes.ts': rooms.filter(startsProcesses),
  'batch-commands.ts': testFiles('commands/')
}

/** Every test file, by its path in test/. */
export function testFiles (folder = ''): string[] {
  return readdirSync(new URL(folder, TEST), { recursive: true, encoding: 'utf8' }).sort()
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map(name => `${folder}${name}`)
}

/** Loads the files of a batch in a test of its own, so that the tests of the first do not run while others load. */
export function loadBatch (t: Test, batch: keyof typeof BATCHES): void {
  t.test('every file loads', async () => {
    for (const file of BATCHES[batch]) await import(new URL(file, TEST).href)
  })
}

function startsProcesses (file: string): boolean {
  return PROCESSES.some(each => file.startsWith(each))
}
