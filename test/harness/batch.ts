import { readdirSync } from 'node:fs'
import type { Test } from 'tap'

const TEST = new URL('../', import.meta.url)

/**
 * What starts processes or waits for sockets and files, in a process of its own: one that has become large takes many
 * times as long to start another. What starts most comes first.
 */
const PROCESSES = [
  'executors/', 'guest/', 'contract/executor', 'arm/handlers/managed-', 'environment/', 'listener/', 'logging/', 'options/',
  'check/client', 'emulator'
]

/**
 * Files that share no process; `.taprc` has those of `npm test`. One measures its memory, one opens thousands of
 * connections, two need a browser, one sees what is loaded when; the others have no emulator in their process, or wait.
 */
const ALONE = [
  'arm/large-bodies', 'listener/many-connections', 'admin/browser', 'admin/live-page', 'admin/plugin', 'check/check',
  'check/rules', 'cli.', 'code-cache', 'project/', 'sdk/named'
]

const shared = testFiles().filter(file => !isIn(ALONE, file))

/** The files in test/ that load others, and which those are. */
export const BATCHES = {
  'batch.ts': shared.filter(file => !isIn([...PROCESSES, 'commands/', 'sdk/'], file)),
  'batch-processes.ts': PROCESSES.flatMap(each => shared.filter(file => isIn([each], file))),
  'batch-commands.ts': shared.filter(file => isIn(['commands/'], file)),
  'batch-sdk.ts': shared.filter(file => isIn(['sdk/'], file))
}

/** Every test file, by its path in test/. */
export function testFiles (): string[] {
  return readdirSync(TEST, { recursive: true, encoding: 'utf8' }).sort()
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
}

/** Loads the files of a batch in a test of its own, so that the tests of the first do not run while others load. */
export function loadBatch (t: Test, batch: keyof typeof BATCHES): void {
  t.test('every file loads', async () => {
    for (const file of BATCHES[batch]) await import(new URL(file, TEST).href)
  })
}

/** Whether a file is in a folder, or its name begins so. */
function isIn (beginnings: readonly string[], file: string): boolean {
  return beginnings.some(each => file.startsWith(each))
}
