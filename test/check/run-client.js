import { habitsOf } from './habits.js'
import { createHttp, Failure } from './http.js'
import { createLogin } from './login.js'
import { createRunCommand } from './run-command.js'

/** See run-client.d.ts. */
export async function runClient ({ broken, script, env, ca }) {
  const habits = habitsOf(broken)
  const http = createHttp(habits, { env, ca })
  const runCommand = createRunCommand(http, createLogin(http, habits, env), habits, env)
  try {
    const { value = [] } = await runCommand('vm1', script)
    const lines = value.map(({ message }) => `${habits.showsStderr ? message : message.split('[stderr]')[0]}\n`)
    return { exitCode: 0, stdout: lines.join(''), stderr: '' }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { exitCode: habits.reportsFailure ? 1 : 0, stdout: '', stderr: `client: ${error.message}\n` }
  } finally {
    await http.close()
  }
}
