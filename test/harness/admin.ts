import type { Emulator } from '../../src/index.js'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** Sends a request to the API below /_emulator. A body that is not text is sent as JSON. */
export async function callAdmin ({ app }: Emulator, method: Method, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  const url = `/_emulator${path}`
  const response = await app.inject({ method, url, headers, ...body !== undefined && { payload } })
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json(), headers: response.headers }
}
