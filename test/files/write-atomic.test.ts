import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeFileAtomic } from '../../src/files/write-atomic.js'

t.test('replaces a file with the given mode, and leaves no draft', async t => {
  const dir = t.testdir({ file: 'old' })
  writeFileAtomic(join(dir, 'file'), 'new', { mode: 0o600 })
  t.equal(readFileSync(join(dir, 'file'), 'utf8'), 'new')
  t.equal(statSync(join(dir, 'file')).mode & 0o777, 0o600)
  t.strictSame(readdirSync(dir), ['file'])
})

t.test('does not follow a link at the name of the file or of its draft', async t => {
  const dir = t.testdir({ precious: 'precious' })
  for (const name of ['file', `file.${process.pid}`]) symlinkSync(join(dir, 'precious'), join(dir, name))
  writeFileAtomic(join(dir, 'file'), 'new')
  t.equal(readFileSync(join(dir, 'precious'), 'utf8'), 'precious')
  t.equal(readFileSync(join(dir, 'file'), 'utf8'), 'new')
})

t.test('leaves no draft if it cannot replace the file', async t => {
  const dir = t.testdir({ file: { taken: '' } })
  t.throws(() => writeFileAtomic(join(dir, 'file'), 'new'), { code: /EISDIR|ENOTEMPTY|EEXIST/ })
  t.strictSame(readdirSync(dir), ['file'])
})
