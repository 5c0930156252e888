import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import t from 'tap'
import { silentLog } from '../../../src/core/log.js'
import { ExecutionError, type Execution } from '../../../src/executors/executor.js'
import { INNER } from '../../../src/executors/shell/remove-tree.js'
import { createShellExecutor } from '../../../src/executors/shell/shell.js'
import { execution, never, run, shellExecutor, until } from '../../harness/execution.js'
import { matchList } from '../../harness/match-list.js'
import { setVariable } from '../../harness/variables.js'

const executor = shellExecutor(t)
const execute = async (given: Execution, signal?: AbortSignal) => await run(executor, given, signal)

async function runScript (script: string, given?: Partial<Execution>) {
  return await execute(execution(script, given))
}

t.test('keeps stdout and stderr apart', async t => {
  const result = await runScript('echo one; echo two >&2; printf three')
  t.hasStrict(result, { exitCode: 0, stdout: 'one\nthree', stderr: 'two\n' })
})

t.test('lets the script write to its streams by name', async t => {
  // On Azure they are files (run-command-extension-linux); the sockets that Node creates cannot be opened.
  t.match(await runScript('echo a >&2; echo b >> /dev/stderr; echo c >&2'), { exitCode: 0, stderr: 'a\nb\nc\n' })
  t.hasStrict(await runScript('echo out | tee /dev/stderr'), { exitCode: 0, stdout: 'out\n', stderr: 'out\n' })
  t.hasStrict(await runScript('ls -A'), { exitCode: 0, stdout: 'script.sh\n', stderr: '' },
    'the directory contains no stream files')
})

t.test('leaves no file open, however the run ends', { skip: !existsSync('/proc/self/fd') && 'there is no /proc' }, async t => {
  const openFiles = () => readdirSync('/proc/self/fd').length
  await runScript('echo')
  const before = openFiles()
  for (let count = 0; count < 5; count++) {
    await runScript('echo; exit 1')
    await t.rejects(runScript('echo', { interpreter: 'bash', env: { a: 'x'.repeat(200_000) } }))
    await t.rejects(execute(execution('sleep 300'), AbortSignal.timeout(1)))
  }
  t.ok(openFiles() < before + 5, `${openFiles()} files, before ${before}`)
})

t.test('returns the exit code of the last command, or the one that the script exits with', async t => {
  t.equal((await runScript('true')).exitCode, 0)
  t.equal((await runScript('false')).exitCode, 1)
  t.equal((await runScript('exit 255')).exitCode, 255)
  t.equal((await runScript('')).exitCode, 0)
})

t.test('returns exit code 127 for a command that does not exist, as a shell does', async t => {
  const { exitCode, stderr } = await runScript('no-such-command')
  t.equal(exitCode, 127)
  t.match(stderr, /no-such-command.*not found/)
})

t.test('returns 128 plus the signal number for a script that a signal ends', async t => {
  t.equal((await runScript('kill -KILL $$')).exitCode, 137)
  t.equal((await runScript('kill -TERM $$')).exitCode, 143)
})

t.test('returns the output before a syntax error, and the script in the error message', async t => {
  const { exitCode, stdout, stderr } = await runScript('echo before\nif; then')
  t.not(exitCode, 0)
  t.equal(stdout, 'before\n')
  t.match(stderr, '/path/in/the/vm/script.sh')
})

t.test('sets $0 to the path inside the machine', async t => {
  // Recorded (java_canRunScriptOnVM): $0 is /var/lib/waagent/run-command/download/0/script.sh.
  t.equal((await runScript('echo "$0" $#')).stdout, '/path/in/the/vm/script.sh 0\n')
})

t.test('shows the directory inside the machine for the directory of the script', async t => {
  // Inferred: the agent runs the script in /var/lib/waagent/run-command/download/0 (run-command-extension-linux).
  t.match(await runScript('pwd; ls "$PWD/none"; cd "$(dirname "$0")" && pwd'),
    { stdout: '/path/in/the/vm\n/path/in/the/vm\n', stderr: /\/path\/in\/the\/vm\/none/ })
  const { stdout } = await execute(execution('pwd', { args: ['relative'] }))
  t.match(stdout, /\/azrun-/, 'without an absolute path the real directory is shown')
})

