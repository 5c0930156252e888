/** Like bare.js, but with the headers and framing of Azure's responses. The difference to azrun is azrun's own work. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { RESULT, STATUS } from '../requests.js'

const result = JSON.stringify(RESULT)
const id = randomUUID()
const BEFORE = ['Cache-Control', 'no-cache', 'Pragma', 'no-cache', 'Content-Type', 'application/json; charset=utf-8',
  'Expires', '-1',
  'Strict-Transport-Security', 'max-age=31536000; includeSubDomains', 'X-Content-Type-Options', 'nosniff']
const AFTER = ['x-ms-request-id', id, 'x-ms-correlation-request-id', id,
  'x-ms-routing-request-id', `WESTUS:20240301T000000Z:${id}`, 'X-Cache', 'CONFIG_NOCACHE',
  'X-MSEdge-Ref', `Ref A: ${id.replaceAll('-', '').toUpperCase()} Ref B: SJC211000000001 Ref C: 2024-03-01T00:00:00Z`,
  'Date', new Date(0).toUTCString()]
const GET = [...BEFORE,
  'x-ms-ratelimit-remaining-resource',
  'Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999',
  'x-ms-ratelimit-remaining-subscription-reads', '249', 'x-ms-ratelimit-remaining-subscription-global-reads', '3749',
  ...AFTER, 'Content-Length', `${Buffer.byteLength(STATUS)}`]
const POST = [...BEFORE,
  'x-ms-ratelimit-remaining-resource', 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11',
  'x-ms-ratelimit-remaining-subscription-writes', '199', 'x-ms-ratelimit-remaining-subscription-global-writes', '2999',
  ...AFTER, 'Content-Length', `${Buffer.byteLength(result)}`]

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, GET).end(STATUS)
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
