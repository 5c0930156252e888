/**
 * A client of Azure over plain HTTPS for `azrun check`: `node client.js [--break RULE] [SCRIPT...]`. It keeps all
 * rules, or breaks only the given one.
 */
import { parseArgs } from 'node:util'
import { runClient } from './run-client.js'

const { values, positionals } = parseArgs({ options: { break: { type: 'string' } }, allowPositionals: true })
const script = positionals.length > 0 ? positionals : ['echo hello']
const { exitCode, stdout, stderr } = await runClient({ broken: values.break, script, env: process.env })
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = exitCode
