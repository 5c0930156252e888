/** One of Azure's clouds, by the hosts that its clients turn to. */
export interface Cloud {
  readonly name: 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud'
  readonly resourceManager: string
  /** Entra; the first is the one that is preferred. */
  readonly login: readonly string[]
  /** Microsoft Graph and, before it, Azure AD Graph. */
  readonly graph: readonly string[]
  /** What a token for Resource Manager may be for. */
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

/** What IDENTITY_HEADER says to the programs that azrun gives an environment: it guards nothing that is secret. */
export const IDENTITY_HEADER = 'azrun'

/** Where a virtual machine asks for its identity's tokens, over plain HTTP. */
export const INSTANCE_METADATA = '169.254.169.254'

const byHost = new Map(clouds.flatMap(cloud =>
  [cloud.resourceManager, ...cloud.login, ...cloud.graph].map(host => [host, cloud] as const)))

/** The cloud that a host name belongs to, in lower case. */
export function cloudOf (host: string): Cloud | undefined {
  return byHost.get(host)
}

/** The hosts, in lower case, that azrun answers for to clients that use it as their proxy. */
export const emulatedHosts: ReadonlySet<string> = new Set([INSTANCE_METADATA, ...byHost.keys()])

/** Where az looks for a newer version, with every new configuration; it does without an answer, and says nothing. */
export const quietHosts: ReadonlySet<string> = new Set(['azcliprod.blob.core.windows.net'])
