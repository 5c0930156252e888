/**
 * Runs a client's program, which prints its results as one line of JSON, and exits like a command that uses the client:
 * with 1 if a result is an error.
 */
import { spawnSync } from 'node:child_process'

const [program, ...args] = process.argv.slice(2)
const { stdout, status } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
process.stdout.write(stdout)
const hasSucceeded = status === 0 && [JSON.parse(stdout)].flat().every(({ error }) => error === undefined)
process.exitCode = hasSucceeded ? 0 : status || 1
