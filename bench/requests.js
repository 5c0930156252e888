export const SUBSCRIPTION = '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e'
export const SCRIPT = 'echo hello from azrun'
export const STDOUT = 'hello from azrun\n'
export const FIXTURE = { name: 'bench', match: { commandId: 'RunShellScript', script: SCRIPT }, result: { stdout: STDOUT } }

/** The result in azrun's response to `runCommandRequests`. */
export const RESULT = {
  value: [{
    code: 'ProvisioningState/succeeded',
    level: 'Info',
    displayStatus: 'Provisioning succeeded',
    message: `Enable succeeded: \n[stdout]\n${STDOUT}\n[stderr]\n`
  }]
}

const TIME = '2024-03-01T00:00:00.0001234+00:00'

/** The body of azrun's response to `pollRequests`. */
export const STATUS = `{\r\n  "startTime": "${TIME}",\r\n  "endTime": "${TIME}",\r\n  "status": "Succeeded",\r\n  "properties": {\r\n` +
  `    "output": ${JSON.stringify(RESULT)}\r\n  },\r\n  "name": "${operationId(0)}"\r\n}`

export const BODY = JSON.stringify({ commandId: 'RunShellScript', script: [SCRIPT], parameters: [{ name: 'arg1', value: 'hello' }] })

const CLIENT = {
  'User-Agent': 'azrun-bench',
  Accept: 'application/json',
  Authorization: 'Bearer a-token',
  'x-ms-client-request-id': '5d424941-f944-4a5f-9b6a-0e285fa5f3ad'
}

/** The headers of the action. */
export const HEADERS = { ...CLIENT, 'Content-Type': 'application/json', 'Content-Length': BODY.length }

export function runCommandPath (vmName) {
  return `/subscriptions/${SUBSCRIPTION}/resourceGroups/bench/providers/Microsoft.Compute/virtualMachines/${vmName}` +
    '/runCommand?api-version=2024-03-01'
}

/** Returns the source of the action's requests. Each connection has its machine, which runs one command at a time. */
export function runCommandRequests (port, connection, token = 'a-token') {
  const headers = { ...HEADERS, Authorization: `Bearer ${token}` }
  const request = Buffer.from(`POST ${runCommandPath(`vm${connection}`)} HTTP/1.1\r\n${head(port, headers)}\r\n${BODY}`)
  return () => request
}

const LOGIN = `${new URLSearchParams({
  grant_type: 'client_credentials',
  client_id: '5a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a11',
  client_secret: 'secret',
  scope: 'https://management.azure.com/.default'
})}`
const LOGIN_HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': LOGIN.length }
const LOGIN_PATH = '/organizations/oauth2/v2.0/token'

/** Returns the source of logins with a secret. */
export function tokenRequests (port) {
  const request = Buffer.from(`POST ${LOGIN_PATH} HTTP/1.1\r\n${head(port, LOGIN_HEADERS)}\r\n${LOGIN}`)
  return () => request
}

/** Logs in with a secret. */
export async function fetchToken (port) {
  const response = await fetch(`http://127.0.0.1:${port}${LOGIN_PATH}`, { method: 'POST', body: new URLSearchParams(LOGIN) })
  return (await response.json()).access_token
}

/** Returns the source of polls of `count` operations at random. Only the server can create their URLs. */
export async function pollRequests (port, count) {
  const requests = (await operationUrls(port, count)).map(url => Buffer.from(`GET ${url} HTTP/1.1\r\n${head(port, CLIENT)}\r\n`))
  return () => requests[Math.floor(Math.random() * requests.length)]
}

async function operationUrls (port, count) {
  const urls = []
  for (let number = 0; number < count; number++) {
    const response = await fetch(`http://127.0.0.1:${port}${runCommandPath('polled')}`, {
      method: 'POST', body: BODY, headers: { 'Content-Type': 'application/json', Authorization: 'Bearer a-token' }
    })
    await response.arrayBuffer()
    const url = response.headers.get('azure-asyncoperation')
    if (url === null) return [OPERATION_URL]
    urls.push(url.replace(/^https?:\/\/[^/]+/, ''))
  }
  return urls
}

/** The URL for a server that returns none. It is as long as azrun's. */
const OPERATION_URL = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/${operationId(0)}` +
  `?p=${operationId(1)}&api-version=2024-03-01&t=638602598122598825&c=${'M'.repeat(2395)}&s=${'s'.repeat(342)}&h=${'h'.repeat(43)}`

/** The id of an operation by its number, which server and load generator both know. The factor spreads neighbors. */
export function operationId (number) {
  const spread = hex(Math.imul(number, 0x9e3779b1))
  return `${spread}-${spread.slice(0, 4)}-4000-8000-${spread.slice(4)}${hex(number)}`
}

function head (port, headers) {
  return Object.entries({ Host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
}

function hex (number) {
  return (number >>> 0).toString(16).padStart(8, '0')
}
