/** The least that answers: the body is read and parsed, the answer is a constant. */
import { createServer } from 'node:http'
import { operationId, RESULT, STDOUT } from '../requests.js'

const result = JSON.stringify(RESULT)
const time = '2024-03-01T00:00:00.0001234+00:00'
const status = `{\r\n  "startTime": "${time}",\r\n  "endTime": "${time}",\r\n  "status": "Succeeded",\r\n  "properties": {\r\n` +
  `    "output": ${result}\r\n  },\r\n  "name": "${operationId(0)}"\r\n}`

const server = createServer((request, response) => {
  if (request.method === 'GET') { answer(response, status); return }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { script } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    answer(response, script.length === 1 ? result : STDOUT)
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

function answer (response, body) {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) }).end(body)
}
