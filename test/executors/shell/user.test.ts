import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Execution } from '../../../src/executors/executor.js'
import { cannotBecomeAnother, sharedDirectory } from '../../harness/another-user.js'
import { execution, isGone, run, shellExecutor, until } from '../../harness/execution.js'

const executor = shellExecutor(t)
const skip = cannotBecomeAnother || (!existsSync('/proc/self/environ') && 'there is no /proc')

/** A user with supplementary groups, if there is one. */
const USER = existsSync('/etc/group')
  ? readFileSync('/etc/group', 'utf8').split('\n').map(line => line.split(':')[3]).find(Boolean)?.split(',')[0] ?? 'nobody'
  : 'nobody'

async function runAs (user: string, script: string, given: Partial<Execution> = {}, signal?: AbortSignal) {
  return await run(executor, execution(script, { user, ...given }), signal)
}

t.test('runs the script as the user, with its groups and its home', { skip }, async t => {
  const { exitCode, stdout } = await runAs(USER, 'id -u; id -G; echo "$HOME $USER $LOGNAME $0"')
  t.equal(exitCode, 0)
  const [uid, groups] = ['-u', '-G'].map(option => execFileSync('id', [option, USER], { encoding: 'utf8' }))
  const home = execFileSync('sh', ['-c', `echo ~${USER}`], { encoding: 'utf8' }).trim()
  t.equal(stdout, `${uid}${groups}${home} ${USER} ${USER} /path/in/the/vm/script.sh\n`)
  t.match(await runAs('root', 'id -u; id -G'), { stdout: /^0\n0/ })
})

t.test('the result is the same as without a user', { skip }, async t => {
  t.match(await runAs(USER, 'echo a; echo b >/dev/stderr; exit 7'), { exitCode: 7, stdout: 'a\n', stderr: 'b\n' })
  t.match(await runAs(USER, 'kill -KILL $$'), { exitCode: 137 })
  t.match(await runAs(USER, 'echo "$1 $a"', { interpreter: 'bash', args: ['/x/script.sh', '$((1+1))'], env: { a: 'b c' } }),
    { exitCode: 0, stdout: '2 b c\n' })
})

t.test('gives the script a directory that only this user can read', { skip }, async t => {
  const { stdout } = await runAs(USER, 'cat "$0" >copy; ls -l "$0" | cut -c1-10; ls -ld . | cut -c1-10; stat -c %U . "$0" copy; pwd')
  t.equal(stdout, `-r-x------\ndrwx------\n${`${USER}\n`.repeat(3)}/path/in/the/vm\n`)
})

t.test('gives the script no rights of root', { skip }, async t => {
  t.match(await runAs(USER, 'cat /etc/shadow; touch /etc/azrun-test', { maxOutput: 4096 }), { exitCode: 1, stdout: '' })
  const { stdout } = await runAs(USER, 'grep -E "^Cap(Inh|Prm|Eff|Amb)" /proc/self/status | cut -f2 | sort -u')
  t.equal(stdout, '0000000000000000\n')
})

t.test('kills every process that the script has started', { skip }, async t => {
  const file = join(sharedDirectory(t), 'pids')
  const script = `for i in 1 2; do setsid sh -c 'echo $$ >> ${file}; exec sleep 300' & done
    (setsid sh -c '(sh -c "echo \\$\\$ >> ${file}; exec sleep 300") & exit') &
    until [ "$(wc -l 2>/dev/null < ${file})" = 3 ]; do :; done`
  await runAs(USER, script)
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number)
  t.equal(pids.length, 3)
  for (const pid of pids) await until(() => isGone(pid))
})

t.test('an abort kills the script and the processes that it has started', { skip }, async t => {
  const file = join(sharedDirectory(t), 'pids')
  const controller = new AbortController()
  const rejected = t.rejects(runAs(USER, `setsid sh -c 'echo $$ > ${file}; exec sleep 300' & echo; sleep 300`, {}, controller.signal))
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  controller.abort()
  await rejected
  await until(() => isGone(Number(readFileSync(file, 'utf8'))))
})

const noSetpriv = spawnSync('setpriv', ['--bounding-set=-sys_ptrace', 'true']).status !== 0 && 'there is no setpriv'

