export interface JavaSettings {
  readonly url: string
  readonly httpUrl: string
  readonly trustStore: string
  readonly trustStorePassword: string
  /** Hosts that are reached without the proxy. */
  readonly direct: readonly string[]
}

/** From our first option to our last, whatever a path between them holds. */
const OURS = / *-Dazrun\.url=[^]*?-Dhttp\.nonProxyHosts=\S+/g

/** JAVA_TOOL_OPTIONS: the user's own and ours after them, since the last of two counts; ours are there once. */
export function javaToolOptions (own: string | undefined, settings: JavaSettings): string {
  const { hostname, port } = new URL(settings.httpUrl)
  const host = hostname.replaceAll(/[[\]]/g, '')
  const properties = {
    'azrun.url': settings.url,
    'javax.net.ssl.trustStore': settings.trustStore,
    'javax.net.ssl.trustStoreType': 'JKS',
    'javax.net.ssl.trustStorePassword': settings.trustStorePassword,
    'https.proxyHost': host,
    'https.proxyPort': port,
    'http.proxyHost': host,
    'http.proxyPort': port,
    'http.nonProxyHosts': settings.direct.join('|')
  }
  const options = Object.entries(properties).map(([name, value]) => quoted(`-D${name}=${value}`))
  return [own?.replaceAll(OURS, '').trim(), ...options].filter(Boolean).join(' ')
}

/** The JVM splits at spaces and knows both quotes but no escape: what it would take amiss is quoted by itself. */
function quoted (option: string): string {
  return option.replaceAll(/'+|[\s"]+/g, run => run.startsWith("'") ? `"${run}"` : `'${run}'`)
}
