import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeDirectory } from '../../src/files/make-directory.js'

t.test('creates a directory and its parents, which only the user can access', async t => {
  const directory = join(t.testdir(), 'a', 'b', 'c')
  makeDirectory(directory)
  makeDirectory(directory)
  t.ok(statSync(directory).isDirectory())
  t.equal(statSync(directory).mode & 0o777, 0o700)
})

t.test('reports a file at the path or in it', async t => {
  const dir = t.testdir({ file: '' })
  t.throws(() => makeDirectory(join(dir, 'file')), { code: 'EEXIST' })
  t.throws(() => makeDirectory(join(dir, 'file', 'below')), { code: 'ENOTDIR' })
})

t.test('reports a directory that the system refuses to create', {
  skip: existsSync('/proc/self') ? false : 'there is no /proc'
}, async t => {
  t.throws(() => makeDirectory('/proc/azrun/below'), { code: 'ENOENT' })
})
