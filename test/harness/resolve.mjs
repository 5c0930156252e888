/**
 * Preloaded by `node --import`. Names in TEST_HOSTS, for example `my-service=127.0.0.2,other=127.0.0.3`, have these
 * addresses, as in the network of a container. Other names are looked up as usual.
 */
import dns from 'node:dns'

const hosts = new Map(process.env.TEST_HOSTS.split(',').map(entry => entry.split('=')))
const { lookup } = dns

dns.lookup = (host, options, callback = options) => {
  const address = hosts.get(host)
  if (address === undefined) return lookup(host, options, callback)
  process.nextTick(() => options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4))
}
