import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startProcess } from './process.js'

const METER = fileURLToPath(new URL('servers/meter.js', import.meta.url))

/** A server in its own process, which reports its CPU time and memory. */
export class Server {
  #process

  static async start (file, { args, execArgv = [] } = {}) {
    return new Server(await startProcess(file, { args, execArgv: ['--import', METER, ...execArgv] }))
  }

  constructor (process) {
    this.#process = process
  }

  get port () {
    return this.#process.ready.port
  }

  /** Microseconds of CPU time since the process began. */
  async cpu () {
    return await this.#ask('cpu')
  }

  /** Bytes in use on the heap after garbage collection; needs --expose-gc. */
  async heap () {
    return await this.#ask('heap')
  }

  /** The same, including the memory of buffers. */
  async memory () {
    return await this.#ask('memory')
  }

  /** Restores azrun to its state at the start. */
  async reset () {
    return await this.#ask('reset')
  }

  stop () {
    this.#process.stop()
  }

  async #ask (question) {
    const { child } = this.#process
    child.send(question)
    const [reply] = await once(child, 'message')
    return reply
  }
}

/**
 * Measures rounds with several processes of each server, one after the other, because a process may by chance be slow
 * during its whole lifetime. Returns the same as `measureRounds`. `loadOf` returns the load for a number of requests.
 *
 * The place of a server in the list must not matter. So the client prepares for all of them before it sends anything,
 * and each process begins with another server. `processes` should be a multiple of the number of servers.
 */
export async function measureProcesses (startServers, load, { processes, rounds, warmUp, requests, loadOf }) {
  const costs = []
  for (let count = 0; count < processes; count++) {
    const servers = await startServers()
    try {
      const first = count % servers.length
      const order = [...servers.slice(first), ...servers.slice(0, first)]
      for (const { port } of order) await load.send({ port, ...loadOf(0) })
      await measureRounds(order, load, { rounds: 1, loadOf: () => loadOf(warmUp) })
      const measured = await measureRounds(order, load, { rounds, loadOf: () => loadOf(requests) })
      costs.push(servers.map(server => measured[order.indexOf(server)]))
    } finally {
      for (const server of servers) server.stop()
    }
  }
  return costs[0].map((_, index) => costs.flatMap(each => each[index]))
}

/** Sends the load to each server in turn, in rounds. Returns, for each server, a list of the cost of a request. */
export async function measureRounds (servers, load, { rounds, loadOf }) {
  const costs = servers.map(() => [])
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? servers.keys() : [...servers.keys()].reverse()
    for (const index of order) costs[index].push(await measure(servers[index], load, loadOf(servers[index])))
  }
  return costs
}

/** The cost of another server divided by azrun's, for each round. */
export function ratios (other, azrun, cost) {
  return azrun.map((each, round) => other[round][cost] / each[cost])
}

async function measure (server, load, { requests, ...rest }) {
  const before = await server.cpu()
  const seconds = await load.send({ port: server.port, requests, ...rest })
  return { cpu: (await server.cpu() - before) / requests, time: seconds / requests }
}
