/** azrun as it is used: arguments 1 and 2 are a data directory and the mode of --auth, `any` unless it is given. */
import { startEmulator } from '../../dist/index.js'
import { FIXTURE } from '../requests.js'

const [dataDir, auth = 'any'] = process.argv.slice(2)
const { port, reset } = await startEmulator({ dataDir, auth, respond: 'immediate', fixtures: [FIXTURE] })
process.on('message', question => {
  if (question === 'reset') reset().then(() => process.send('reset'))
})
process.send({ port })
