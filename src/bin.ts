#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { print } from './commands/print.js'
import { version } from './version.js'

/** From Node 22.1 on. */
interface CompileCache {
  enableCompileCache?: (directory: string) => unknown
}

/** In the package: only those who may change its code can write there. */
const CACHE_DIRECTORY = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

async function runCommandLine (): Promise<void> {
  const { enableCompileCache }: typeof module & CompileCache = module
  enableCompileCache?.(CACHE_DIRECTORY)
  await import('./cli.js')
}

// The command line has this option too, but takes longer to load than the version to print.
if (process.argv.length === 3 && process.argv[2] === '--version') print(`${version}\n`).catch(runCommandLine)
else runCommandLine()
