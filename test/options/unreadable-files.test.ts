import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { UsageError } from '../../src/core/usage-error.js'
import { setupFromArgv } from '../harness/config.js'

async function problemsOf (args: readonly string[]): Promise<readonly string[]> {
  const error = await setupFromArgv(args, {}).catch((error: unknown) => error) as UsageError
  return error.problems
}

t.test('a file that is not in UTF-8, such as what PowerShell 5 writes, is refused', async t => {
  const dir = t.testdir({
    'utf16.json': Buffer.from('\uFEFF{}', 'utf16le'),
    'latin1.json': Buffer.from('{ "fixtures": [{ "name": "é", "result": {} }] }', 'latin1')
  })
  const [config, fixtures] = [join(dir, 'utf16.json'), join(dir, 'latin1.json')]
  t.strictSame(await problemsOf(['--config', config, '--fixtures', fixtures]), [
    `${config}: the file is not in UTF-8: save it in that encoding`,
    `${fixtures}: the file is not in UTF-8: save it in that encoding`
  ])
})

t.test('a file that is nested too deeply is refused', async t => {
  const file = join(t.testdir({ 'deep.json': '['.repeat(100_000) }), 'deep.json')
  t.strictSame(await problemsOf(['--config', file]), [`${file}: the file is nested too deeply: nest fewer lists and objects`])
})

t.test('reading ends for a device that never does', { skip: process.platform === 'win32' && 'there is no /dev' }, async t => {
  for (const option of ['--config', '--fixtures', '--scenarios']) {
    const [problem] = await problemsOf([option, '/dev/zero'])
    t.match(problem, /\/dev\/zero is too large, with more than 64 MiB: check the path$/)
  }
})

t.test('a link that leads to itself is reported', { skip: process.platform === 'win32' && 'links need a right there' }, async t => {
  const file = join(t.testdir({}), 'loop.json')
  symlinkSync(file, file)
  t.strictSame(await problemsOf(['--config', file]), [`--config ${file} cannot be read, since its links lead in a circle: check the path`])
})
