/** The action alone, written by hand with azrun's checks, headers and bytes. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { FIXTURE } from '../requests.js'
import { problemOf } from './hand-written-checks.js'

const PATH = new RegExp('^/subscriptions/([^/]+)/resourceGroups/([^/]+)' +
  '/providers/Microsoft\\.Compute/virtualMachines/([^/]+)/runCommand/?$', 'i')
const CAPACITY = 10_000

const operations = new Map()
const ids = []
let oldest = 0
const busy = new Set()

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const match = PATH.exec(pathname)
  if (match === null || request.method !== 'POST') { refuse(request, response, 404, 'NotFound'); return }
  const [, subscriptionId, resourceGroup, vmName] = match.map(decodeURIComponent)
  const refused = problemOf(searchParams, subscriptionId, request.headers)
  if (refused !== undefined) { refuse(request, response, refused.status, refused.code); return }
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => run({ request, response, chunks, subscriptionId, target: `${subscriptionId}/${resourceGroup}/${vmName}`.toLowerCase() }))
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

async function run ({ request, response, chunks, subscriptionId, target }) {
  let input
  try {
    input = JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    refuse(request, response, 400, 'BadRequest')
    return
  }
  if (!isRunCommandInput(input)) { refuse(request, response, 400, 'BadRequest'); return }
  if (busy.has(target)) { refuse(request, response, 409, 'Conflict'); return }
  busy.add(target)
  const id = randomUUID()
  const startTime = new Date()
  keep({ id, subscriptionId, location: 'westus', startTime, status: 'InProgress' })
  const output = await execute(input)
  keep({ id, subscriptionId, location: 'westus', startTime, endTime: new Date(), status: 'Succeeded', output })
  busy.delete(target)
  send(request, response, 200, JSON.stringify(output), id)
}

function isRunCommandInput (input) {
  if (typeof input !== 'object' || input === null || typeof input.commandId !== 'string') return false
  const { commandId, script, parameters, ...unknown } = input
  if (Object.keys(unknown).length > 0) return false
  if (script !== undefined && !(Array.isArray(script) && script.every(line => typeof line === 'string'))) return false
  return parameters === undefined || (Array.isArray(parameters) && parameters.every(each =>
    typeof each === 'object' && each !== null && typeof each.name === 'string' && typeof each.value === 'string'))
}

function keep (operation) {
  if (!operations.has(operation.id)) {
    if (ids.length < CAPACITY) {
      ids.push(operation.id)
    } else {
      operations.delete(ids[oldest])
      ids[oldest] = operation.id
      oldest = (oldest + 1) % CAPACITY
    }
  }
  operations.set(operation.id, operation)
}

async function execute ({ commandId, script = [] }) {
  const text = script.join('\n').replaceAll('\r\n', '\n')
  const found = FIXTURE.match.commandId === commandId && FIXTURE.match.script === text
  const stdout = found ? FIXTURE.result.stdout : 'no fixture matches'
  const message = `Enable succeeded: \n[stdout]\n${stdout.slice(-4096)}\n[stderr]\n`
  return { value: [{ code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', message }] }
}

function refuse (request, response, status, code) {
  send(request, response, status, JSON.stringify({ error: { code, message: code } }), randomUUID())
}

function send (request, response, status, body, requestId) {
  const date = new Date()
  const correlationId = request.headers['x-ms-correlation-request-id'] ?? randomUUID()
  response.writeHead(status, [
    'Cache-Control', 'no-cache',
    'Pragma', 'no-cache',
    'Content-Type', 'application/json; charset=utf-8',
    'Expires', '-1',
    'Strict-Transport-Security', 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options', 'nosniff',
    'x-ms-ratelimit-remaining-resource', 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11',
    'x-ms-ratelimit-remaining-subscription-writes', '199',
    'x-ms-ratelimit-remaining-subscription-global-writes', '2999',
    'x-ms-request-id', requestId,
    'x-ms-correlation-request-id', correlationId,
    'x-ms-routing-request-id', `WESTUS:${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z:${correlationId}`,
    'X-Cache', 'CONFIG_NOCACHE',
    'X-MSEdge-Ref', `Ref A: ${randomUUID().replaceAll('-', '').toUpperCase()} Ref B: SJC211000000001 ` +
      `Ref C: ${date.toISOString().slice(0, 19)}Z`,
    'Date', date.toUTCString()
  ])
  response.end(body)
}
