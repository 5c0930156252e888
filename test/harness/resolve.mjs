/**
 * Preloaded by `node --import`: names of TEST_HOSTS, such as `my-service=127.0.0.2,other=127.0.0.3`, have these
 * addresses, as in the network of a container; other names are looked up as always.
 */
import dns from 'node:dns'

const hosts = new Map(process.env.TEST_HOSTS.split(',').map(entry => entry.split('=')))
const { lookup } = dns

dns.lookup = (host, options, callback = options) => {
  const address = hosts.get(host)
  if (address === undefined) return lookup(host, options, callback)
  process.nextTick(() => options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4))
}
