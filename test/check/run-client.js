import { habitsOf } from './habits.js'
import { createHttp, Failure } from './http.js'
import { createLogin } from './login.js'
import { createRunCommand } from './run-command.js'

/** See run-client.d.ts. */
export async function runClient ({ broken, variant, machines = ['vm1'], script, env, ca }) {
  const habits = habitsOf(broken, variant)
  const http = createHttp(habits, { env, ca })
  const newLogin = () => createLogin(http, habits, env)
  const login = newLogin()
  const results = await Promise.all(machines.map(async vmName => {
    const runCommand = createRunCommand(http, habits.sharesToken ? login : newLogin(), habits, env)
    return await runOn(vmName, runCommand)
  }))
  await http.close()
  const all = name => results.map(result => result[name])
  return { exitCode: Math.max(...all('exitCode')), stdout: all('stdout').join(''), stderr: all('stderr').join('') }

  async function runOn (vmName, runCommand) {
    try {
      const { value = [] } = await runCommand(vmName, script)
      const lines = value.map(({ message }) => `${habits.showsStderr ? message : message.split('[stderr]')[0]}\n`)
      return { exitCode: 0, stdout: lines.join(''), stderr: '' }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return { exitCode: habits.reportsFailure ? 1 : 0, stdout: '', stderr: `client: ${error.message}\n` }
    }
  }
}
