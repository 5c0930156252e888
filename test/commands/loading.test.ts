import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** The packages and the files of src that a file loads, directly or through static imports. */
function loadedWith (file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, specifier] of text.matchAll(/^(?:import|export|}) (?!type )(?:[^'\n]*\bfrom )?'([^']+)'/gm)) {
    if (specifier!.startsWith('.')) loadedWith(join(dirname(file), specifier!.replace(/\.js$/, '.ts')), seen)
    else seen.add(specifier!)
  }
  return seen
}

t.test('azrun --version, help and usage errors load no package but commander', async t => {
  const loaded = [...loadedWith(join(SRC, 'cli.ts'))]
  t.ok(loaded.length > 10)
  t.strictSame(loaded.filter(each => !each.startsWith('/') && !each.startsWith('node:')), ['commander'])
})

t.test('the main file of the bundle loads the others lazily', async t => {
  const main = readFileSync(new URL('../../dist/cli/main.js', import.meta.url), 'utf8')
  const required = [...main.matchAll(/(.{4})require\("\.\/[\w-]+\.js"\)/g)]
  t.ok(required.length > 3)
  t.strictSame(required.filter(([, before]) => before !== '()=>').map(([found]) => found), [])
})
