import {
  chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync
} from 'node:fs'
import fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { INNER, removeTree } from '../../../src/executors/shell/remove-tree.js'
import { cannotBecomeAnother } from '../../harness/another-user.js'

/** A directory below `top` whose path is longer than the system accepts (PATH_MAX). */
function makeDeep (top: string): void {
  const levels = Array.from({ length: 30 }, (_, level) => `${level}`.padEnd(100, 'x'))
  const below = join(top, 'below')
  mkdirSync(join(below, ...levels), { recursive: true })
  writeFileSync(join(below, ...levels, 'file'), '')
  mkdirSync(join(top, ...levels), { recursive: true })
  renameSync(below, join(top, ...levels, 'below'))
}

/** A directory to remove, with links to another directory, which must remain. */
function twoTrees (t: Test) {
  const root = t.testdir({ top: { file: '' }, kept: { file: 'kept' } })
  const [top, kept] = [join(root, 'top'), join(root, 'kept')]
  symlinkSync(kept, join(top, 'link'))
  symlinkSync(join(kept, 'file'), join(top, 'link to a file'))
  return { top, keeps: () => readFileSync(join(kept, 'file'), 'utf8') === 'kept' }
}

t.test('removes a directory without following links', async t => {
  const { top, keeps } = twoTrees(t)
  await removeTree(top)
  t.notOk(existsSync(top))
  t.ok(keeps())
})

t.test('removes directories that are nested too deeply for a path', async t => {
  const { top, keeps } = twoTrees(t)
  makeDeep(top)
  symlinkSync('..', join(top, 'up'))
  await t.rejects(fs.rm(top, { recursive: true }), { code: 'ENAMETOOLONG' }, 'Node cannot remove it')
  await removeTree(top)
  t.notOk(existsSync(top))
  t.ok(keeps())
})

t.test('removes directories without write permission', async t => {
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

t.test('ignores a directory that does not exist, and reports one that cannot be removed', async t => {
  await removeTree(join(t.testdir(), 'none'))
  const { removeTree: removeAsUser } = await importForUser(t)
  await t.rejects(removeAsUser('/proc/self/fd'), { code: /^E(PERM|ACCES)$/ })
})

t.test('tries a busy directory again, but only the whole of it: at each level that would take longer and longer', async t => {
  for (const code of ['EBUSY', 'ENOTEMPTY']) {
    const seen: unknown[] = []
    const { removeTree } = await importWith(t, code, options => seen.push(options))
    const top = t.testdir({ script: { mounted: {} } })
    await t.rejects(removeTree(top), { code })
    t.strictSame(seen, Array(4).fill({ recursive: true, force: true }), code)
  }
})

t.test('says which file cannot be removed, and not that it is no directory', async t => {
  const { removeTree } = await importWith(t, 'ENOTDIR')
  await t.rejects(removeTree('/proc/self/fdinfo'), { code: /^E(PERM|ACCES)$/ })
})

/** The module with an `rm` that fails as for a normal user. For root it succeeds. */
async function importForUser (t: Test) {
  return await importWith(t, 'EACCES')
}

/** The module with an `rm` that fails, and tells `called` its options. */
async function importWith (t: Test, code: string, called: (options: unknown) => void = () => {}) {
  const rm = async (_path: string, options: unknown) => {
    called(options)
    throw Object.assign(new Error(code), { code })
  }
  return await t.mockImport<typeof import('../../../src/executors/shell/remove-tree.js')>(
    '../../../src/executors/shell/remove-tree.js', { 'node:fs/promises': { ...fs, rm } })
}

/** A directory of azrun with a subdirectory of another user. */
function usersTree (t: Test): { top: string, own: string } {
  const top = mkdtempSync(join(tmpdir(), 'azrun-test-'))
  t.teardown(() => rmSync(top, { recursive: true, force: true }))
  chmodSync(top, 0o711)
  const own = join(top, INNER)
  mkdirSync(join(own, 'a/b'), { recursive: true })
  writeFileSync(join(own, 'a/b/file'), '')
  chmodSync(join(own, 'a/b'), 0)
  for (const each of ['a/b/file', 'a/b', 'a', '']) chownSync(join(own, each), 54321, 54321)
  return { top, own }
}

t.test("removes another user's directory as that user", { skip: cannotBecomeAnother }, async t => {
  const { top } = usersTree(t)
  await removeTree(top)
  t.notOk(existsSync(top))
})

t.test('does not remove as root what that user must not remove', { skip: cannotBecomeAnother }, async t => {
  const { top, own } = usersTree(t)
  mkdirSync(join(own, 'of-root/full'), { recursive: true })
  await t.rejects(removeTree(top), { code: 'ENOTEMPTY' })
  t.ok(existsSync(join(own, 'of-root/full')))
  t.notOk(existsSync(join(own, 'a')))
})
