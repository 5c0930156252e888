import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { isRunning } from '../../src/processes/proc.js'
import { CLI } from '../harness/azrun.js'
import { until } from '../harness/execution.js'
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
  /** A test that ends its process at once: its file, and the command that runs only this test. */
  readonly crash: { readonly file: string, readonly text: string, readonly command: readonly string[] }
}

const ADMIN_TOKEN = 'a-secret-of-this-azrun'

/** A proxy that does not lead to azrun, as in a company's CI. Its port refuses connections. */
const REFUSING_PROXY = 'http://127.0.0.1:1'

const PYTEST = [join(CLIENTS, 'python/.venv-39/bin/pytest'), '-q', '-p', 'no:cacheprovider']
const GO_TEST = ['go', 'test', '-count=1', '-mod=mod']
const JAVA_LIB = join(CLIENTS, 'java/target/2.55/lib')
const DOTNET_TEST = ['sh', '-c', '"$0" compile tests.dll *.cs && "$0" nunit tests.dll', join(CLIENTS, 'dotnet/dotnet')]

/** The page of each language, which its newest release tests. */
const kits: Readonly<Record<string, Kit>> = {
  'python/39': {
    page: 'pytest.md',
    command: PYTEST,
    output: /^3 passed/m,
    crash: {
      file: 'test_crash.py',
      text: 'import os\n\n\ndef test_crash(world):\n    os._exit(3)\n',
      command: [...PYTEST, 'test_crash.py']
    }
  },
  'go/v8.4': {
    page: 'go.md',
    files: { 'go.mod': 'v8.4.mod', 'go.sum': 'v8.4.sum' },
    command: [...GO_TEST, './...'],
    output: /^ok /m,
    crash: {
      file: 'crash_test.go',
      text: 'package main\n\nimport "testing"\n\nfunc TestCrash(t *testing.T) { panic("crash") }\n',
      command: [...GO_TEST, '-run', 'TestCrash', '.']
    }
  },
  'java/2.55': {
    page: 'java.md',
    command: ['sh', '-c', 'javac -d out -cp "$0/*" *.java && java -cp "out:$0/*" DiskSpaceTest', JAVA_LIB],
    output: /^2 passed$/m,
    crash: {
      file: 'Crash.java',
      text: 'class Crash { public static void main(String[] args) throws Exception { new Azrun(); Runtime.getRuntime().halt(3); } }\n',
      command: ['sh', '-c', 'javac -d out -cp "out:$0/*" Crash.java && java -cp "out:$0/*" Crash', JAVA_LIB]
    }
  },
  'dotnet/1.11': {
    page: 'dotnet.md',
    command: DOTNET_TEST,
    output: /^2 passed, 0 failed$/m,
    crash: {
      file: 'Crash.cs',
      text: 'public class Crash { [NUnit.Framework.Test] public void Now() => System.Environment.FailFast("crash"); }\n',
      command: DOTNET_TEST
    }
  }
}

export function hasKit ({ name }: Client): boolean {
  return name in kits
}

/** Runs the files on the page of a language like a project that has copied them. */
export async function kit (t: Test, client: Client): Promise<void> {
  const { page, files = {}, command, output, crash } = kits[client.name]!
  const folder = t.testdir({ bin: {}, home: {}, tests: {} })
  const tests = join(folder, 'tests')
  const pid = join(folder, 'pid')
  const [copied, ...others] = filesOf(page)
  t.ok(copied![1].split('\n').length - 1 <= MOST_LINES, `${copied![0]} has at most ${MOST_LINES} lines`)
  for (const [name, text] of [copied!, ...others]) writeFileSync(join(tests, name), text)
  const [, pom = ''] = others.find(([name]) => name === 'pom.xml') ?? []
  for (const [, name, version] of pom.matchAll(/<artifactId>(.*)<\/artifactId>\n +<version>(.*)<\/version>/g)) {
    if (name! in client.versions) t.equal(version, client.versions[name!], `the page has the tested version of ${name}`)
  }
  for (const [name, file] of Object.entries(files)) copyFileSync(join(CLIENTS, client.group, file), join(tests, name))
  const launcher = `#!/bin/sh\n${NOTE_PROCESS} > '${pid}'\nexec '${join(PROJECT, 'dist/cli.js')}' "$@"\n`
  writeFileSync(join(folder, 'bin/azrun'), launcher, { mode: 0o755 })
  const bare = bareEnvironment(join(folder, 'home'))
  const environment = { ...bare, ...cachesOfGo(), PATH: `${join(folder, 'bin')}:${bare['PATH']}` }

  const passes = async (command: readonly string[], env: Record<string, string>) => {
    const { code, stdout, stderr } = await run(command, env, tests)
    t.equal(code, 0, `${stdout}${stderr}`)
    t.match(stdout, output)
  }
  await passes([process.execPath, CLI, 'exec', '--admin-token', ADMIN_TOKEN, '--', ...command], environment)
  t.notOk(existsSync(pid), 'tests that azrun exec runs use its azrun, and start none')
  await passes(command, { ...environment, ...proxies(), AZRUN_ADMIN_TOKEN: ADMIN_TOKEN })
  t.ok(existsSync(pid), 'other tests start one')

  t.teardown(() => endNoted(pid))
  writeFileSync(join(tests, crash.file), crash.text)
  // If azrun outlived the tests, it would keep their stderr open, and `run` would not end.
  const crashed = await run(crash.command, environment, tests)
  t.not(crashed.code, 0, 'a test that crashes fails the run')
  await until(() => !isRunning(...noted(pid)))
}

/** For a shell: prints its process id and, if there is /proc, its start time. A program that it executes keeps both. */
const NOTE_PROCESS = 'echo $$ $(cut -d " " -f 22 /proc/$$/stat 2> /dev/null)'

function noted (file: string): [pid: number, startTime: number | undefined] {
  const [pid, startTime] = readFileSync(file, 'utf8').trim().split(' ').map(Number)
  return [pid!, startTime]
}

/** Ends the process if it still runs. Without its start time another one could have its id, so that stays. */
function endNoted (file: string): void {
  if (!existsSync(file)) return
  const [pid, startTime] = noted(file)
  if (startTime !== undefined && isRunning(pid, startTime)) process.kill(pid)
}

/** The variables of a proxy, which the files on the pages ignore. */
function proxies (): Record<string, string> {
  const names = ['http_proxy', 'https_proxy'].flatMap(name => [name, name.toUpperCase()])
  return Object.fromEntries(names.map(name => [name, REFUSING_PROXY]))
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
