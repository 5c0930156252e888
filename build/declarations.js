import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/*
 * Removes the declarations from dist/ that the public ones do not refer to. tsc writes one for each source of the
 * library.
 */

const DIST = fileURLToPath(new URL('../dist/', import.meta.url))

const reached = new Set()
for (const entry of ['index.d.ts', 'kit/index.d.ts']) reach(join(DIST, entry))

for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  const file = join(DIST, name)
  if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
}

function reach (file) {
  if (reached.has(file)) return
  reached.add(file)
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
    if (fileName.startsWith('.')) reach(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')))
  }
}
