/**
 * A client of Azure over plain HTTPS, as `azrun check` runs one: `node client.js [--break RULE] [SCRIPT...]`. It keeps
 * all rules, or breaks the one that is named and no other.
 */
import { parseArgs } from 'node:util'
import { runClient } from './run-client.js'

const { values, positionals } = parseArgs({ options: { break: { type: 'string' } }, allowPositionals: true })
const script = positionals.length > 0 ? positionals : ['echo hello']
const { exitCode, stdout, stderr } = await runClient({ broken: values.break, script, env: process.env })
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = exitCode
