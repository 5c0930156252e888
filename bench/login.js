import { ratioRow } from './report.js'
import { fetchToken } from './requests.js'
import { measureRounds, ratios, Server } from './server.js'

/** The cost of a login, and of checking its token, each compared with the immediate action. */
export async function measureLogin ({ rounds, requests, warmUp, dataDir, load }) {
  const [azrun, strict] = await Promise.all([
    Server.start('servers/azrun.js', { args: [dataDir] }),
    Server.start('servers/azrun.js', { args: [dataDir, 'strict'] })
  ])
  const token = await fetchToken(strict.port)
  const servers = [azrun, strict]
  const actions = count => server => ({ requests: count, ...server === strict && { token } })
  const logins = count => server => ({ requests: count, ...server === strict && { kind: 'token' } })
  try {
    for (const loadOf of [actions, logins]) {
      await measureRounds(servers, load, { rounds: 1, loadOf: loadOf(warmUp / 2) })
    }
    const [any, checked] = await measureRounds(servers, load, { rounds, loadOf: actions(requests) })
    const [action, login] = await measureRounds(servers, load, { rounds, loadOf: logins(requests) })
    return [
      ratioRow('immediate runCommand with --auth strict, compared with --auth any, by CPU', ratios(any, checked, 'cpu')),
      ratioRow('login with a secret, compared with an immediate runCommand, by CPU', ratios(action, login, 'cpu'))
    ]
  } finally {
    for (const server of servers) server.stop()
  }
}
