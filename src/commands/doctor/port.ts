import { once } from 'node:events'
import { createServer } from 'node:net'
import { listenFailure } from '../listen-failure.js'
import { fail, ok, type Finding, type Surroundings } from './finding.js'

/** Checks that the port is free, or that an azrun listens on it. */
export async function checkPort ({ config, running }: Surroundings): Promise<Finding[]> {
  const { host, port } = config
  if (port === 0) return [ok('any free port')]
  const server = createServer()
  try {
    await once(server.listen(port, host), 'listening')
    return [ok(`port ${port} of ${host} is free`)]
  } catch (error) {
    if (running === undefined) return [fail((listenFailure(error, config) as Error).message)]
    return [ok(`azrun is running at ${running.url}`)]
  } finally {
    server.close()
  }
}
