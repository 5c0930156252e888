import { ratioRow } from './report.js'
import { measureRounds, ratios, Server } from './server.js'

/** The poll of finished operations at random, among many. */
export async function measurePoll ({ rounds, requests, warmUp, operations, dataDir, load }) {
  const servers = await Promise.all([
    Server.start('servers/bare.js'),
    Server.start('servers/same-bytes.js'),
    Server.start('servers/poll.js', { args: [dataDir, `${operations}`] })
  ])
  try {
    await measureRounds(servers, load, { rounds: 1, loadOf: () => ({ kind: 'poll', requests: warmUp, operations }) })
    const [bare, sameBytes, azrun] = await measureRounds(servers, load, { rounds, loadOf: () => ({ kind: 'poll', requests, operations }) })
    const name = `poll, ${operations.toLocaleString('en')} operations kept, beside`
    return [
      ratioRow(`${name} a bare GET, by CPU`, ratios(bare, azrun, 'cpu'), 'at least 0.65'),
      ratioRow(`${name} a bare GET, by requests/s`, ratios(bare, azrun, 'time')),
      ratioRow(`${name} a GET of the same bytes, a constant, by CPU`, ratios(sameBytes, azrun, 'cpu'))
    ]
  } finally {
    for (const server of servers) server.stop()
  }
}
