import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { request } from '../../environment/http-client.js'
import { findRunning, type Running } from '../find-running.js'
import { explained } from '../ready-file.js'
import { fail, note, ok, type Finding, type Surroundings } from './finding.js'

/** Whether the port is free, or that of an azrun, and whether clients find the CA of that one in its file. */
export async function checkPort ({ config }: Surroundings): Promise<Finding[]> {
  const { host, port } = config
  if (port === 0) return [ok('any free port')]
  const server = createServer()
  try {
    await once(server.listen(port, host), 'listening')
    return [ok(`port ${port} of ${host} is free`)]
  } catch (error) {
    const running = await findRunning({ ...config, readyFile: undefined }).catch(() => undefined)
    if (running === undefined) return [fail((explained(error, config) as Error).message)]
    return [ok(`azrun is running at ${running.url}`), ...await checkCertificate(running).catch(() => [])]
  } finally {
    server.close()
  }
}

/** Rejects if the file is not one of this machine. */
async function checkCertificate ({ url, httpUrl }: Running): Promise<Finding[]> {
  const [health, ca] = await Promise.all(['health', 'ca.pem'].map(page => request(`${httpUrl}/_emulator/${page}`)))
  const { caFile } = JSON.parse(health!.body)
  if (readFileSync(caFile, 'utf8').trim() === ca!.body.trim()) return []
  return [note(`${caFile} has been replaced since the azrun at ${url} started, so clients that trust that file refuse its ` +
    'certificate: start that azrun again, and evaluate what azrun env prints in the shells of its clients')]
}
