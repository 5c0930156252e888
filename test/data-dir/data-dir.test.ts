import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findDataDir, lastingDataDir, openDataDir, orRemove } from '../../src/data-dir/data-dir.js'
import type { Config } from '../../src/options/config.js'
import { cannotBecomeAnother, outputAsAnother } from '../harness/another-user.js'
import { configFromArgv } from '../harness/config.js'
import { setVariable } from '../harness/variables.js'
import { collectWarnings, noWarning } from '../harness/warnings.js'

const config = (...argv: string[]) => configFromArgv(argv, {})

t.test('the data directory is .azrun in a home directory that can be written, and is left empty', async t => {
  const home = setVariable(t, 'HOME', t.testdir())
  const { path, remove } = openDataDir(await config(), noWarning)
  remove()
  t.equal(path, join(home, '.azrun'))
  t.strictSame(readdirSync(path), [])
  t.equal(findDataDir(await config()).path, path)
  t.equal(lastingDataDir(await config(), noWarning), path)
})

t.test('the data directory is private and temporary if the home directory cannot be written, with a warning', async t => {
  const home = setVariable(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const { warnings, warn } = collectWarnings()
  const { path, remove } = openDataDir(await config(), warn)
  t.ok(path.startsWith(join(tmpdir(), 'azrun-data-')))
  t.equal(statSync(path).mode & 0o777, 0o700)
  const fault = warnings[0]!.slice(warnings[0]!.indexOf('a part of'), warnings[0]!.indexOf('. Until'))
  t.equal(fault, `a part of the path ${join(home, '.azrun')} is a file`)
  t.strictSame(warnings, [`the default data directory cannot be used: ${fault}. ` +
    `Until it ends, azrun keeps its keys in ${path}, so clients must trust a new CA after each start: give --data-dir a ` +
    'directory that azrun can write, such as a volume, to keep them'])
  writeFileSync(join(path, 'key'), '')
  remove()
  t.notOk(existsSync(path))
  openDataDir({ ...await config(), cert: 'cert.pem' }, warn).remove()
  t.match(warnings[1], 'so no token is valid after a restart: ')
})

t.test('a given data directory that cannot be written is an error, which has the remedy', async t => {
  const dir = join(t.testdir({ file: '' }), 'file')
  const { message } = thrown(await config('--data-dir', dir))
  t.match(message, `--data-dir ${dir} cannot hold azrun's certificates: ${dir} is a file, not a directory; give --data-dir a directory `)
  t.equal(lastingDataDir(await config('--data-dir', dir), noWarning), dir)
})

t.test('it is an error if no temporary data directory can be created either', async t => {
  setVariable(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  setVariable(t, 'TMPDIR', '/no/such/directory')
  const { name, message } = thrown(await config())
  t.equal(name, 'UsageError')
  t.match(message, /^azrun has no place for its keys: a part of the path \S+ is a file, and ENOENT: [^;]+; give /)
})

t.test('a temporary data directory for lasting files stays, with a warning that names it', async t => {
  setVariable(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const { warnings, warn } = collectWarnings()
  const path = lastingDataDir(await config(), warn)
  t.teardown(() => rmSync(path, { recursive: true }))
  t.equal(statSync(path).mode & 0o777, 0o700)
  t.equal(warnings.length, 1)
  t.match(warnings[0],
    /^the default data directory cannot be used: a part of .+ The files for clients are in \S+: remove/)
})

t.test('a temporary data directory is removed if the start fails', async t => {
  setVariable(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const dataDir = openDataDir(await config(), () => {})
  await t.rejects(orRemove(dataDir, async () => { throw new Error('an invalid option') }), { message: 'an invalid option' })
  t.notOk(existsSync(dataDir.path))
})

t.test('the data directory may be read-only if it has the keys of an earlier start', {
  skip: cannotBecomeAnother
}, async t => {
  const home = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  const imports = `import { openDataDir } from '${new URL('../../dist/data-dir/data-dir.js', import.meta.url)}'`
  const show = () => outputAsAnother(imports, `
    const warnings = []
    const { path, remove } = openDataDir({ nameOf: () => ({ text: '--data-dir' }) }, message => warnings.push(message))
    remove()
    process.stdout.write(warnings.length + ' ' + path)`, { HOME: home })
  for (const folder of ['ca', 'signing-key']) {
    mkdirSync(join(home, '.azrun', folder), { recursive: true })
    writeFileSync(join(home, '.azrun', folder, 'key.pem'), '')
  }
  for (const directory of [home, join(home, '.azrun')]) chmodSync(directory, 0o755)
  t.equal(show(), `0 ${join(home, '.azrun')}`)
  rmSync(join(home, '.azrun', 'ca'), { recursive: true })
  t.match(show(), `1 ${join(tmpdir(), 'azrun-data-')}`)
})

function thrown (options: Config): Error {
  try {
    openDataDir(options, noWarning)
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
