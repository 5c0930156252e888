import { ratioRow } from './report.js'
import { measureProcesses, ratios, Server } from './server.js'

/** The action with an immediate response from a fixture, over plain HTTP, on keep-alive connections. */
export async function measureRunCommand ({ dataDir, load, ...settings }) {
  const startServers = () => Promise.all([
    Server.start('servers/bare.js'),
    Server.start('servers/same-bytes.js'),
    Server.start('servers/hand-written.js'),
    Server.start('servers/azrun.js', { args: [dataDir] })
  ])
  const loadOf = requests => ({ requests })
  const [bare, sameBytes, handWritten, azrun] = await measureProcesses(startServers, load, { ...settings, loadOf })
  const name = 'immediate runCommand, compared with'
  return [
    ratioRow(`${name} a bare node:http server, by CPU`, ratios(bare, azrun, 'cpu'), 'at least 0.60'),
    ratioRow(`${name} a bare node:http server, by requests/s`, ratios(bare, azrun, 'time')),
    ratioRow(`${name} a node:http server that sends the same bytes as a constant, by CPU`, ratios(sameBytes, azrun, 'cpu')),
    ratioRow(`${name} the same features written by hand on node:http, by CPU`, ratios(handWritten, azrun, 'cpu')),
    ratioRow(`${name} the same features written by hand on node:http, by requests/s`, ratios(handWritten, azrun, 'time'))
  ]
}
