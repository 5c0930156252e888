import { SUBSCRIPTION } from '../harness/emulator.js'
import type { Habits, NamedClient } from './named-client.js'

/** The names of the built-in scenarios. */
export const NAMES = [
  'exit-code-swallowed', 'output-truncated', 'conflict-in-progress', 'script-ran-twice', 'no-script', 'windows-error-stream',
  'unknown-command', 'wrong-os', 'agent-lost', 'agent-timeout', 'vm-deallocated', 'vm-starts-late', 'slow-start', 'vm-vanishes',
  'throttled-seconds', 'throttled-date', 'throttled-ms', 'throttled-forever', 'throttled-twice', 'server-error-then-well',
  'reset-then-well', 'stalls', 'drips', 'truncated-answer', 'gateway-html', 'poll-fails-once', 'poll-throttled',
  'lro-location-only', 'lro-async-only', 'lro-both', 'lro-result-in-status', 'lro-immediate', 'lro-no-content',
  'lro-retry-after-absent', 'lro-retry-after-zero', 'lro-retry-after-junk', 'lro-no-header', 'lro-relative-url', 'lro-junk-url',
  'lro-4kb-url', 'lro-moving-url', 'lro-no-status', 'lro-empty-body', 'lro-invalid-json', 'lro-poll-400', 'lro-failed',
  'lro-canceled', 'lro-expired', 'lro-result-late',
  'token-expires-while-polling', 'login-throttled', 'login-down-then-well', 'identity-not-ready', 'claims-challenge', 'forbidden',
  'forbidden-then-granted', 'wrong-tenant',
  'vm-not-found-then-found', 'list-lags'
] as const

export interface Row extends Habits {
  /** A summary of each response: the request, the status, the operation's status or the code, and the Retry-After. */
  readonly sees: readonly string[]
  /** The body of the last response. */
  readonly ends?: RegExp
  /** What the client does instead of running a command. */
  act? (client: NamedClient, name: string): Promise<void>
}

const WELL = ['run 202', 'status 200 Succeeded', 'result 200']
const QUICK = ['run 202', 'status 200 InProgress', 'status 200 Succeeded', 'result 200']

