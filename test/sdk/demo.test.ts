import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = new URL('../../', import.meta.url)
const built = existsSync(new URL('dist/cli.js', root))

t.test('the demo shows four calls, ends by itself and leaves no files or processes', { skip: !built && 'dist is not built' }, async t => {
  const temporary = t.testdir()
  const demo = spawn(process.execPath, [fileURLToPath(new URL('demo/demo.js', root))], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary, AZRUN_EXECUTOR: 'fixture' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [stdout, stderr, [code]] = await Promise.all([text(demo.stdout), text(demo.stderr), once(demo, 'exit')])
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, "| Hello, Ada O'Hara: 2 parameters, the second is London")
  t.match(stdout, '| no space left')
  t.match(stdout, '| RestError 404 NotFound')
  t.equal(stdout.match(/^ {2}> POST /gm)?.length, 4)
  t.notMatch(stdout, '\u001b', 'no colours if stdout is not a terminal')
  t.strictSame(readdirSync(temporary), [])
  const [, authority] = /https:\/\/(127\.0\.0\.1:\d+) /.exec(stdout)!
  await t.rejects(fetch(`http://${authority}/_emulator/health`), 'azrun has ended with the demo')
})
