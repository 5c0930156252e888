import fs, { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
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

t.test('leaves no draft if the disk becomes full', async t => {
  const dir = t.testdir({ file: 'old' })
  const { writeFileSync } = fs
  const setWrite = (change: typeof writeFileSync) => {
    fs.writeFileSync = change
    syncBuiltinESMExports()
  }
  t.teardown(() => setWrite(writeFileSync))
  setWrite((file, _content, options) => {
    writeFileSync(file, 'half of it', options)
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  })
  t.throws(() => writeFileAtomic(join(dir, 'file'), 'new'), { code: 'ENOSPC' })
  t.strictSame(readdirSync(dir), ['file'])
  t.equal(readFileSync(join(dir, 'file'), 'utf8'), 'old')
})
