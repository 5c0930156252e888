/** What a JVM must know to use azrun. */
export interface JavaSettings {
  readonly url: string
  readonly httpUrl: string
  readonly trustStore: string
  readonly trustStorePassword: string
  /** Hosts to reach without the proxy. */
  readonly direct: readonly string[]
}

/** Matches from our first option to our last, whatever the paths between them contain. */
const OURS = / *-Dazrun\.url=[^]*?-Dhttp\.nonProxyHosts=\S+/g

/**
 * JAVA_TOOL_OPTIONS: the user's options, then ours, since the JVM uses the last of two. Replaces our options of an
 * outer azrun.
 */
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
  return [withoutOurs(own), ...options].filter(Boolean).join(' ')
}

/** The user's options, without ours. */
export function withoutOurs (options = ''): string {
  return options.replaceAll(OURS, '').trim()
}

/** The JVM splits at spaces and knows both quotes but no escape, so each run of these is quoted on its own. */
function quoted (option: string): string {
  return option.replaceAll(/'+|[\s"]+/g, run => run.startsWith("'") ? `"${run}"` : `'${run}'`)
}
