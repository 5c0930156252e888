import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** What is loaded with a file: packages, and files of src with all that they import statically. */
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

t.test('azrun --version, help and a wrong call load only what reads a command line', async t => {
  const loaded = [...loadedWith(join(SRC, 'cli.ts'))]
  t.ok(loaded.length > 10)
  t.strictSame(loaded.filter(each => !each.startsWith('/') && !each.startsWith('node:')), ['commander'])
})
