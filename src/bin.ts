#!/usr/bin/env node
import { join } from 'node:path'
import { runCached } from './code-cache.js'
import { print } from './commands/print.js'
import { version } from './version.js'

/** The build creates it from cli.ts. */
const COMMAND_LINE = join(import.meta.dirname, 'cli/main.js')

/** In the package: only those who may change its code can write there. */
const CACHE_DIRECTORY = join(import.meta.dirname, '../node_modules/.cache')

const runCommandLine = () => runCached(COMMAND_LINE, {
  directory: CACHE_DIRECTORY,
  isTypical: url => /\/runCommand\b/i.test(url)
})

// The command line has this option too, but loading it takes longer than printing the version.
if (process.argv.length === 3 && process.argv[2] === '--version') print(`${version}\n`).catch(runCommandLine)
else runCommandLine()
