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
  const name = 'runCommand, immediate, beside'
  return [
    ratioRow(`${name} bare node:http, by CPU`, ratios(bare, azrun, 'cpu'), 'at least 0.60'),
    ratioRow(`${name} bare node:http, by requests/s`, ratios(bare, azrun, 'time')),
    ratioRow(`${name} node:http with the same bytes, a constant, by CPU`, ratios(sameBytes, azrun, 'cpu')),
    ratioRow(`${name} the same by hand on node:http, by CPU`, ratios(handWritten, azrun, 'cpu')),
    ratioRow(`${name} the same by hand on node:http, by requests/s`, ratios(handWritten, azrun, 'time'))
  ]
}
