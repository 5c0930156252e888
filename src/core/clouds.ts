/** One of Azure's clouds, with the hosts that its clients use. */
export interface Cloud {
  readonly name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud'
  readonly resourceManager: string
  /** Entra's hosts, the preferred one first. */
  readonly login: readonly string[]
  /** The hosts of Microsoft Graph and of its predecessor, Azure AD Graph. */
  readonly graph: readonly string[]
  /** The audiences of a token for Resource Manager. */
  readonly audiences: readonly string[]
}

/** Documented: `az cloud list`, /metadata/endpoints, and the authorities that MSAL and azidentity know. */
export const clouds: readonly [Cloud, ...Cloud[]] = [
  {
    name: 'AzureCloud',
    resourceManager: 'management.azure.com',
    login: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    graph: ['graph.microsoft.com', 'graph.windows.net'],
    audiences: ['https://management.core.windows.net', 'https://management.azure.com']
  },
  {
    name: 'AzureUSGovernment',
    resourceManager: 'management.usgovcloudapi.net',
    login: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    graph: ['graph.microsoft.us'],
    audiences: ['https://management.core.usgovcloudapi.net', 'https://management.usgovcloudapi.net']
  },
  {
    name: 'AzureChinaCloud',
    resourceManager: 'management.chinacloudapi.cn',
    login: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    graph: ['microsoftgraph.chinacloudapi.cn', 'graph.chinacloudapi.cn'],
    audiences: ['https://management.core.chinacloudapi.cn', 'https://management.chinacloudapi.cn']
  }
]

/** The value of IDENTITY_HEADER in the environment of `exec` and `env`. It protects nothing. */
export const IDENTITY_HEADER = 'azrun'

/** The address where a virtual machine gets tokens for its identity, over plain HTTP. */
export const IMDS_ADDRESS = '169.254.169.254'

const byHost = new Map(clouds.flatMap(cloud =>
  [cloud.resourceManager, ...cloud.login, ...cloud.graph].map(host => [host, cloud] as const)))

/** The cloud of a host name in lower case. */
export function cloudOf (host: string): Cloud | undefined {
  return byHost.get(host)
}

/** The hosts, in lower case, that azrun emulates for clients that use it as their proxy. */
export const emulatedHosts: ReadonlySet<string> = new Set([IMDS_ADDRESS, ...byHost.keys()])

/** Hosts to refuse without a warning. az looks there for a newer version, and ignores a failure. */
export const quietHosts: ReadonlySet<string> = new Set(['azcliprod.blob.core.windows.net'])
