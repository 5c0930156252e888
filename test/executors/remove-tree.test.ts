import {
  chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync
} from 'node:fs'
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { OF_USER } from '../../src/executors/as-user.js'
import { removeTree } from '../../src/executors/remove-tree.js'
import { cannotBecomeAnother } from '../harness/another-user.js'

/** A directory below `top` whose path is longer than the system accepts (PATH_MAX). */
function makeDeep (top: string): void {
  const levels = Array.from({ length: 30 }, (_, level) => `${level}`.padEnd(100, 'x'))
  const below = join(top, 'below')
  mkdirSync(join(below, ...levels), { recursive: true })
  writeFileSync(join(below, ...levels, 'file'), '')
  mkdirSync(join(top, ...levels), { recursive: true })
  renameSync(below, join(top, ...levels, 'below'))
}

/** A directory to remove, and one that remains although the first has links to it. */
function twoTrees (t: Test) {
  const root = t.testdir({ top: { file: '' }, kept: { file: 'kept' } })
  const [top, kept] = [join(root, 'top'), join(root, 'kept')]
  symlinkSync(kept, join(top, 'link'))
  symlinkSync(join(kept, 'file'), join(top, 'link to a file'))
  return { top, keeps: () => readFileSync(join(kept, 'file'), 'utf8') === 'kept' }
}

t.test('removes a directory and follows no link', async t => {
  const { top, keeps } = twoTrees(t)
  await removeTree(top)
  t.notOk(existsSync(top))
  t.ok(keeps())
})

t.test('removes directories that are nested more deeply than a path can say', async t => {
  const { top, keeps } = twoTrees(t)
  makeDeep(top)
  symlinkSync('..', join(top, 'up'))
  await t.rejects(fs.rm(top, { recursive: true }), { code: 'ENAMETOOLONG' }, 'Node cannot remove it')
  await removeTree(top)
  t.notOk(existsSync(top))
  t.ok(keeps())
})

t.test('removes directories that may not be written to', async t => {
  const { top, keeps } = twoTrees(t)
  mkdirSync(join(top, 'a', 'b'), { recursive: true })
  writeFileSync(join(top, 'a', 'b', 'file'), '')
  chmodSync(join(top, 'a', 'b'), 0o500)
  chmodSync(join(top, 'a'), 0)
  chmodSync(top, 0)
  const { removeTree } = await importForUser(t)
  await removeTree(top)
  t.notOk(existsSync(top))
  t.ok(keeps())
})

t.test('ignores a directory that is not there, and reports what cannot be removed', async t => {
  await removeTree(join(t.testdir(), 'none'))
  const { removeTree: removeAsUser } = await importForUser(t)
  await t.rejects(removeAsUser('/proc/self/fd'), { code: /^E(PERM|ACCES)$/ })
})

/** The module with the `rm` of a user who may not remove a directory; root's tries for three seconds, or can. */
async function importForUser (t: Test) {
  const rm = async () => { throw Object.assign(new Error('EACCES'), { code: 'EACCES' }) }
  return await t.mockImport<typeof import('../../src/executors/remove-tree.js')>(
    '../../src/executors/remove-tree.js', { 'node:fs/promises': { ...fs, rm } })
}

/** A directory of azrun's own, which everyone may enter, with one that is a user's. */
function usersTree (t: Test): { top: string, own: string } {
  const top = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(top, { recursive: true, force: true }))
  chmodSync(top, 0o711)
  const own = join(top, OF_USER)
  mkdirSync(join(own, 'a/b'), { recursive: true })
  writeFileSync(join(own, 'a/b/file'), '')
  chmodSync(join(own, 'a/b'), 0)
  for (const each of ['a/b/file', 'a/b', 'a', '']) chownSync(join(own, each), 54321, 54321)
  return { top, own }
}

t.test("removes what is another user's, as that user", { skip: cannotBecomeAnother }, async t => {
  const { top } = usersTree(t)
  await removeTree(top)
  t.notOk(existsSync(top))
})

t.test('does not remove as root what that user may not', { skip: cannotBecomeAnother }, async t => {
  const { top, own } = usersTree(t)
  mkdirSync(join(own, 'of-root/full'), { recursive: true })
  await t.rejects(removeTree(top), { code: 'ENOTEMPTY' })
  t.ok(existsSync(join(own, 'of-root/full')))
  t.notOk(existsSync(join(own, 'a')))
})
