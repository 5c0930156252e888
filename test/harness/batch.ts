import { readdirSync } from 'node:fs'
import type { Test } from 'tap'

const TEST = new URL('../', import.meta.url)

/**
 * Tests that start processes, or wait for sockets and files. They have their own process, because a large process takes
 * many times as long to start another. The tests that start the most processes come first.
 */
const PROCESSES = [
  'executors/', 'guest/', 'contract/executor', 'arm/handlers/managed/', 'environment/', 'certificates/', 'listener/',
  'logging/', 'options/', 'data-dir/', 'check/client', 'emulator'
]

/**
 * Files that do not share a process. `.taprc` lists those of `npm test`. One measures its memory, one opens thousands
 * of connections, two need a browser, and one checks when modules load. The others have no emulator in their process.
 */
const ALONE = [
  'arm/large-bodies', 'listener/many-connections', 'admin/browser', 'admin/live-page', 'admin/plugin', 'check/check',
  'check/rules', 'cli.', 'code-cache', 'project/'
]

const shared = testFiles().filter(file => !isIn(ALONE, file))

/** The files in test/ that load other test files, and the files that they load. */
export const BATCHES = {
  'batch.ts': shared.filter(file => !isIn([...PROCESSES, 'commands/', 'sdk/'], file)),
  'batch-processes.ts': PROCESSES.flatMap(each => shared.filter(file => isIn([each], file))),
  'batch-commands.ts': shared.filter(file => isIn(['commands/'], file)),
  'batch-sdk.ts': shared.filter(file => isIn(['sdk/'], file))
}

/** The paths of all test files, relative to test/. */
export function testFiles (): string[] {
  return readdirSync(TEST, { recursive: true, encoding: 'utf8' }).sort()
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
}

/** Loads the files of a batch inside a test, so that no test runs while files still load. */
export function loadBatch (t: Test, batch: keyof typeof BATCHES): void {
  t.test('every file loads', async () => {
    for (const file of BATCHES[batch]) await import(new URL(file, TEST).href)
  })
}

/** Whether the path of a file has one of these prefixes. */
function isIn (prefixes: readonly string[], file: string): boolean {
  return prefixes.some(each => file.startsWith(each))
}
