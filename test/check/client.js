/**
 * A client of Azure over plain HTTPS, as `azrun check` runs one: `node client.js [--break RULE] [SCRIPT...]`. It keeps
 * all rules, or breaks the one that is named and no other.
 */
import { parseArgs } from 'node:util'
import { habitsOf } from './habits.js'
import { createHttp, Failure } from './http.js'
import { createLogin } from './login.js'
import { createRunCommand } from './run-command.js'

const { values, positionals } = parseArgs({ options: { break: { type: 'string' } }, allowPositionals: true })
const habits = habitsOf(values.break)
const http = createHttp(habits)
const runCommand = createRunCommand(http, createLogin(http, habits), habits)

try {
  const { value = [] } = await runCommand('vm1', positionals.length > 0 ? positionals : ['echo hello'])
  for (const { message } of value) console.log(habits.showsStderr ? message : message.split('[stderr]')[0])
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(`client: ${error.message}`)
  if (habits.reportsFailure) process.exitCode = 1
} finally {
  await http.close()
}
