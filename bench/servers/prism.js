/** Prism in this process. Its arguments: the file of its command, the document and the port. */
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const [file, document, port] = process.argv.slice(2)
process.argv.splice(1, Infinity, file, 'mock', document, '--host', '127.0.0.1', '--port', port, '--verboseLevel', 'silent')
await import(pathToFileURL(file))
while (!await responds()) await setTimeout(100)
process.send({ port: Number(port) })

function responds () {
  return new Promise(resolve => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false)).on('connect', () => socket.destroy())
  })
}
