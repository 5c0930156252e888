import { execFileSync } from 'node:child_process'
import t from 'tap'
import { CLI } from '../harness/azrun.js'
import { noTerminal, servingOnTerminal } from '../harness/terminal.js'

t.test('serve prints the executor, the docs and a command for clients after the ready line on a terminal', { skip: noTerminal }, async t => {
  const terminal = await servingOnTerminal(t, ['--executor', 'shell'])
  const { httpUrl, port } = terminal
  t.equal((await fetch(`${httpUrl}/_emulator/docs`)).status, 200)
  t.equal(await terminal.end(), `azrun listening on ${httpUrl.replace('http:', 'https:')}

  executor  shell: runs scripts on this machine, as this user
  docs      ${httpUrl}/_emulator/docs
  clients   eval "$(npx azrun env --port ${port})"

`)
})

t.test('the command for clients works for another --host', { skip: noTerminal }, async t => {
  const terminal = await servingOnTerminal(t, ['--host', '127.0.0.2'])
  const [, args] = await terminal.find(/azrun env (--host 127\.0\.0\.2 --port \d+)\)/)
  const printed = execFileSync(process.execPath, [CLI, 'env', ...args!.split(' ')], { encoding: 'utf8' })
  t.match(printed, `https://127.0.0.2:${terminal.port}`)
})

t.test('serve says that the fixture executor runs nothing', { skip: noTerminal }, async t => {
  t.match(await (await servingOnTerminal(t)).end(),
    /^ {2}executor {2}fixture: returns canned results and runs nothing \(--executor shell runs scripts\)$/m)
})

t.test('serve prints only the ready line on a stdout that is no terminal', { skip: noTerminal }, async t => {
  const terminal = await servingOnTerminal(t, [], { redirect: '| cat' })
  t.match(await terminal.end(), /^azrun listening on \S+\n$/)
})
