import { readdirSync } from 'node:fs'

const TEST = new URL('../', import.meta.url)

/** The rooms whose tests share a process. `.taprc` leaves them out. */
const ROOMS = [
  'admin', 'arm', 'conformance', 'contract', 'core', 'entra', 'environment', 'executors', 'files', 'findings', 'guest', 'http',
  'identity', 'listener', 'logging', 'options', 'scenarios', 'journal', 'rules', 'reports', 'stores', 'validation'
]

/** One measures its memory, one opens 10,000 connections, two wait for a browser, one sees what is loaded when. */
const ALONE = [
  'arm/large-bodies.test.ts', 'listener/many-connections.test.ts', 'admin/browser.test.ts', 'admin/live-page.test.ts',
  'admin/plugin.test.ts'
]

/** Every test file, by its path in test/. */
export function testFiles (folder = ''): string[] {
  return readdirSync(new URL(folder, TEST), { recursive: true, encoding: 'utf8' }).sort()
    .filter(name => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .map(name => `${folder}${name}`)
}

/** Those that share a process. */
export function filesOfBatch (): string[] {
  return ROOMS.flatMap(room => testFiles(`${room}/`)).filter(file => !ALONE.includes(file))
}
