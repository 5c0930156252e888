import { ratioRow } from './report.js'
import { measureProcesses, ratios, Server } from './server.js'

/** The poll of finished operations at random, among many. */
export async function measurePoll ({ operations, dataDir, load, ...settings }) {
  const startServers = () => Promise.all([
    Server.start('servers/bare.js'),
    Server.start('servers/same-bytes.js'),
    Server.start('servers/poll.js', { args: [dataDir, `${operations}`] })
  ])
  const loadOf = requests => ({ kind: 'poll', requests })
  const [bare, sameBytes, azrun] = await measureProcesses(startServers, load, { ...settings, loadOf })
  const name = `poll, ${operations.toLocaleString('en')} operations kept, beside`
  return [
    ratioRow(`${name} a bare GET, by CPU`, ratios(bare, azrun, 'cpu'), 'at least 0.60'),
    ratioRow(`${name} a bare GET, by requests/s`, ratios(bare, azrun, 'time')),
    ratioRow(`${name} a GET of the same bytes, a constant, by CPU`, ratios(sameBytes, azrun, 'cpu'))
  ]
}
