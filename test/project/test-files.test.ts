import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { BATCHES, testFiles } from '../harness/batch.js'
import { PROJECT } from '../harness/packed.js'

t.test('npm test and the other suites run every test file once, alone or in a batch', async t => {
  const { stdout } = await promisify(execFile)(process.execPath, ['node_modules/.bin/tap', 'list'], { cwd: PROJECT })
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const others = ['test:pages', 'test:load', 'test:consumers'].flatMap(name => scripts[name]!.match(/\S+\.test\.ts/g)!)
  const processes = [...stdout.trim().split('\n'), ...others].map(file => file.replace('test/', ''))
  const run = processes.flatMap(file => Object.hasOwn(BATCHES, file) ? BATCHES[file as keyof typeof BATCHES] : [file])
  t.strictSame(run.sort(), testFiles().sort())
})
