/** azrun in normal use. Its arguments: a data directory and, optionally, --auth and --journal. */
import { startEmulator } from '../../dist/index.js'
import { FIXTURE } from '../requests.js'

const [dataDir, auth = 'any', journal = '10000'] = process.argv.slice(2)
const { port, reset } = await startEmulator({
  dataDir, auth, journal: Number(journal), respond: 'immediate', fixtures: [FIXTURE]
})
process.on('message', question => {
  if (question === 'reset') reset().then(() => process.send('reset'))
})
process.send({ port })
