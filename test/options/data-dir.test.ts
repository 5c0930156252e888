import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Config } from '../../src/options/config.js'
import { findDataDir, lastingDataDir, openDataDir, orRemove } from '../../src/options/data-dir.js'
import { cannotBecomeAnother, outputAsAnother } from '../harness/another-user.js'
import { configFromArgv } from '../harness/config.js'

const config = (...argv: string[]) => configFromArgv(argv, {})
const silent = (message: string) => t.fail(message)

/** The variable of this process has this value until the test ends. */
function set (t: Test, name: 'HOME' | 'TMPDIR', value: string): string {
  const before = process.env[name]
  t.teardown(() => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })
  process.env[name] = value
  return value
}

function collect () {
  const said: string[] = []
  return { said, warn: (message: string) => { said.push(message) } }
}

t.test('is .azrun in a home directory that can be written, and leaves nothing there', async t => {
  const home = set(t, 'HOME', t.testdir())
  const { path, remove } = openDataDir(await config(), silent)
  remove()
  t.equal(path, join(home, '.azrun'))
  t.strictSame(readdirSync(path), [])
  t.equal(findDataDir(await config()).path, path)
  t.equal(lastingDataDir(await config(), silent), path)
})

t.test('is private and temporary if the home directory cannot be written, and says what that means', async t => {
  const home = set(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const { said, warn } = collect()
  const { path, remove } = openDataDir(await config(), warn)
  t.ok(path.startsWith(join(tmpdir(), 'azrun-data-')))
  t.equal(statSync(path).mode & 0o777, 0o700)
  const fault = said[0]!.slice(said[0]!.indexOf('a part of'), said[0]!.indexOf('. Until'))
  t.equal(fault, `a part of the path ${join(home, '.azrun')} is a file`)
  t.strictSame(said, [`the default data directory cannot be used: ${fault}. ` +
    `Until it ends, azrun keeps its keys in ${path}, so clients must trust a new CA after each start: give --data-dir a ` +
    'directory that azrun can write, such as a volume, to keep them'])
  writeFileSync(join(path, 'key'), '')
  remove()
  t.notOk(existsSync(path))
  openDataDir({ ...await config(), cert: 'cert.pem' }, warn).remove()
  t.match(said[1], 'so no token is valid after a restart: ')
})

t.test('is not temporary if it is given, but an error that says what to do', async t => {
  const dir = join(t.testdir({ file: '' }), 'file')
  const { message } = thrown(await config('--data-dir', dir))
  t.match(message, `--data-dir ${dir} cannot hold azrun's certificates: ${dir} is a file, not a directory; give --data-dir a directory `)
  t.equal(lastingDataDir(await config('--data-dir', dir), silent), dir)
})

t.test('is an error if there is no place for a temporary one either', async t => {
  set(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  set(t, 'TMPDIR', '/no/such/directory')
  const { name, message } = thrown(await config())
  t.equal(name, 'UsageError')
  t.match(message, /^azrun has no place for its keys: a part of the path \S+ is a file, and ENOENT: [^;]+; give /)
})

t.test('stays for files that must outlast the process, which says where they are', async t => {
  set(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const { said, warn } = collect()
  const path = lastingDataDir(await config(), warn)
  t.teardown(() => rmSync(path, { recursive: true }))
  t.equal(statSync(path).mode & 0o777, 0o700)
  t.equal(said.length, 1)
  t.match(said[0], /^the default data directory cannot be used: a part of .+ The files for clients are in \S+: remove/)
})

t.test('is removed if what is to use it cannot be made', async t => {
  set(t, 'HOME', join(t.testdir({ file: '' }), 'file'))
  const dataDir = openDataDir(await config(), () => {})
  await t.rejects(orRemove(dataDir, async () => { throw new Error('an invalid option') }), { message: 'an invalid option' })
  t.notOk(existsSync(dataDir.path))
})

t.test('is a directory that can only be read if it has the keys of an earlier start', {
  skip: cannotBecomeAnother
}, async t => {
  const home = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(home, { recursive: true }))
  const imports = `import { openDataDir } from '${new URL('../../dist/options/data-dir.js', import.meta.url)}'`
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
    openDataDir(options, silent)
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}