t.test('kills every process even if root may not read the environment of others, as in a container', { skip: skip || noSetpriv }, async t => {
  const file = join(sharedDirectory(t), 'pids')
  const program = `
    import { createShellExecutor } from ${JSON.stringify(new URL('../../../src/executors/shell/shell.js', import.meta.url).href)}
    const executor = createShellExecutor({ dataDir: ${JSON.stringify(t.testdir())}, log: { warn: console.error } })
    const execution = JSON.parse(process.argv[1])
    const { exitCode } = await executor.execute(execution, { signal: new AbortController().signal })
    await executor.close()
    console.log(exitCode)`
  const script = `for i in 1 2 3; do setsid sh -c 'echo $$ >> ${file}; exec sleep 300' & done
    until [ "$(wc -l 2>/dev/null < ${file})" = 3 ]; do :; done`
  const stdout = execFileSync('setpriv', ['--bounding-set=-sys_ptrace', process.execPath, '--import=./test/harness/tsx.js',
    '--input-type=module', '-e', program, JSON.stringify(execution(script, { user: USER }))],
  { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  t.equal(stdout, '0\n')
  for (const pid of readFileSync(file, 'utf8').trim().split('\n').map(Number)) await until(() => isGone(pid))
})

t.test('removes the directory with everything that the user created there, and nothing elsewhere', { skip }, async t => {
  const kept = sharedDirectory(t)
  writeFileSync(join(kept, 'file'), '')
  const log = join(kept, 'log')
  await runAs(USER, `echo "$PWD" > ${log}; mkdir -p a/b c; touch a/b/f; ln -s ${kept} c/link; ln -s ${kept} link; chmod 0 a`)
  // The user must not be able to replace the directory itself by a link.
  t.match(await runAs(USER, `echo "$PWD" >> ${log}; mv "$PWD" "$PWD-away" || ln -s ${kept} "$PWD/../link"`), { exitCode: 1 })
  const directories = readFileSync(log, 'utf8').trim().split('\n')
  t.equal(directories.length, 2)
  for (const directory of directories) t.notOk(existsSync(join(directory, '..')))
  t.same(readdirSync(kept).sort(), ['file', 'log'])
})

t.test('refuses a user that does not exist', { skip }, async t => {
  for (const user of ['no-such-user', '', '0', '-u', 'root:x', 'a b', 'root\n', 'x\0']) {
    await t.rejects(runAs(user, 'id'), { code: 'RunAsUserNotFound' }, JSON.stringify(user))
  }
})

t.test('fails with a clear error without root', async t => {
  t.intercept(process, 'geteuid', { value: () => 1000 })
  await t.rejects(runAs('nobody', 'id'), {
    code: 'RunAsNeedsRoot',
    message: "The script must run as 'nobody', and only root can run something as another user: run azrun as root, or " +
      'leave out the user.'
  })
})

const setpriv = ['/usr/bin/setpriv', '--reuid=7', '--regid=8', '--init-groups', '--', '/bin/sh', "it's"]
const su = ['/bin/su', '-p', '-s', '/bin/sh', '-c', "exec '/bin/sh' 'it'\\''s'", 'ada']

for (const [where, programs, links, expected] of [
  ['Debian', ['/usr/bin/setpriv', '/bin/su'], {}, setpriv],
  ['Alpine', ['/usr/bin/setpriv', '/bin/su'], { '/usr/bin/setpriv': '/bin/busybox', '/bin/su': '/bin/bbsuid' }, su],
  ['a machine without setpriv', ['/bin/su'], {}, su]
] as const) {
  t.test(`${where} has a program that switches to the user`, async t => {
    const { asUser } = await t.mockImport<typeof import('../../../src/executors/shell/as-user.js')>('../../../src/executors/shell/as-user.js', {
      'node:fs': { realpathSync: (file: string) => (links as Record<string, string>)[file] ?? file },
      '../../../src/executors/shell/programs.ts': { isProgram: () => true, findProgram: (name: string) => programs.find(each => each.endsWith(`/${name}`)) }
    })
    t.same(asUser({ name: 'ada', uid: 7, gid: 8, home: '/home/ada' }, '/bin/sh', ["it's"]), expected)
  })
}

t.test('fails on a machine without setpriv and su', async t => {
  const { asUser } = await t.mockImport<typeof import('../../../src/executors/shell/as-user.js')>('../../../src/executors/shell/as-user.js',
    { '../../../src/executors/shell/programs.ts': { isProgram: () => true, findProgram: () => undefined } })
  t.throws(() => asUser({ name: 'ada', uid: 7, gid: 8, home: '/' }, '/bin/sh', []), { code: 'ScriptNotStarted', message: /setpriv or su/ })
})