const LIST = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines?api-version=2024-03-01`
const IMDS = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/'

/** Sends a request `times` times. */
const repeat = (times: number, send: (client: NamedClient, prefer: Record<string, string>) => Promise<unknown>): Row['act'] =>
  async (client, name) => {
    for (let time = 0; time < times; time++) await send(client, { prefer: `scenario=${name}` })
  }

export const ROWS: Readonly<Record<typeof NAMES[number], Row>> = {
  'exit-code-swallowed': { sees: WELL, ends: /succeeded.*\[stdout\]\\n\\n\[stderr\]\\ndf: \/data: No such file/ },
  'output-truncated': { sees: WELL, ends: /\[stdout\]\\nx jumps over it\\nline 041 / },
  'conflict-in-progress': { tries: 2, sees: ['run 409 Conflict', ...WELL] },
  'script-ran-twice': { tries: 2, sees: ['run ECONNRESET', ...WELL] },
  'no-script': { sees: WELL, ends: /\[stdout\]\\nThis is a sample script\\n/ },
  'windows-error-stream': { commandId: 'RunPowerShellScript', resourceGroup: 'windows', sees: WELL, ends: /StdOut\/succeeded.*"message":"".*StdErr\/succeeded.*Get-Item : Cannot find path/ },
  'unknown-command': { sees: ['run 404 NotFound'], ends: /The entity was not found in this Azure location\./ },
  'wrong-os': { sees: ['run 409 Conflict'], ends: /Run command OS type 'Linux' does not match the target OS Windows\./ },
  'agent-lost': { sees: ['run 202', 'status 200 InProgress', 'status 200 Failed VMAgentStatusCommunicationError'], ends: /VM 'vm' has not reported status for VM agent or extensions\./ },
  'agent-timeout': { pause: 45 * 60_000, sees: ['run 202', 'status 200 InProgress', 'status 200 InProgress', 'status 200 Failed VMExtensionProvisioningTimeout'], ends: /Provisioning of VM extension 'RunCommandLinux' has timed out\./ },
  'vm-deallocated': { sees: ['run 409 OperationNotAllowed'], ends: /The operation requires the VM to be running \(or set to run\)\./ },
  'vm-starts-late': { tries: 3, sees: ['run 409 OperationNotAllowed', 'run 409 OperationNotAllowed', ...WELL] },
  'slow-start': { sees: ['run 202', 'status 200 InProgress', 'status 200 InProgress', 'status 200 InProgress', 'status 200 Succeeded', 'result 200'] },
  'vm-vanishes': { sees: ['run 202', 'status 404 ResourceNotFound'], ends: /'Microsoft\.Compute\/virtualMachines\/vm' under resource group 'rg' was not found/ },
  'throttled-seconds': { tries: 2, sees: ['run 429 OperationNotAllowed after 2', ...WELL] },
  'throttled-date': { tries: 2, sees: ['run 429 SubscriptionRequestsThrottled after a date', ...WELL] },
  'throttled-ms': { tries: 2, sees: ['run 429 OperationNotAllowed after 2000 ms', ...WELL] },
  'throttled-forever': { tries: 4, sees: ['run 429 OperationNotAllowed after 1', 'run 429 OperationNotAllowed after 1', 'run 429 OperationNotAllowed after 1', 'run 429 OperationNotAllowed after 1'], ends: /too many requests have been received for this subscription/ },
  'throttled-twice': { tries: 3, sees: ['run 429 OperationNotAllowed after 1', 'run 429 OperationNotAllowed after 1', ...WELL] },
  'server-error-then-well': { tries: 5, sees: ['run 500 InternalExecutionError', 'run 502 ProviderError', 'run 503 ServiceUnavailable', 'run 504 GatewayTimeout', ...WELL] },
  'reset-then-well': { sees: ['run 202', 'status ECONNRESET', 'status 200 Succeeded', 'result 200'] },
  stalls: { timeout: 500, sees: ['run 202', 'status nothing', 'status 200 Succeeded', 'result 200'] },
  drips: { advancesClock: true, sees: ['run 202', 'status 200 Succeeded slowly', 'result 200 slowly'] },
  'truncated-answer': { sees: ['run 202', 'status ECONNRESET', 'status 200 Succeeded', 'result 200'] },
  'gateway-html': { tries: 2, sees: ['run 502 HTML', 'run 502 HTML'], ends: /<h1>502 Bad Gateway<\/h1>/ },
  'poll-fails-once': { sees: ['run 202', 'status 500 InternalExecutionError', 'status 200 Succeeded', 'result 200'] },
  'poll-throttled': { sees: ['run 202', 'status 429 OperationNotAllowed after 1', 'status 200 Succeeded', 'result 200'] },
  'lro-location-only': { sees: ['run 202', 'result 202', 'result 200'] },
  'lro-async-only': { sees: ['run 202', 'status 200 InProgress', 'status 200 Succeeded'], ends: /"status": "Succeeded",\s+"name"/ },
  'lro-both': { sees: QUICK },
  'lro-result-in-status': { sees: ['run 202', 'status 200 InProgress', 'status 200 Succeeded'], ends: /"output": \{"value":\[.*hi\\n/ },
  'lro-immediate': { sees: ['run 200'] },
  'lro-no-content': { sees: ['run 202', 'status 200 InProgress', 'status 200 Succeeded', 'result 204'], ends: /^$/ },
  'lro-retry-after-absent': { sees: ['run 202', 'status 200 InProgress', 'status 200 InProgress', 'status 200 Succeeded', 'result 200'] },
  'lro-retry-after-zero': { sees: ['run 202 after 0', 'status 200 InProgress after 0', 'status 200 InProgress after 0', 'status 200 Succeeded', 'result 200'] },
  'lro-retry-after-junk': { sees: ['run 202 after soon', 'status 200 InProgress after soon', 'status 200 InProgress after soon', 'status 200 Succeeded', 'result 200'] },
  'lro-no-header': { sees: ['run 202'], ends: /^$/ },
  'lro-relative-url': { sees: QUICK },
  'lro-junk-url': { sees: ['run 202', 'status has no URL'] },
  'lro-4kb-url': { sees: QUICK },
  'lro-moving-url': { sees: ['run 202', 'status 200 InProgress', 'status 200 InProgress', 'status 200 InProgress', 'status 200 Succeeded', 'result 200'] },
  'lro-no-status': { sees: ['run 202', 'status 200', 'status 200 Succeeded', 'result 200'] },
  'lro-empty-body': { sees: ['run 202', 'status 200', 'status 200 Succeeded', 'result 200'] },
  'lro-invalid-json': { sees: ['run 202', 'status 200 not JSON', 'status 200 Succeeded', 'result 200'] },
  'lro-poll-400': { sees: ['run 202', 'status 400 BadRequest'] },
  'lro-failed': { sees: ['run 202', 'status 200 InProgress', 'status 200 Failed VMExtensionProvisioningError'], ends: /VM 'vm' has reported a failure when processing extension 'RunCommandLinux'/ },
  'lro-canceled': { sees: ['run 202', 'status 200 InProgress', 'status 200 Canceled OperationCanceled'] },
  'lro-expired': { sees: ['run 202', 'status 200 InProgress', 'status 200 InProgress', 'status 404 NotFound'] },
  'lro-result-late': { sees: ['run 202', 'status 200 Succeeded', 'result 202', 'result 202', 'result 200'] },
  'token-expires-while-polling': {
    pause: 1000,
    logsIn: true,
    sees: ['login 200', 'run 202 after 1', 'status 200 InProgress after 1', 'status 200 InProgress after 1', 'status 200 InProgress after 1', 'status 200 InProgress after 1', 'status 401 ExpiredAuthenticationToken', 'login 200', 'status 200 InProgress after 1', 'status 200 Succeeded', 'result 200']
  },
  'login-throttled': { act: repeat(2, client => client.logIn()), sees: ['login 429 temporarily_unavailable after 2', 'login 200'] },
  'login-down-then-well': { act: repeat(3, client => client.logIn()), sees: ['login 503 temporarily_unavailable', 'login 503 temporarily_unavailable', 'login 200'] },
  'identity-not-ready': {
    act: repeat(5, (client, prefer) => client.send('identity', 'GET', IMDS, { metadata: 'true', host: '169.254.169.254', ...prefer })),
    sees: ['identity 404 not_found', 'identity 410 gone', 'identity 429 too_many_requests', 'identity 500 unknown', 'identity 200']
  },
  'claims-challenge': { tries: 2, sees: ['run 401 InvalidAuthenticationToken', ...WELL] },
  forbidden: { sees: ['run 403 AuthorizationFailed'], ends: /perform action 'Microsoft\.Compute\/virtualMachines\/runCommand\/action' over scope '\/subscriptions\// },
  'forbidden-then-granted': { tries: 3, sees: ['run 403 AuthorizationFailed', 'run 403 AuthorizationFailed', ...WELL] },
  'wrong-tenant': { sees: ['run 401 InvalidAuthenticationTokenTenant'], ends: /It must match the tenant/ },
  'vm-not-found-then-found': { tries: 3, sees: ['run 404 ResourceNotFound', 'run 404 ResourceNotFound', ...WELL] },
  'list-lags': { act: repeat(3, (client, prefer) => client.send('list', 'GET', LIST, prefer)), sees: ['list 200 0 machines', 'list 200 0 machines', 'list 200 1 machines'], ends: /"name": ?"vm"/ }
}
