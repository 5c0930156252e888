import type { Config } from '../options/config.js'

type NameOf = Config['nameOf']

const REASONS: Readonly<Record<string, (nameOf: NameOf) => string>> = {
  EADDRINUSE: nameOf => `the port is in use; choose another with ${nameOf('port').text}, or any free one with ` +
    `${nameOf('port').text} 0`,
  EACCES: nameOf => `the port needs privileges; choose one above 1023 with ${nameOf('port').text}`,
  EADDRNOTAVAIL: nameOf => `this machine does not have that address; choose another with ${nameOf('host').text}`,
  EINVAL: unknownHost,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: nameOf => `the host name cannot be resolved now; try again later or choose another with ${nameOf('host').text}`
}

/** The error of a server that cannot listen at azrun's host and port: in words for the user if it is known. */
export function listenFailure (error: unknown, { host, port, nameOf }: Config): unknown {
  const reason = REASONS[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  return new Error(`cannot listen on ${nameOf('host').text} ${host} ${nameOf('port').text} ${port}: ${reason(nameOf)}`)
}

function unknownHost (nameOf: NameOf): string {
  return `the host name is unknown; give ${nameOf('host').text} a name or an address of this machine, without a scheme or a port`
}