t.test('nothing but the directory of the script is in the one above it, which a script may take for its own', async t => {
  // On Azure that is /var/lib/waagent/run-command/download, which has only the directories of scripts.
  t.equal((await runScript('ls -A .. | wc -l')).stdout.trim(), '1')
})

t.test('lets a script read its own file', async t => {
  t.equal((await runScript('cat "$0"; exit; unreached')).stdout, 'cat "$0"; exit; unreached')
  t.match((await runScript('ls -l "$0"; ls -ld .')).stdout, /^-r-x------.*\ndrwx------/)
})

t.test('does not show the script or its parameters in the process list',
  { skip: !existsSync('/proc') && 'there is no /proc' }, async t => {
    const { stdout } = await execute(execution('tr "\\0" " " < /proc/$$/cmdline; : hidden',
      { args: ['/path/in/the/vm/script.sh', 'secret'], env: { password: 'secret' } }))
    t.equal(stdout, '/bin/sh /path/in/the/vm/script.sh ')
  })

t.test('replaces bytes that are not UTF-8', async t => {
  t.equal((await runScript("printf 'a\\377\\376z\\n'")).stdout, 'a\uFFFD\uFFFDz\n')
})

t.test("does not pass azrun's environment to the script", async t => {
  setVariable(t, 'AZRUN_TEST_SECRET', 'secret')
  const { stdout } = await runScript("env -0; printf '\\0'; printf %s \"$PATH\"")
  const [variables, path] = stdout.split('\0\0') as [string, string]
  const names = variables.split('\0').map(variable => variable.replace(/=.*/s, ''))
  // Set by the shell itself (dash: PWD; bash: also SHLVL and _).
  const others = ['PWD', 'OLDPWD', 'SHLVL', '_']
  t.same(names.filter(name => !others.includes(name)), ['AZRUN_SCRIPT', 'PATH'])
  t.notMatch(variables, 'secret')
  t.equal(path, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
})

t.test('runs scripts and logs a warning if its data directory cannot be created', {
  skip: existsSync('/proc/self') ? false : 'there is no /proc'
}, async t => {
  const warnings: string[] = []
  const executor = createShellExecutor({ dataDir: '/proc/azrun', log: { warn: (message: string) => warnings.push(message) } })
  t.hasStrict(await run(executor, execution('echo ran')), { exitCode: 0, stdout: 'ran\n', stderr: '' })
  await executor.close!()
  matchList(t, warnings, [/^if azrun is killed, .* since the data directory \/proc\/azrun cannot be written: ENOENT/])
})

t.test('gives the script an empty stdin', async t => {
  t.hasStrict(await runScript('cat; read -r line; echo "status $? <$line>"'),
    { exitCode: 0, stdout: 'status 1 <>\n', stderr: '' })
})

t.test('runs each script as the leader of its own process group and session', { skip: !existsSync('/proc') && 'there is no /proc' }, async t => {
  const { stdout } = await runScript('read -r pid name state parent group session rest < /proc/$$/stat; echo $$ $group $session')
  const [pid, group, session] = stdout.trim().split(' ')
  t.equal(group, pid)
  t.equal(session, pid)
})

t.test('runs each script in its own directory and removes it afterwards', async t => {
  const log = `${t.testdir()}/log`
  const script = `pwd >> ${log}; touch file; mkdir -p a/b; ls -A | tr '\\n' ' '`
  const results = await Promise.all([1, 2, 3].map(() => runScript(script)))
  for (const { stdout } of results) t.equal(stdout, 'a file script.sh ')
  const directories = readFileSync(log, 'utf8').trim().split('\n')
  t.equal(new Set(directories).size, 3)
  for (const directory of directories) t.notOk(existsSync(directory))
})

t.test('leaves no directory behind, however the run ends', async t => {
  const root = t.testdir({ tmp: {}, empty: {} })
  const tmp = `${root}/tmp`
  const executor = shellExecutor(t)
  const execute = async (given: Execution, signal?: AbortSignal) => await run(executor, given, signal)
  setVariable(t, 'TMPDIR', tmp)
  setVariable(t, 'PATH', `${root}/empty`)
  await execute(execution('touch file; exit 1'))
  await execute(execution('#!/no/such/interpreter'))
  await t.rejects(execute(execution('', { interpreter: 'pwsh' })))
  await t.rejects(execute(execution('echo'), AbortSignal.abort()))
  const controller = new AbortController()
  const running = execute(execution(`echo $$ > ${root}/pid; touch file; sleep 300`), controller.signal)
  const rejected = t.rejects(running)
  await until(() => existsSync(`${root}/pid`))
  controller.abort()
  await rejected
  t.same(readdirSync(tmp), [])
})

t.test('fails with ScriptNotStarted if no directory can be created', async t => {
  const executor = shellExecutor(t)
  setVariable(t, 'TMPDIR', `${t.testdir()}/missing`)
  const error = await run(executor, execution('echo')).catch((error: unknown) => error)
  t.type(error, ExecutionError)
  t.match(error, { code: 'ScriptNotStarted', message: /^azrun could not start the script: ENOENT.*; its files are in .*missing: set TMPDIR to / })
})

t.test('says what to do if azrun has too many open files', async t => {
  class Workspace {
    async open () { throw Object.assign(new Error('EMFILE: too many open files, mkdtemp'), { code: 'EMFILE', syscall: 'mkdtemp' }) }
  }
  const { createShellExecutor } = await t.mockImport<typeof import('../../../src/executors/shell/shell.js')>(
    '../../../src/executors/shell/shell.js', { '../../../src/executors/shell/workspace.ts': { Workspace } })
  const executor = createShellExecutor({ dataDir: t.testdir(), log: silentLog })
  await t.rejects(executor.execute(execution('echo'), { signal: never() }) as Promise<unknown>,
    { code: 'ScriptNotStarted', message: /too many open files, mkdtemp; raise the limit of open files \(ulimit -n\)/ })
})

t.test('returns the result and logs a warning if the directory cannot be removed', async t => {
  // As after `sudo touch d/f` for a user who is not root.
  let left = ''
  const removeTree = async (directory: string) => {
    left = directory
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  }
  t.teardown(() => rmSync(left, { recursive: true }))
  const workspace = await t.mockImport<typeof import('../../../src/executors/shell/workspace.js')>(
    '../../../src/executors/shell/workspace.js', { '../../../src/executors/shell/remove-tree.ts': { INNER, removeTree } })
  const { createShellExecutor } = await t.mockImport<typeof import('../../../src/executors/shell/shell.js')>(
    '../../../src/executors/shell/shell.js', { '../../../src/executors/shell/workspace.ts': workspace })
  const warnings: string[] = []
  const dataDir = t.testdir()
  const executor = createShellExecutor({ dataDir, log: { warn: message => { warnings.push(message) } } })
  const result = await executor.execute(execution('echo done'), { signal: never() })
  t.hasStrict(result, { exitCode: 0, stdout: 'done\n', stderr: '' })
  t.same(warnings, [`the directory of a script cannot be removed: EACCES: permission denied; remove ${left}`])
  await executor.close!()
  t.equal(readdirSync(`${dataDir}/running`).length, 1, 'the record stays, so that the next azrun tries again')
})

t.test('has a record in the data directory from the first script until it is closed', async t => {
  const dataDir = t.testdir()
  const executor = createShellExecutor({ dataDir, log: silentLog })
  t.same(readdirSync(dataDir), [])
  await run(executor, execution('echo'))
  await run(executor, execution('echo'))
  matchList(t, readdirSync(`${dataDir}/running`), [/^[0-9a-f]{32}\.json$/])
  for (const name of readdirSync(`${dataDir}/running`)) t.equal(statSync(`${dataDir}/running/${name}`).mode & 0o077, 0)
  await executor.close!()
  t.same(readdirSync(`${dataDir}/running`), [])
})

t.test('runs scripts and logs one warning if the record cannot be written', async t => {
  const warnings: string[] = []
  const dataDir = t.testdir({ file: '' })
  const log = { warn: (message: string) => { warnings.push(message) } }
  const executor = createShellExecutor({ dataDir: `${dataDir}/file`, log })
  for (let count = 0; count < 2; count++) t.match(await run(executor, execution('echo')), { stdout: '\n' })
  matchList(t, warnings,
    [/^if azrun is killed, its scripts .* since the data directory .*\/file cannot be written: ENOT/])
  await executor.close!()
})
