import t from 'tap'
import { messages } from '../../src/logging/events.js'
import { prettyLine } from '../../src/logging/pretty.js'

const runCommand = {
  level: 30,
  msg: messages.runCommand,
  method: 'POST',
  vm: 'vm1',
  command: 'RunShellScript',
  status: 202,
  operation: 'an-id',
  outcome: 'Succeeded',
  exitCode: 3,
  ms: 40
}
const errorResponse = {
  level: 30,
  msg: messages.errorResponse,
  method: 'GET',
  url: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1?api-version=1',
  status: 400,
  code: 'BadRequest',
  reason: 'It is wrong.'
}

const plain = (entry: object) => prettyLine(JSON.stringify(entry), false)

t.test('a run command is one line with its response, its exit code and its duration', async t => {
  t.equal(plain(runCommand), 'POST vm1 RunShellScript 202 → exit 3 · 40 ms\n')
  t.equal(plain({ ...runCommand, status: 200, exitCode: 0, ms: 1250 }), 'POST vm1 RunShellScript 200 → exit 0 · 1.3 s\n')
})

t.test('an operation without a script is one line with its action and its outcome', async t => {
  const { command, exitCode, ...rest } = { ...runCommand, msg: messages.operation }
  t.equal(plain({ ...rest, action: 'powerOff' }), 'POST vm1 powerOff 202 → Succeeded · 40 ms\n')
  t.equal(plain({ ...rest, method: 'DELETE', name: 'cmd1' }), 'DELETE vm1/cmd1 202 → Succeeded · 40 ms\n')
  t.equal(plain({ ...rest, method: 'DELETE', vm: 'rg' }), 'DELETE rg 202 → Succeeded · 40 ms\n')
  const error = { code: 'OperationPreempted', message: 'A later one came.' }
  t.equal(plain({ ...rest, action: 'start', outcome: 'Failed', error }),
    'POST vm1 start 202 → failed OperationPreempted: A later one came. · 40 ms\n')
})

t.test('a managed run command is one line with its name', async t => {
  const { command, ...rest } = { ...runCommand, method: 'PUT', name: 'cmd1', status: 201 }
  t.equal(plain(rest), 'PUT vm1/cmd1 201 → exit 3 · 40 ms\n')
  const { status, ...ended } = rest
  t.equal(plain({ ...ended, async: true }), 'PUT vm1/cmd1 async → exit 3 · 40 ms\n')
})

t.test('a run command that fails or is canceled has its error', async t => {
  const error = { code: 'ScriptNotStarted', message: 'No space.' }
  t.equal(plain({ ...runCommand, outcome: 'Failed', error }),
    'POST vm1 RunShellScript 202 → failed ScriptNotStarted: No space. · 40 ms\n')
  t.equal(plain({ ...runCommand, outcome: 'Canceled', error: { code: 'OperationCanceled', message: 'It was reset.' } }),
    'POST vm1 RunShellScript 202 → canceled OperationCanceled: It was reset. · 40 ms\n')
})

t.test('an error response has its code and reason, and the path without the query', async t => {
  t.equal(plain(errorResponse), 'GET …/virtualMachines/vm1 400 BadRequest: It is wrong.\n')
  t.equal(plain({ ...errorResponse, url: '/common/oauth2/v2.0/token?x=y', code: 'AADSTS70003' }),
    'GET /common/oauth2/v2.0/token 400 AADSTS70003: It is wrong.\n')
})

t.test('an error response to a malformed request has no path', async t => {
  t.equal(plain({ ...errorResponse, method: undefined, url: undefined }), '400 BadRequest: It is wrong.\n')
})

t.test('an error response to a run command has the machine and the command', async t => {
  const busy = { ...errorResponse, method: 'POST', vm: 'vm1', command: 'RunShellScript', status: 409, code: 'Conflict' }
  t.equal(plain(busy), 'POST vm1 RunShellScript 409 Conflict: It is wrong.\n')
})

t.test('a request has its status and its duration', async t => {
  t.equal(plain({ level: 20, msg: messages.request, method: 'GET', url: '/_emulator/health', status: 200, ms: 2 }),
    'GET /_emulator/health 200 · 2 ms\n')
})

t.test('a warning or an error is marked as such', async t => {
  t.equal(plain({ level: 20, msg: 'a detail' }), 'azrun: a detail\n')
  t.equal(plain({ level: 30, msg: 'a fact' }), 'azrun: a fact\n')
  t.equal(plain({ level: 40, msg: 'a host was refused' }), 'azrun: warning: a host was refused\n')
  t.equal(plain({ level: 50, msg: 'it broke' }), 'azrun: error: it broke\n')
})

t.test('an error with a stack has its lines', async t => {
  const stack = 'TypeError: it broke\n    at one (file:1:2)\n    at two (file:3:4)'
  t.equal(plain({ level: 50, msg: 'it broke', err: { type: 'TypeError', message: 'it broke', stack } }),
    'azrun: error: it broke\n    at one (file:1:2)\n    at two (file:3:4)\n')
})

t.test('text from a client is one line without control characters, and is truncated', async t => {
  const nasty = 'a\u001b[2J\r\nb\u202ec\u0007\u009bd\u2028e'
  const lines = [
    plain({ ...runCommand, vm: nasty, command: nasty }),
    plain({ ...runCommand, outcome: 'Failed', error: { code: nasty, message: nasty } }),
    plain({ ...errorResponse, method: 'GET', url: `/${nasty}`, code: nasty, reason: nasty }),
    plain({ level: 40, msg: nasty })
  ]
  for (const line of lines) t.match(line, /^[^\p{Cc}\p{Cf}\p{Zl}]+\n$/u)
  t.equal(plain({ level: 40, msg: 'x'.repeat(401) }), `azrun: warning: ${'x'.repeat(400)}…\n`)
})

t.test('colors show the outcome and change nothing else', async t => {
  const colored = (entry: object) => prettyLine(JSON.stringify(entry), true)
  t.match(colored({ ...runCommand, exitCode: 0 }), '\u001b[32mexit 0\u001b[39m')
  t.match(colored(runCommand), '\u001b[33mexit 3\u001b[39m')
  t.match(colored({ level: 50, msg: 'it broke' }), '\u001b[31merror\u001b[39m')
  for (const entry of [runCommand, errorResponse, { level: 40, msg: 'a' }]) {
    // eslint-disable-next-line no-control-regex
    t.equal(colored(entry).replaceAll(/\u001b\[\d+m/g, ''), plain(entry))
  }
})
