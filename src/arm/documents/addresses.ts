import { derivedId } from '../../core/ids.js'

/** Address ranges for documentation (RFC 5737), so that a machine's public address belongs to nobody. */
const PUBLIC_RANGES = ['192.0.2', '198.51.100', '203.0.113']

/** The addresses of a machine or an instance. They are always the same for a path. */
export function addressesOf (text: string) {
  const [a = 0, b = 0, c = 0, d = 0] = Buffer.from(derivedId(`${text}/network`).replaceAll('-', ''), 'hex')
  // Azure reserves the first four addresses of a subnet, and the last one is for broadcasts.
  const host = 4 + d % 251
  return {
    privateAddress: `10.${b}.${c}.${host}`,
    publicAddress: `${PUBLIC_RANGES[a % PUBLIC_RANGES.length]}.${host}`,
    // Microsoft's prefix for virtual hardware.
    macAddress: ['00', '0D', '3A', ...[a, b, c].map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))].join('-'),
    domain: `${derivedId(`${text}/network/domain`).replaceAll('-', '').slice(0, 26)}.xx.internal.cloudapp.net`,
    etag: `W/"${derivedId(`${text}/network/etag`)}"`
  }
}
