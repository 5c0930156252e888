#!/usr/bin/env node
import { fileURLToPath } from 'node:url'
import { runCached } from './code-cache.js'
import { print } from './commands/print.js'
import { version } from './version.js'

/** The build puts it there, out of cli.ts. */
const COMMAND_LINE = fileURLToPath(new URL('./cli/main.js', import.meta.url))

/** In the package: only those who may change its code can write there. */
const CACHE_DIRECTORY = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

const runCommandLine = () => runCached(COMMAND_LINE, {
  directory: CACHE_DIRECTORY,
  isTypical: url => /\/runCommand\b/i.test(url)
})

// The command line has this option too, but takes longer to load than the version to print.
if (process.argv.length === 3 && process.argv[2] === '--version') print(`${version}\n`).catch(runCommandLine)
else runCommandLine()
