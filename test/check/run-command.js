import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, isTransient, jsonOf, waitOf } from './http.js'

const ENDPOINT = 'https://management.azure.com'

/** Milliseconds between polls without a Retry-After. */
const PAUSE = 1000

/** Returns a function that runs a command on a virtual machine of the environment's subscription. */
export function createRunCommand (http, login, habits, env) {
  return async function runCommand (vmName, script) {
    const path = `/subscriptions/${env.AZURE_SUBSCRIPTION_ID}/resourceGroups/check/providers/Microsoft.Compute` +
      `/virtualMachines/${vmName}/runCommand`
    const response = await send(`${ENDPOINT}${path}?${habits.versionParameter}=${habits.apiVersion}`, {
      method: 'POST',
      body: JSON.stringify({ [habits.commandId]: 'RunShellScript', script }),
      mayTryAgain: ({ status }) => status === 429 || (habits.sendsLostCommandAgain && isTransient({ status }))
    })
    return response.status === 200 ? jsonOf(response) : await follow(response)
  }

  /** Sends a request with one id for all tries. After the first 401 it retries with a new token. */
  function send (url, { mayTryAgain = isTransient, ...options }) {
    const id = randomUUID()
    let challenged = false
    return http.send(url, {
      ...options,
      headers: async () => ({
        authorization: `Bearer ${await login.token()}`,
        ...habits.userAgent === undefined ? {} : { 'user-agent': habits.userAgent },
        ...options.body === undefined ? {} : { 'content-type': 'application/json' },
        ...habits.sendsRequestId ? { 'x-ms-client-request-id': habits.keepsRequestId ? id : randomUUID() } : {}
      }),
      mayTryAgain (response) {
        if (response.status !== 401 || challenged) return mayTryAgain(response)
        challenged = true
        login.forget()
        return true
      }
    })
  }

  async function follow (accepted) {
    const urls = newUrls({}, accepted, ENDPOINT)
    if (urls.status === undefined && urls.result === undefined) throw new Failure('the response names no URL to poll')
    if (urls.status === undefined || !habits.pollsStatus) return await result(urls)
    const { status, error } = await ended(urls)
    if (habits.pollsOnAfterTheEnd) await poll(urls.status)
    if (status !== 'Succeeded') throw new Failure(`${status}: (${error?.code}) ${error?.message}`)
    return urls.result === undefined ? {} : await result(urls)
  }

  /** Polls until the status is terminal. Fails after `mostTries` unreadable statuses in a row. */
  async function ended (urls) {
    for (let unclear = 0; ;) {
      const response = await poll(urls.status)
      const body = jsonOf(response)
      if (['Succeeded', 'Failed', 'Canceled'].includes(body?.status)) return body
      unclear = typeof body?.status === 'string' ? 0 : unclear + 1
      if (unclear >= habits.mostTries) throw new Failure('the operation has no status')
      Object.assign(urls, newUrls(urls, response, urls.status))
      await pause(response)
    }
  }

  async function result (urls) {
    for (;;) {
      const response = await poll(urls.result)
      if (response.status !== 202) return jsonOf(response) ?? {}
      Object.assign(urls, newUrls(urls, response, urls.result))
      await pause(response)
    }
  }

  function poll (url) {
    return send(habits.usesUrlsVerbatim ? url : withoutTime(url), {})
  }

  async function pause (response) {
    await sleep(habits.waitsBetweenPolls ? waitOf(response) ?? PAUSE : 5)
  }
}

/** The URLs of the response, or the earlier ones where it has none. */
function newUrls (earlier, { headers }, base) {
  const resolve = url => url === undefined ? undefined : new URL(url, base).href
  return {
    status: resolve(headers['azure-asyncoperation']) ?? earlier.status,
    result: resolve(headers.location) ?? earlier.result
  }
}

function withoutTime (url) {
  return url.replace(/&t=[^&]*/, '')
}
