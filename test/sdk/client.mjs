/**
 * A program that uses an Azure client like its users: `node client.mjs PACKAGE`. It reads calls as JSON, one in each
 * line, and writes a line for each, with the result or error of the client and its requests and responses. It makes
 * the calls of a list at the same time.
 */
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

const { ComputeManagementClient } = await import(process.argv[2])

const credential = { getToken: async () => ({ token: 'a-token', expiresOnTimestamp: Date.now() + 3_600_000 }) }

const methods = {
  runCommand: (client, ...args) => client.virtualMachines.beginRunCommandAndWait(...args),
  listRunCommands: (client, ...args) => all(client.virtualMachineRunCommands.list(...args)),
  getRunCommand: (client, ...args) => client.virtualMachineRunCommands.get(...args),
  listVirtualMachines: (client, ...args) => all(client.virtualMachines.list(...args)),
  getVirtualMachine: (client, ...args) => client.virtualMachines.get(...args)
}

for await (const line of createInterface({ input: process.stdin })) {
  const calls = JSON.parse(line)
  const outcome = Array.isArray(calls) ? await Promise.all(calls.map(outcomeOf)) : await outcomeOf(calls)
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

async function outcomeOf ({ endpoint, subscriptionId, apiVersion, method, args, timeout }) {
  const exchanges = []
  const additionalPolicies = [{ policy: recorder(exchanges), position: 'perRetry' }]
  if (apiVersion !== undefined) additionalPolicies.push({ policy: withApiVersion(apiVersion), position: 'perCall' })
  const client = new ComputeManagementClient(credential, subscriptionId, { endpoint, additionalPolicies })
  const start = performance.now()
  try {
    const call = (...given) => (methods[method] ?? named(method))(client, ...given)
    const result = timeout === undefined ? await call(...args) : await within(timeout, call, args)
    return { result, exchanges, ms: performance.now() - start }
  } catch ({ name, statusCode, code, message }) {
    return { error: { name, statusCode, code, message }, exchanges, ms: performance.now() - start }
  }
}

/** Any other method, for example virtualMachines.beginStartAndWait. */
function named (path) {
  const [group, method] = path.split('.')
  return async (client, ...args) => {
    const result = client[group][method](...args)
    return result[Symbol.asyncIterator] === undefined ? await result : await all(result)
  }
}

/** Aborts the call after `timeout` milliseconds, and abandons it a second later if it continues. */
async function within (timeout, call, args) {
  const abortSignal = AbortSignal.timeout(timeout)
  const options = { ...args.at(-1), abortSignal }
  const abandoned = setTimeout(timeout + 1000, undefined, { ref: false }).then(() => {
    throw Object.assign(new Error('it continues although it was aborted'), { name: 'Hangs' })
  })
  return await Promise.race([call(...args.slice(0, -1), options), abandoned])
}

/** Records every request on the wire, including retries. */
function recorder (exchanges) {
  return {
    name: 'recorder',
    async sendRequest (request, next) {
      const { method, url, body } = request
      const sentAt = performance.now()
      const response = await next(request)
      const { status, bodyAsText: responseBody } = response
      exchanges.push({ method, url, body, sentAt, status, headers: response.headers.toJSON(), responseBody })
      return response
    }
  }
}

/** Sets the api-version, for which neither client has an option. */
function withApiVersion (apiVersion) {
  return {
    name: 'withApiVersion',
    sendRequest (request, next) {
      const url = new URL(request.url)
      url.searchParams.set('api-version', apiVersion)
      request.url = url.href
      return next(request)
    }
  }
}

async function all (pages) {
  const items = []
  for await (const item of pages) items.push(item)
  return items
}
