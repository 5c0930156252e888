import { existsSync, readdirSync } from 'node:fs'
import fs from 'node:fs/promises'
import t, { type Test } from 'tap'
import { ExecutionError } from '../src/executors/executor.js'
import { createShellExecutor } from '../src/executors/shell.js'
import { execution, isGone, never, until } from './execution.js'

const { execute } = createShellExecutor()

async function run (script: string) {
  return await execute(execution(script), never())
}

/** Sets a variable of this process until the test ends. */
function setEnv (t: Test, name: string, value: string): void {
  const before = process.env[name]
  process.env[name] = value
  t.teardown(() => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })
}

t.test('keeps the streams apart', async t => {
  const result = await run('echo one; echo two >&2; printf three')
  t.strictSame(result, { exitCode: 0, stdout: 'one\nthree', stderr: 'two\n' })
})

t.test('answers the exit code of the last command, or the one that the script exits with', async t => {
  t.equal((await run('true')).exitCode, 0)
  t.equal((await run('false')).exitCode, 1)
  t.equal((await run('exit 255')).exitCode, 255)
  t.equal((await run('')).exitCode, 0)
})

t.test('answers a command that does not exist as a shell does', async t => {
  const { exitCode, stderr } = await run('no-such-command')
  t.equal(exitCode, 127)
  t.match(stderr, /no-such-command.*not found/)
})

t.test('answers a script that a signal ends with 128 and its number', async t => {
  t.equal((await run('kill -KILL $$')).exitCode, 137)
  t.equal((await run('kill -TERM $$')).exitCode, 143)
})

t.test('says what stood before a syntax error and names the script', async t => {
  const { exitCode, stdout, stderr } = await run('echo before\nif; then')
  t.not(exitCode, 0)
  t.equal(stdout, 'before\n')
  t.match(stderr, '/path/in/the/vm/script.sh')
})

t.test('shows the script the path inside the machine as $0', async t => {
  // Recorded (java_canRunScriptOnVM): $0 is /var/lib/waagent/run-command/download/0/script.sh.
  t.equal((await run('echo "$0" $#')).stdout, '/path/in/the/vm/script.sh 0\n')
})

t.test('replaces what is not UTF-8', async t => {
  t.equal((await run("printf 'a\\377\\376z\\n'")).stdout, 'a\uFFFD\uFFFDz\n')
})

t.test('gives the script nothing of the environment that azrun has', async t => {
  setEnv(t, 'AZRUN_TEST_SECRET', 'secret')
  const { stdout } = await run("env -0; printf '\\0'; printf %s \"$PATH\"")
  const [variables, path] = stdout.split('\0\0') as [string, string]
  const names = variables.split('\0').map(variable => variable.replace(/=.*/s, ''))
  // What a shell sets by itself: dash PWD; bash SHLVL and _ too. And what tap gives to every child of a test.
  const others = ['PWD', 'OLDPWD', 'SHLVL', '_', 'NODE_OPTIONS']
  t.same(names.filter(name => !others.includes(name) && !name.startsWith('_TAPJS_')), ['PATH'])
  t.notMatch(variables, 'secret')
  t.equal(path, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
})

t.test('gives the script an empty stdin', async t => {
  t.strictSame(await run('cat; read -r line; echo "status $? <$line>"'),
    { exitCode: 0, stdout: 'status 1 <>\n', stderr: '' })
})

t.test('runs in a process group of its own, the leader of its session', { skip: !existsSync('/proc') }, async t => {
  const { stdout } = await run('read -r pid name state parent group session rest < /proc/$$/stat; echo $$ $group $session')
  const [pid, group, session] = stdout.trim().split(' ')
  t.equal(group, pid)
  t.equal(session, pid)
})

t.test('runs each script in a directory of its own that is gone afterwards', async t => {
  const results = await Promise.all([1, 2, 3].map(() => run('pwd; touch file; mkdir -p a/b; ls -A | tr "\\n" " "')))
  const directories = results.map(({ stdout }) => stdout.split('\n')[0]!)
  t.equal(new Set(directories).size, 3)
  for (const { stdout } of results) t.match(stdout, /\na file $/)
  for (const directory of directories) t.notOk(existsSync(directory))
})

t.test('leaves no directory behind, however the run ends', async t => {
  const root = t.testdir({ tmp: {}, empty: {} })
  const tmp = `${root}/tmp`
  setEnv(t, 'TMPDIR', tmp)
  setEnv(t, 'PATH', `${root}/empty`)
  await run('touch file; exit 1')
  await run('#!/no/such/interpreter')
  await t.rejects(execute(execution('', { interpreter: 'pwsh' }), never()))
  await t.rejects(execute(execution('echo'), AbortSignal.abort()))
  const controller = new AbortController()
  const running = execute(execution(`echo $$ > ${root}/pid; touch file; sleep 300`), controller.signal)
  const rejected = t.rejects(running)
  await until(() => existsSync(`${root}/pid`))
  controller.abort()
  await rejected
  t.same(readdirSync(tmp), [])
})

t.test('fails as one that could not be run where no directory can be made', async t => {
  setEnv(t, 'TMPDIR', `${t.testdir()}/missing`)
  const error = await run('echo').catch((error: unknown) => error)
  t.type(error, ExecutionError)
  t.match(error, { code: 'ScriptNotStarted', message: /^azrun could not start the script: ENOENT/ })
})

t.test('answers with the result even where the directory cannot be removed', async t => {
  // As after `mkdir d; touch d/f; chmod a-w d` for a user who is not root.
  const rm = async (directory: string) => {
    t.teardown(() => fs.rm(directory, { recursive: true }))
    throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  }
  const { createShellExecutor } = await t.mockImport<typeof import('../src/executors/shell.js')>(
    '../src/executors/shell.js', { 'node:fs/promises': { ...fs, rm } })
  const result = await createShellExecutor().execute(execution('echo done'), never())
  t.strictSame(result, { exitCode: 0, stdout: 'done\n', stderr: '' })
})

t.test('ends what runs in the background when the script has ended', async () => {
  const { stdout } = await run('sleep 300 & echo $!')
  await until(() => isGone(Number(stdout)))
})
