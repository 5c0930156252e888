/**
 * Runs a client's program, which prints what the client gave as one line of JSON, and ends as a command that uses the
 * client would: with 1 where that is an error, or a list that has one.
 */
import { spawnSync } from 'node:child_process'

const [program, ...args] = process.argv.slice(2)
const { stdout, status } = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
process.stdout.write(stdout)
const hasSucceeded = status === 0 && [JSON.parse(stdout)].flat().every(({ error }) => error === undefined)
process.exitCode = hasSucceeded ? 0 : status || 1
