/** A server that does the minimum: it reads and parses the body, and responds with a constant. */
import { createServer } from 'node:http'
import { RESULT, STATUS, STDOUT } from '../requests.js'

const result = JSON.stringify(RESULT)

const server = createServer((request, response) => {
  if (request.method === 'GET') { send(response, STATUS); return }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { script } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    send(response, script.length === 1 ? result : STDOUT)
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

function send (response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) }).end(body)
}
