// Opens connections to a port and exits with 0 once all are connected: node connect.js PORT COUNT
import { once } from 'node:events'
import { connect } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
await Promise.all(Array.from({ length: count }, () => once(connect(port, '127.0.0.1'), 'connect')))
process.exit()
