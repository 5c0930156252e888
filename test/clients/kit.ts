import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { bareEnvironment, run, type Client } from './client.js'

const CLIENTS = fileURLToPath(new URL('.', import.meta.url))
const PROJECT = fileURLToPath(new URL('../../', import.meta.url))

/** The maximum number of lines in the file that a project copies. */
const MOST_LINES = 100

interface Kit {
  /** The name of the page in docs/. */
  readonly page: string
  /** Files of the client that the tests need, by their names in the tests' folder. */
  readonly files?: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly output: RegExp
}

/** The page of each language, which its newest release tests. */
const kits: Readonly<Record<string, Kit>> = {
  'python/39': {
    page: 'pytest.md',
    command: [join(CLIENTS, 'python/.venv-39/bin/pytest'), '-q', '-p', 'no:cacheprovider'],
    output: /^3 passed/m
  },
  'go/v8.4': {
    page: 'go.md',
    files: { 'go.mod': 'v8.4.mod', 'go.sum': 'v8.4.sum' },
    command: ['go', 'test', '-count=1', '-mod=mod', './...'],
    output: /^ok /m
  },
  'java/2.55': {
    page: 'java.md',
    command: ['sh', '-c', 'javac -d out -cp "$0/*" *.java && java -cp "out:$0/*" DiskSpaceTest', join(CLIENTS, 'java/target/2.55/lib')],
    output: /^2 passed$/m
  }
}

export function hasKit ({ name }: Client): boolean {
  return name in kits
}

/** Runs the files on the page of a language like a project that has copied them. */
export async function kit (t: Test, client: Client): Promise<void> {
  const { page, files = {}, command, output } = kits[client.name]!
  const folder = t.testdir({ bin: {}, home: {}, tests: {} })
  const [copied, ...others] = filesOf(page)
  t.ok(copied![1].split('\n').length - 1 <= MOST_LINES, `${copied![0]} has at most ${MOST_LINES} lines`)
  for (const [name, text] of [copied!, ...others]) writeFileSync(join(folder, 'tests', name), text)
  for (const [name, file] of Object.entries(files)) {
    copyFileSync(join(CLIENTS, client.group, file), join(folder, 'tests', name))
  }
  symlinkSync(join(PROJECT, 'dist/cli.js'), join(folder, 'bin/azrun'))
  const environment = bareEnvironment(join(folder, 'home'))
  const { code, stdout, stderr } = await run(command, {
    ...environment,
    ...cachesOfGo(),
    PATH: `${join(folder, 'bin')}:${environment['PATH']}`
  }, join(folder, 'tests'))
  t.equal(code, 0, `${stdout}${stderr}`)
  t.match(stdout, output)
}

/** The files on a page: each has its name on a line, then its text in a fence. */
function filesOf (page: string): [name: string, text: string][] {
  const text = readFileSync(join(PROJECT, 'docs', page), 'utf8')
  return [...text.matchAll(/`([\w.]+)`:\n\n```\w+\n([^]*?)^```$/gm)].map(([, name, file]) => [name!, file!])
}

/** Without these variables Go would download and compile everything again for another HOME. */
function cachesOfGo (): Record<string, string> {
  const { GOPATH, GOCACHE, HOME } = process.env
  return { GOPATH: GOPATH ?? `${HOME}/go`, GOCACHE: GOCACHE ?? `${HOME}/.cache/go-build` }
}
