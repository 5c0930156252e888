import { ratioRow } from './report.js'
import { measureProcesses, ratios, Server } from './server.js'

/** Polls of `polled` operations at random, while many finished ones are kept. */
export async function measurePoll ({ operations, polled, dataDir, load, ...settings }) {
  const startServers = () => Promise.all([
    Server.start('servers/bare.js'),
    Server.start('servers/same-bytes.js'),
    Server.start('servers/poll.js', { args: [dataDir, `${operations}`] })
  ])
  const loadOf = requests => ({ kind: 'poll', polled, requests })
  const [bare, sameBytes, azrun] = await measureProcesses(startServers, load, { ...settings, loadOf })
  const name = `poll while ${operations.toLocaleString('en')} operations are kept, compared with`
  return [
    ratioRow(`${name} a bare GET, by CPU`, ratios(bare, azrun, 'cpu'), 'at least 0.60'),
    ratioRow(`${name} a bare GET, by requests/s`, ratios(bare, azrun, 'time')),
    ratioRow(`${name} a GET that sends the same bytes as a constant, by CPU`, ratios(sameBytes, azrun, 'cpu'))
  ]
}
