/** azrun as it is used: argument 1 is a data directory. */
import { startEmulator } from '../../dist/index.js'
import { FIXTURE } from '../requests.js'

const { port, reset } = await startEmulator({ dataDir: process.argv[2], respond: 'immediate', fixtures: [FIXTURE] })
process.on('message', question => {
  if (question === 'reset') reset().then(() => process.send('reset'))
})
process.send({ port })
