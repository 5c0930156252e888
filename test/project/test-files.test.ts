import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { BATCHES, testFiles } from '../harness/batch.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

t.test('npm test runs every test file once: in a process of its own, or together with others', async t => {
  const { stdout } = await promisify(execFile)(process.execPath, ['node_modules/.bin/tap', 'list'], { cwd: ROOT })
  const alone = stdout.trim().split('\n').map(file => file.replace('test/', ''))
  const run = alone.flatMap(file => Object.hasOwn(BATCHES, file) ? BATCHES[file as keyof typeof BATCHES] : [file])
  t.strictSame(run.sort(), testFiles().sort())
})
