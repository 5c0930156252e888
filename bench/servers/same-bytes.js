/** As bare.js, with the headers and the framing that Azure's answers have: what is left is azrun's own work. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { RESULT, STATUS } from '../requests.js'

const result = JSON.stringify(RESULT)
const id = randomUUID()
const BEFORE = ['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Type', 'application/json; charset=utf-8',
  'Expires', '-1', 'Vary', 'Accept-Encoding', 'Server', 'azrun/0.1.0',
  'Strict-Transport-Security', 'max-age=31536000; includeSubDomains', 'X-Content-Type-Options', 'nosniff']
const AFTER = ['x-ms-request-id', id, 'x-ms-correlation-request-id', id,
  'x-ms-routing-request-id', `WESTUS:20240301T000000Z:${id}`, 'Date', new Date(0).toUTCString()]
const GET = [...BEFORE,
  'x-ms-ratelimit-remaining-resource', 'Microsoft.Compute/GetOperation3Min;14999,Microsoft.Compute/GetOperation30Min;29999',
  'x-ms-ratelimit-remaining-subscription-reads', '11999', ...AFTER]
const POST = [...BEFORE,
  'x-ms-ratelimit-remaining-resource', 'Microsoft.Compute/UpdateVM3Min;239,Microsoft.Compute/UpdateVM30Min;1199',
  'x-ms-ratelimit-remaining-subscription-writes', '1199', ...AFTER, 'Content-Length', `${Buffer.byteLength(result)}`]

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, GET).write(STATUS)
    response.end()
    return
  }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const { script } = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
    response.writeHead(script.length === 1 ? 200 : 400, POST).end(result)
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
