import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { LightMyRequestResponse } from 'fastify'
import { SignJWT, type JWK, type JWTPayload } from 'jose'
import t, { type Test } from 'tap'
import type { ErrorEntry } from '../../../src/arm/errors/entry.js'
import { errors, type ErrorName } from '../../../src/arm/errors/table.js'
import { VirtualClock, type Emulator, type EmulatorOptions } from '../../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommand, runCommandUrl, runOnInstance, start, SUBSCRIPTION } from '../../harness/emulator.js'
import { errorTable } from '../../harness/error-table.js'
import { managed } from '../../harness/managed.js'
import { converse } from '../../harness/wire.js'

t.test('docs/errors.md lists every error', async t => {
  const [, shown] = /<!-- errors -->([^]*?)<!-- \/errors -->/.exec(read('../../../docs/errors.md')) ?? []
  if (shown === undefined) t.fail('docs/errors.md has no table between <!-- errors --> and <!-- /errors -->')
  else t.equal(shown.trim(), errorTable(), 'the table of docs/errors.md is the output of test/harness/error-table.ts')
})

t.test('Resource Manager accepts each version that it lists as supported', async t => {
  const emulator = await build(t)
  for (const version of RESOURCE_VERSIONS.split(',')) {
    t.equal((await get(emulator, `/subscriptions?api-version=${version}`)).statusCode, 200, version)
  }
})

t.test('returns valid JSON for a message with characters that JSON escapes', async t => {
  const { statusCode, body } = await runCommand(await build(t), { commandId: 'RunShellScript', '"\u0001\r\n😀': 1 })
  t.equal(statusCode, 400)
  t.match(JSON.parse(body).error.message, "Could not find member '\"\u0001\r\n😀' on object")
})

const VM = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }
const SHELL = { commandId: 'RunShellScript' }
const TENANT = '88d52eb9-4040-4847-b7f2-0d5eeef9cf39'
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const STRICT: EmulatorOptions = {
  auth: 'strict',
  subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId: TENANT }],
  trustedKeys: [{ ...KEY.publicKey.export({ format: 'jwk' }) as JWK, kid: 'key' }]
}
const SUBSCRIPTIONS = '/subscriptions?api-version=2022-12-01'
const INSTANCES = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/set/virtualMachines`
const RUN_COMMANDS = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/west%20us/runCommands`

/**
 * Documented: Compute's versions in Azure/azure-rest-api-specs and the reference. A client sends the last one. A
 * provider's versions are listed oldest first (recorded: azure-cli #7533). Resource Manager's own: recorded, azure-cli
 * #31964.
 */
const COMPUTE_VERSIONS = '2017-03-30,2017-12-01,2018-04-01,2018-06-01,2018-10-01,2019-03-01,2019-07-01,2019-12-01,2020-06-01,2020-12-01,2021-03-01,2021-04-01,2021-07-01,2021-11-01,2022-03-01,2022-08-01,2022-11-01,2023-03-01,2023-07-01,2023-09-01,2024-03-01,2024-07-01,2024-11-01,2025-04-01,2025-11-01,2026-03-01,2026-04-01'
const RESOURCE_VERSIONS = '2025-04-01,2025-03-01,2024-10-01-preview,2024-11-01,2024-08-01,2024-07-01,2024-06-01-preview,2024-03-01,2023-07-01,2023-07-01-preview,2023-03-01-preview,2022-12-01,2022-11-01-preview,2022-09-01,2022-06-01,2022-05-01,2022-03-01-preview,2022-01-01,2021-04-01,2021-01-01,2020-10-01,2020-09-01,2020-08-01,2020-07-01,2020-06-01,2020-05-01,2020-01-01,2019-11-01,2019-10-01,2019-09-01,2019-08-01,2019-07-01,2019-06-01,2019-05-10,2019-05-01,2019-03-01,2018-11-01,2018-09-01,2018-08-01,2018-07-01,2018-06-01,2018-05-01,2018-02-01,2018-01-01,2017-12-01,2017-08-01,2017-06-01,2017-05-10,2017-05-01,2017-03-01,2016-09-01,2016-07-01,2016-06-01,2016-02-01,2015-11-01,2015-01-01,2014-04-01-preview,2014-04-01,2014-01-01,2013-03-01,2014-02-26,2014-04'

const broken = () => { throw new Error('this is broken') }
const BROKEN = { get: broken, set: broken, add: broken, list: broken, delete: broken }

interface Example {
  readonly options?: EmulatorOptions
  send (emulator: Emulator, t: Test): Promise<{ statusCode: number, body: string }>
  /** The exact body. */
  readonly body: string
}

const THROTTLED_BY_COMPUTE: EmulatorOptions = {
  clock: new VirtualClock(),
  scenarios: [{ name: 'x', do: [{ throttle: { retryAfter: 7 } }] }]
}

async function group ({ app }: Emulator, method: 'PUT' | 'PATCH' | 'DELETE', name: string, body?: object) {
  const url = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}?api-version=2022-09-01`
  return await app.inject({ method, url, headers: AUTHORIZATION, ...body && { body } })
}

const NOT_KNOWN = "azrun does not know summarize count() in a query of resources. It knows: Resources | where COLUMN =~ 'TEXT' (or ==, !~, !=; several with and) | project COLUMN, COLUMN | order by COLUMN (asc or desc) | take N (or limit, sample)."

async function power ({ app }: Emulator, verb: string) {
  return await app.inject({ method: 'POST', url: runCommandUrl().replace('/runCommand?', `/${verb}?`), headers: AUTHORIZATION })
}

/** A request for each error. An entry of the table without one does not compile. */
const EXAMPLES: Readonly<Record<ErrorName, Example>> = {
  MissingApiVersionParameter: {
    send: emulator => get(emulator, '/subscriptions'),
    body: '{"error":{"code":"MissingApiVersionParameter","message":"The api-version query parameter (?api-version=) is required for all requests."}}'
  },
  InvalidApiVersionParameter: {
    send: emulator => get(emulator, '/subscriptions?api-version=soon'),
    body: `{"error":{"code":"InvalidApiVersionParameter","message":"The api-version 'soon' is invalid. The supported versions are '${RESOURCE_VERSIONS}'."}}`
  },
  InvalidResourceType: {
    send: emulator => runCommand(emulator, SHELL, { apiVersion: '2016-03-30' }),
    body: `{"error":{"code":"InvalidResourceType","message":"The resource type 'virtualMachines' could not be found in the namespace 'Microsoft.Compute' for api version '2016-03-30'. The supported api-versions are '${COMPUTE_VERSIONS}'."}}`
  },
  NoRegisteredProviderFound: {
    options: { virtualMachines: [{ ...VM, location: 'eastus' }] },
    // Recorded for locations/vmSizes: migAz #246, azure-cli #30613.
    send: emulator => get(emulator, `${RUN_COMMANDS}?api-version=2024-07-01`),
    body: `{"error":{"code":"NoRegisteredProviderFound","message":"No registered resource provider found for location 'west us' and API version '2024-07-01' for type 'locations/runCommands'. The supported api-versions are '${COMPUTE_VERSIONS.replaceAll(',', ', ')}'. The supported locations are 'westus, eastus'."}}`
  },
  InvalidSubscriptionId: {
    send: emulator => runCommand(emulator, SHELL, { subscriptionId: 'test-sub-id' }),
    body: '{"error":{"code":"InvalidSubscriptionId","message":"The provided subscription identifier \'test-sub-id\' is malformed or invalid."}}'
  },
  SubscriptionNotFound: {
    options: { strict: true },
    send: emulator => runCommand(emulator, SHELL),
    body: `{"error":{"code":"SubscriptionNotFound","message":"The subscription '${SUBSCRIPTION}' could not be found."}}`
  },
  AuthenticationFailed: {
    send: ({ app }) => app.inject({ method: 'POST', url: runCommandUrl(), body: SHELL }),
    // Recorded: 115 bytes.
    body: '{"error":{"code":"AuthenticationFailed","message":"Authentication failed. The \'Authorization\' header is missing."}}'
  },
  AuthorizationHeaderInvalid: {
    send: emulator => get(emulator, SUBSCRIPTIONS, { authorization: 'Basic YTpi' }),
    body: '{"error":{"code":"AuthenticationFailed","message":"Authentication failed. The \'Authorization\' header is not present or provided in an invalid format."}}'
  },
  AccessTokenMissing: {
    send: emulator => get(emulator, SUBSCRIPTIONS, { authorization: 'Bearer ' }),
    body: '{"error":{"code":"AuthenticationFailed","message":"Authentication failed. The \'Authorization\' header is missing the access token."}}'
  },
  InvalidAuthenticationToken: {
    options: STRICT,
    send: emulator => runCommand(emulator, SHELL),
    body: '{"error":{"code":"InvalidAuthenticationToken","message":"The access token is invalid."}}'
  },
  ExpiredAuthenticationToken: {
    // Recorded: terraform-provider-azurerm #20867.
    options: { ...STRICT, clock: new VirtualClock(new Date('2023-03-19T08:55:57Z')) },
    send: async emulator => runCommand(emulator, SHELL, await bearer({ exp: Date.UTC(2023, 2, 19, 8, 45, 46) / 1000 })),
    body: '{"error":{"code":"ExpiredAuthenticationToken","message":"The access token expiry UTC time \'3/19/2023 8:45:46 AM\' is earlier than current UTC time \'3/19/2023 8:55:57 AM\'."}}'
  },
  InvalidAuthenticationTokenAudience: {
    options: STRICT,
    send: async emulator => runCommand(emulator, SHELL, await bearer({ aud: 'https://datalake.azure.net/' })),
    // Recorded: azure-tools-for-intellij #16.
    body: '{"error":{"code":"InvalidAuthenticationTokenAudience","message":"The access token has been obtained for wrong audience or resource \'https://datalake.azure.net/\'. It should exactly match with one of the allowed audiences \'https://management.core.windows.net/\',\'https://management.core.windows.net\',\'https://management.azure.com/\',\'https://management.azure.com\'."}}'
  },
  InvalidAuthenticationTokenTenant: {
    options: STRICT,
    send: async emulator => runCommand(emulator, SHELL, await bearer({ tid: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a' })),
    // Recorded: azure-tools-vscode #44.
    body: '{"error":{"code":"InvalidAuthenticationTokenTenant","message":"The access token is from the wrong issuer \'https://sts.windows.net/f8cdef31-a31e-4b4a-93e4-5f571e91255a/\'. It must match the tenant \'https://sts.windows.net/88d52eb9-4040-4847-b7f2-0d5eeef9cf39/\' associated with this subscription. Please use the authority (URL) \'https://login.windows.net/88d52eb9-4040-4847-b7f2-0d5eeef9cf39\' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later."}}'
  },
  ObjectIdMissing: {
    options: { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*/read'] }] },
    send: async emulator => runCommand(emulator, SHELL, await bearer({ oid: undefined })),
    body: '{"error":{"code":"InvalidAuthenticationToken","message":"The received access token is not valid: at least one of the claims \'puid\' or \'altsecid\' or \'oid\' should be present. If you are accessing as application please make sure service principal is properly created in the tenant."}}'
  },
  AuthorizationFailed: {
    options: { roleAssignments: [{ principalId: SUBSCRIPTION, actions: ['*/read'] }] },
    send: async emulator => runCommand(emulator, SHELL, await bearer({})),
    body: `{"error":{"code":"AuthorizationFailed","message":"The client 'the-client' with object id 'the-object' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/runCommand/action' over scope '/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm' or the scope is invalid. If access was recently granted, please refresh your credentials."}}`
  },
  ParentResourceNotFound: {
    options: { strict: true, virtualMachines: [VM] },
    send: emulator => runOnInstance(emulator, SHELL),
    // Recorded: kubernetes #95288.
    body: '{"error":{"code":"ParentResourceNotFound","message":"Can not perform requested operation on nested resource. Parent resource \'ss\' not found."}}'
  },
  InstanceIdNotNumber: {
    send: emulator => runOnInstance(emulator, SHELL, { instanceId: 'ss_1f' }),
    // Recorded: azure-powershell #23622.
    body: service('InvalidParameter', 'Virtual Machine Scale Set VM instanceId must be a number.', 'instanceId')
  },
  InstanceNotActive: {
    options: { virtualMachineScaleSets: [{ ...VM, name: 'ss' }] },
    send: emulator => runOnInstance(emulator, SHELL, { instanceId: '2143' }),
    // Recorded: onefuzz #2547.
    body: service('InvalidParameter', 'The provided instanceId 2143 is not an active Virtual Machine Scale Set VM instanceId.', 'instanceIds')
  },
  ResourceGroupNotFound: {
    options: { strict: true, virtualMachines: [VM] },
    send: emulator => runCommand(emulator, SHELL, { resourceGroup: 'x' }),
    body: '{"error":{"code":"ResourceGroupNotFound","message":"Resource group \'x\' could not be found."}}'
  },
  ResourceGroupBeingDeleted: {
    options: { delay: 600_000 },
    send: async emulator => {
      await group(emulator, 'DELETE', 'Web')
      return await group(emulator, 'PUT', 'web', { location: 'westus' })
    },
    body: '{"error":{"code":"ResourceGroupBeingDeleted","message":"The resource group \'web\' is in deprovisioning state and cannot perform this operation."}}'
  },
  DeletionFailed: {
    options: { scenarios: [{ name: 'x', do: [{ operation: { outcome: { code: 'ScopeLocked', message: 'A lock protects it.' } } }] }] },
    send: async emulator => get(emulator, `${(await group(emulator, 'DELETE', 'web')).headers['location']}`),
    body: '{"error":{"code":"ScopeLocked","message":"A lock protects it."}}'
  },
  MissingSubscriptionRegistration: {
    options: { scenarios: [{ name: 'x', do: [{ error: { code: 'MissingSubscriptionRegistration' } }] }] },
    send: emulator => runCommand(emulator, SHELL),
    body: gateway('MissingSubscriptionRegistration', "The subscription is not registered to use namespace 'Microsoft.Compute'. See https://aka.ms/rps-not-found for how to register subscriptions.")
  },
  VirtualMachineMarkedForDeletion: {
    options: { scenarios: [{ name: 'x', do: [{ error: { code: 'OperationNotAllowed', entry: 'VirtualMachineMarkedForDeletion', values: { operation: 'Update VM' } } }] }] },
    send: emulator => runCommand(emulator, SHELL),
    // Recorded: azure-sdk-for-python #2702.
    body: service('OperationNotAllowed', "Operation 'Update VM' is not allowed on VM 'vm' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).")
  },
  OperationResultNotFound: {
    send: emulator => get(emulator, `/subscriptions/${SUBSCRIPTION}/operationresults/x?api-version=2022-09-01`),
    body: '{"error":{"code":"OperationResultNotFound","message":"The operation result \'x\' could not be found."}}'
  },
  InvalidResourceGroupLocation: {
    send: async emulator => {
      await group(emulator, 'PUT', 'web', { location: 'West US' })
      return await group(emulator, 'PUT', 'web', { location: 'East US' })
    },
    body: '{"error":{"code":"InvalidResourceGroupLocation","message":"Invalid resource group location \'eastus\'. The Resource group already exists in location \'westus\'."}}'
  },
  InvalidResourceGroupName: {
    // Recorded: microsoft-foundry-for-vscode #53; azure-cli #14481 for a GET.
    send: emulator => group(emulator, 'PUT', 'Create%20new%20resource%20group', { location: 'westus' }),
    body: '{"error":{"code":"InvalidResourceGroup","message":"The provided resource group name \'Create new resource group\' has these invalid characters: \'   \'. The name can only be a letter, digit, \'-\', \'.\', \'(\', \')\' or \'_\'."}}'
  },
  InvalidTags: {
    send: emulator => group(emulator, 'PUT', 'web', { location: 'westus', tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ''])) }),
    body: gateway('InvalidTags', "Too many tags specified. Requested tag count - '51'. Maximum number of tags allowed - '50'.")
  },
  InvalidTagName: {
    send: emulator => group(emulator, 'PUT', 'web', { location: 'westus', tags: { ' ': '1' } }),
    body: gateway('InvalidTagName', 'The tag name must be non-null, non-empty and non-whitespace only. Please provide an actual value.')
  },
  InvalidTagNameCharacters: {
    send: emulator => group(emulator, 'PUT', 'web', { location: 'westus', tags: { 'a/b': '1', 'c%': '2', d: '<' } }),
    body: gateway('InvalidTagNameCharacters', "The tag names 'a/b, c%' have reserved characters '<,>,%,&,\\,?,/' or control characters.")
  },
  InvalidTagNameLength: {
    send: emulator => group(emulator, 'PATCH', 'web', { tags: { ['n'.repeat(513)]: '1' } }),
    body: gateway('InvalidTagName', `Tag key too large. Following tag name '${'n'.repeat(513)}' exceeded the maximum length. Maximum allowed length for tag name - '512' characters.`)
  },
  InvalidTagValueLength: {
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', tags: { a: 'v'.repeat(257) }, properties: { source: { script: 'id' } } }),
    body: gateway('InvalidTagValueLength', `Tag value too large. Following tag value '${'v'.repeat(257)}' exceeded the maximum length. Maximum allowed length for tag value - '256' characters.`)
  },
  InvalidFilterInQueryString: {
    // Recorded: azure-sdk-for-go #2480.
    send: emulator => get(emulator, `/subscriptions/${SUBSCRIPTION}/resourceGroups?api-version=2022-09-01&$filter=name eq 'foo'`),
    body: '{"error":{"code":"InvalidFilterInQueryString","message":"Invalid $filter \'name eq \'foo\'\' specified in the query string."}}'
  },
  InvalidTopInQueryString: {
    send: emulator => get(emulator, `/subscriptions/${SUBSCRIPTION}/resources?api-version=2022-09-01&$top=1001`),
    body: '{"error":{"code":"InvalidTopInQueryString","message":"Top value must be positive integer less than or equal to 1000."}}'
  },
  InvalidSkipTokenInQueryString: {
    send: emulator => get(emulator, `/subscriptions/${SUBSCRIPTION}/resources?api-version=2022-09-01&$skiptoken=x`),
    body: '{"error":{"code":"InvalidSkipTokenInQueryString","message":"Invalid $skiptoken \'x\' specified in the query string."}}'
  },
  LocationNotAvailableForResourceGroup: {
    // Recorded: azure-cli #16368, cloud-barista/cb-spider #527.
    options: { virtualMachines: [VM, { ...VM, name: 'other', location: 'eastus' }] },
    send: emulator => group(emulator, 'PUT', 'web', { location: 'West/Europe' }),
    body: '{"error":{"code":"LocationNotAvailableForResourceGroup","message":"The provided location \'West/Europe\' is not available for resource group. List of available regions is \'westus,eastus\'."}}'
  },
  LocationRequired: {
    send: emulator => group(emulator, 'PUT', 'web', { tags: {} }),
    body: '{"error":{"code":"LocationRequired","message":"The location property is required for this definition."}}'
  },
  InvalidRequestContent: {
    send: emulator => group(emulator, 'PUT', 'web', { Location: 'westus', AccountType: 1 }),
    body: '{"error":{"code":"InvalidRequestContent","message":"The request content was invalid and could not be deserialized: \'Could not find member \'AccountType\' on object of type \'ResourceGroup\'. Path \'AccountType\', line 1, position 35.\'."}}'
  },
  ResourceNotFound: {
    options: { virtualMachines: [VM] },
    send: emulator => runCommand(emulator, SHELL, { vmName: 'VM-Public' }),
    body: '{"error":{"code":"ResourceNotFound","message":"The Resource \'Microsoft.Compute/virtualMachines/VM-Public\' under resource group \'rg\' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"}}'
  },
  RouteNotFound: {
    send: emulator => get(emulator, `/no/such/thing?api-version=${API_VERSION}`),
    body: '{"error":{"code":"NotFound","message":"azrun does not serve \'/no/such/thing\'. See /_emulator/docs for the supported operations."}}'
  },
  MethodNotAllowed: {
    send: emulator => get(emulator, runCommandUrl()),
    body: '{"error":{"code":"MethodNotAllowed","message":"The requested resource does not support http method \'GET\'."}}'
  },
  MethodNotServed: {
    send: async ({ app }) => await app.inject({ method: 'DELETE', url: runCommandUrl().replace('/runCommand', ''), headers: AUTHORIZATION }),
    body: `{"error":{"code":"MethodNotAllowed","message":"azrun does not serve DELETE of '${runCommandUrl().replace(/\/runCommand.*/, '')}'. See /_emulator/docs for the supported operations."}}`
  },
  ProxyRefused: {
    send: async (_, t) => overSocket(t, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'),
    body: '{"error":{"code":"ProxyRefused","message":"azrun does not forward to example.com: it serves Azure\'s hosts only. Use --allow-host example.com to allow it."}}'
  },
  ProxyUnreachable: {
    send: async (_, t) => overSocket(t, 'CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n', { allowHost: ['127.0.0.1:1'] }),
    body: '{"error":{"code":"ProxyUnreachable","message":"127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1."}}'
  },
  UnsupportedMediaType: {
    send: emulator => runCommand(emulator, SHELL, { headers: { 'content-type': 'application/xml' } }),
    body: '{"error":{"code":"UnsupportedMediaType","message":"The content media type \'application/xml\' is not supported. Only \'application/json\' is supported."}}'
  },
  UnsupportedContentEncoding: {
    send: emulator => runCommand(emulator, SHELL, { headers: { 'content-encoding': 'gzip' } }),
    body: '{"error":{"code":"UnsupportedMediaType","message":"The content encoding \'gzip\' is not supported. Send the body uncompressed."}}'
  },
  RequestContentTooLarge: {
    // Recorded for deployments: avdaccelerator #632, ALZ-Bicep #833.
    send: emulator => runCommand(emulator, { ...SHELL, script: ['#'.repeat(4 * 1024 * 1024)] }),
    body: '{"error":{"code":"RequestContentTooLarge","message":"The request content size exceeds the maximum size of 4 MB."}}'
  },
  InvalidRequestUri: {
    send: emulator => get(emulator, '/subscriptions/%zz'),
    body: '{"error":{"code":"InvalidRequestUri","message":"The request URI \'/subscriptions/%zz\' is not valid: its percent-encoding cannot be decoded."}}'
  },
  BadRequest: {
    send: async (_, t) => overSocket(t, 'what is this\r\n\r\n'),
    body: '{"error":{"code":"BadRequest","message":"The request is not valid HTTP: Invalid method encountered."}}'
  },
  NotImplemented: {
    send: async (_, t) => overSocket(t, 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'),
    body: '{"error":{"code":"NotImplemented","message":"The body of the request cannot be read: its Transfer-Encoding is \'gzip, chunked\', and azrun decodes only \'chunked\'."}}'
  },
  NotFound: {
    send: emulator => runCommand(emulator, { commandId: 'NoSuchCommand' }),
    body: service('NotFound', 'The entity was not found in this Azure location.')
  },
  OperationUrlChanged: {
    send: async emulator =>
      get(emulator, `${(await runCommand(emulator, SHELL)).headers['location']}`.replace(/&h=.*/, '')),
    body: service('NotFound', 'The entity was not found in this Azure location.')
  },
  OperatingSystemMismatch: {
    options: { virtualMachines: [VM] },
    send: emulator => runCommand(emulator, { commandId: 'RunPowerShellScript' }),
    body: service('Conflict', "Run command OS type 'Windows' does not match the target OS Linux.")
  },
  RunCommandInProgress: {
    options: { clock: new VirtualClock(), delay: 1000 },
    send: async emulator => {
      await runCommand(emulator, SHELL)
      return await runCommand(emulator, SHELL)
    },
    body: service('Conflict', 'Run command extension execution is in progress. Please wait for completion before invoking a run command.')
  },
  VirtualMachineDeallocated: {
    options: { powerStates: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: 'deallocated' }] },
    send: emulator => power(emulator, 'powerOff'),
    // Recorded: terraform-provider-azurerm #28218.
    body: service('OperationNotAllowed', "Operation 'powerOff' is not allowed on VM 'vm' since the VM is either deallocated or marked to be deallocated. Please refer to https://aka.ms/vmpowerstates  to learn about different VM power states.")
  },
  PowerStateChanging: {
    options: { clock: new VirtualClock(), delay: 1000 },
    send: async emulator => {
      await power(emulator, 'deallocate')
      return await power(emulator, 'start')
    },
    body: service('OperationNotAllowed', 'An ongoing operation is changing power state of Virtual Machine vm to deallocated. Please perform operation start after some time.')
  },
  ConcurrentRequest: {
    options: { clock: new VirtualClock(), delay: 1000 },
    send: async emulator => {
      await power(emulator, 'restart')
      return await runCommand(emulator, SHELL)
    },
    // Recorded: azure-cli #15765.
    body: service('Conflict', 'The request failed due to conflict with a concurrent request. To resolve it, please refer to https://aka.ms/activitylog to get more details on the conflicting requests.')
  },
  OperationNotAllowed: {
    options: { virtualMachines: [{ ...VM, powerState: 'deallocated' }] },
    send: emulator => runCommand(emulator, SHELL),
    body: service('OperationNotAllowed', 'The operation requires the VM to be running (or set to run).')
  },
  TooManyRequests: {
    options: THROTTLED_BY_COMPUTE,
    send: emulator => runCommand(emulator, SHELL),
    // Recorded: details first (azcli_power_vm_spot); from now until the quota is there again (kubernetes #93796).
    body: '{\r\n  "error": {\r\n    "details": [\r\n      {\r\n        "code": "TooManyRequests",\r\n        "target": "UpdateVMResource",\r\n        "message": "{\\"operationGroup\\":\\"UpdateVMResource\\",\\"startTime\\":\\"2024-03-01T00:00:00+00:00\\",\\"endTime\\":\\"2024-03-01T00:00:07+00:00\\",\\"allowedRequestCount\\":12,\\"measuredRequestCount\\":13}"\r\n      }\r\n    ],\r\n    "innererror": {\r\n      "internalErrorCode": "TooManyRequestsReceived"\r\n    },\r\n    "code": "OperationNotAllowed",\r\n    "message": "The server rejected the request because too many requests have been received for this subscription."\r\n  }\r\n}'
  },
  SubscriptionRequestsThrottled: {
    options: { scenarios: [{ name: 'x', do: [{ throttle: { by: 'ResourceManager', retryAfter: 17 } }] }] },
    send: emulator => runCommand(emulator, SHELL),
    body: `{"error":{"code":"SubscriptionRequestsThrottled","message":"Number of 'write' requests for subscription actor '${SUBSCRIPTION}:00000000-0000-0000-0000-000000000000' exceeded. Please try again after '17' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information."}}`
  },
  TenantRequestsThrottled: {
    options: { scenarios: [{ name: 'x', do: [{ throttle: { retryAfter: 17 } }] }] },
    send: emulator => get(emulator, '/subscriptions?api-version=2022-12-01'),
    body: '{"error":{"code":"TenantRequestsThrottled","message":"Number of \'read\' requests for tenant actor \'00000000-0000-4000-8000-617a72756e00:00000000-0000-0000-0000-000000000000\' exceeded. Please try again after \'17\' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information."}}'
  },
  NetworkRequestsThrottled: {
    options: { scenarios: [{ name: 'x', do: [{ throttle: { retryAfter: 17 } }] }] },
    send: emulator => get(emulator, `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/networkInterfaces?api-version=2023-09-01`),
    body: `{\r\n  "error": {\r\n    "code": "RetryableError",\r\n    "message": "A retryable error occurred.",\r\n    "details": [\r\n      {\r\n        "code": "RetryableErrorDueToTooManyCalls",\r\n        "message": "Subscription ${SUBSCRIPTION} was used to perform too many calls within last 5 minutes. The number of calls exceeds Microsoft.Network throttling limit. The call can be retried in 17 seconds."\r\n      }\r\n    ]\r\n  }\r\n}`
  },
  ResourceGraphThrottled: {
    options: { clock: new VirtualClock(), scenarios: [{ name: 'x', do: [{ throttle: {} }] }] },
    send: async ({ app }) => await app.inject({
      method: 'POST',
      url: '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01',
      headers: { ...AUTHORIZATION, 'x-ms-correlation-request-id': 'an-id' },
      body: { query: 'resources' }
    }),
    body: '{"error":{"code":"RateLimiting","message":"Please provide below info when asking for support: timestamp = 2024-03-01T00:00:00.0000000Z, correlationId = an-id.","details":[{"code":"RateLimiting","message":"Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help."}]}}'
  },
  InvalidParameter: {
    send: emulator => runCommand(emulator, {}),
    body: service('InvalidParameter', "Required parameter 'commandId' is missing (null).", 'commandId')
  },
  UnknownMember: {
    send: emulator => runCommand(emulator, { ...SHELL, timeout: 1 }),
    body: service('BadRequest', "Could not find member 'timeout' on object of type 'RunCommandInput'. Path 'timeout', line 1, position 40.")
  },
  WrongType: {
    send: emulator => runCommand(emulator, { ...SHELL, script: 'id' }),
    body: service('BadRequest', "Error converting value \"id\" to type 'System.Collections.Generic.List`1[System.String]'. Path 'script', line 1, position 43.")
  },
  TextExpected: {
    send: emulator => runCommand(emulator, { commandId: {} }),
    body: service('BadRequest', "Error reading string. Unexpected token: StartObject. Path 'commandId', line 1, position 14.")
  },
  ObjectExpected: {
    send: emulator => runCommand(emulator, []),
    body: service('BadRequest', 'Cannot deserialize the current JSON array (e.g. [1,2,3]) into type \'RunCommandInput\' because the type requires a JSON object (e.g. {"name":"value"}) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON object (e.g. {"name":"value"}) or change the deserialized type to an array or a type that implements a collection interface (e.g. ICollection, IList) like List<T> that can be deserialized from a JSON array. JsonArrayAttribute can also be added to the type to force it to deserialize from a JSON array.\r\nPath \'\', line 1, position 1.')
  },
  ArrayExpected: {
    send: emulator => runCommand(emulator, { ...SHELL, script: {} }),
    body: service('BadRequest', 'Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type \'System.Collections.Generic.List`1[System.String]\' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.\r\nTo fix this error either change the JSON to a JSON array (e.g. [1,2,3]) or change the deserialized type so that it is a normal .NET type (e.g. not a primitive type like integer, not a collection type like an array or List<T>) that can be deserialized from a JSON object. JsonObjectAttribute can also be added to the type to force it to deserialize from a JSON object.\r\nPath \'script\', line 1, position 41.')
  },
  MalformedJson: {
    send: ({ app }) => app.inject({
      method: 'POST', url: runCommandUrl(), headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, payload: '{"commandId":}'
    }),
    body: service('BadRequest', "Unexpected character encountered while parsing value: }. Path 'commandId', line 1, position 13.")
  },
  InvalidValue: {
    send: emulator => get(emulator, `${INSTANCES}?api-version=${API_VERSION}&$select=name`),
    // Recorded for scale sets: azure-powershell #6012, azure-cli #28451.
    body: service('InvalidParameter', 'The value of parameter $select is invalid.', '$select')
  },
  ValueOutOfRange: {
    // Recorded for data disks: LISA #692.
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: { timeoutInSeconds: -1 } }),
    body: service('InvalidParameter', "The value '-1' of parameter 'timeoutInSeconds' is out of range. Value '-1' must be between '0' and '2147483647' inclusive.", 'timeoutInSeconds')
  },
  LocationNotAvailableForResourceType: {
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' }, { location: 'no/where' }),
    body: '{"error":{"code":"LocationNotAvailableForResourceType","message":"The provided location \'no/where\' is not available for resource type \'Microsoft.Compute/virtualMachines/runCommands\'. List of available regions for the resource type is \'westus\'."}}'
  },
  InvalidResourceLocation: {
    async send (emulator) {
      await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus' })
      return await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'eastus' })
    },
    body: '{"error":{"code":"InvalidResourceLocation","message":"The resource \'cmd\' already exists in location \'westus\' in resource group \'rg\'. A resource with the same name cannot be created in location \'eastus\'. Please select a new resource name."}}'
  },
  InvalidParameterConflictingProperties: {
    // Recorded: azure-rest-api-specs #20819.
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' },
      { location: 'westus', properties: { source: { script: 'a', commandId: 'RunShellScript' } } }),
    body: service('InvalidParameterConflictingProperties', "The property 'source.commandId' cannot be used together with property 'source.script'.")
  },
  InvalidExpand: {
    send: emulator => get(emulator,
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm?api-version=${API_VERSION}&$expand=all`),
    body: service('InvalidParameter', 'The request URL is not valid.', '$expand')
  },
  ExpandWithoutFilter: {
    send: emulator => get(emulator,
      `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01&$expand=instanceView`),
    body: service('BadRequest', 'Expand Instance View is only supported when Virtual Machine Scale Set resource filter is applied')
  },
  InvalidEntityName: {
    send: emulator => managed(emulator, 'PUT', { name: 'a%20b' }, { location: 'westus' }),
    body: service('InvalidParameter', String.raw`The entity name 'runCommandName' is invalid according to its validation rule: ^[^_\W][\w-._]{0,79}(?<![-.])$.`, 'runCommandName')
  },
  ExtensionNotModifiable: {
    options: { virtualMachines: [{ ...VM, powerState: 'stopped' }] },
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus' }),
    body: service('OperationNotAllowed', 'Cannot modify extensions in the VM when the VM is not running.')
  },
  RunCommandLimitExceeded: {
    options: { runCommands: Array.from({ length: 25 }, (_, index) => ({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: 'vm', name: `c${index}`, source: {} })) },
    send: emulator => managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus' }),
    body: service('OperationNotAllowed', 'The maximum number of managed Run commands (max=25, current=25) has been exceeded. Use fewer Run commands and retry the request. To list Run commands, refer: https://aka.ms/RunCommandManaged#list-all-deployed-runcommand-resources-on-a-vm-1 and then delete a Run command: https://aka.ms/RunCommandManaged#delete-runcommand-resource-from-the-vm-1')
  },
  OperationFailed: {
    options: { fixtures: [{ name: 'fails', error: { code: 'VMAgentStatusCommunicationError', message: "VM 'vm' has not reported." } }] },
    send: async emulator => get(emulator, `${(await runCommand(emulator, SHELL)).headers['location']}`),
    body: service('VMAgentStatusCommunicationError', "VM 'vm' has not reported.")
  },
  LeniencyRefused: {
    options: { strict: true, virtualMachines: [VM] },
    send: emulator => get(emulator, `${SUBSCRIPTIONS}&top=1`),
    body: '{"error":{"code":"BadRequest","message":"azrun is strict and refuses what Azure lets pass: query parameter \'top\' is not in the contract: remove it."}}'
  },
  RequestRefused: {
    send: emulator => get(emulator, '/subscriptions', { origin: 'https://example.com' }),
    body: '{"error":{"code":"RequestRefused","message":"azrun refuses requests whose Origin header is \'https://example.com\': it accepts requests of no web pages but its own."}}'
  },
  ResourceGraphUnknown: {
    send: ({ app }) => app.inject({
      method: 'POST',
      url: '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01',
      headers: AUTHORIZATION,
      body: { query: 'summarize count()' }
    }),
    body: `{"error":{"code":"BadRequest","message":"${NOT_KNOWN}","details":[{"code":"InvalidQuery","message":"${NOT_KNOWN}"}]}}`
  },
  UnknownScenario: {
    send: emulator => runCommand(emulator, SHELL, { headers: { prefer: 'scenario=throttled-twise' } }),
    body: '{"error":{"code":"UnknownScenario","message":"azrun has no scenario \'throttled-twise\'; did you mean \'throttled-twice\'? /_emulator/named-scenarios lists all of them."}}'
  },
  InternalServerError: {
    // No request is known to cause it, so a store that breaks its contract simulates a defect.
    options: { store: { records: () => BROKEN, clear () {} } },
    send: emulator => runCommand(emulator, SHELL),
    body: '{"error":{"code":"InternalServerError","message":"azrun failed to handle this request, which is a defect in azrun: this is broken."}}'
  }
}

for (const [name, { options, send, body }] of Object.entries(EXAMPLES) as [ErrorName, Example][]) {
  t.test(`returns the exact status and body of ${name}`, async t => {
    const response = await send(await build(t, options), t)
    t.equal(response.statusCode, errors[name].status)
    t.equal(response.body, body)
  })
}

t.test('closes the connection after a 403 or 409 of Resource Manager, and after no other error of Azure', async t => {
  // Recorded.
  const closing = Object.entries<ErrorEntry>(errors).filter(([, { close }]) => close).map(([name]) => name)
  t.strictSame(closing, Object.entries<ErrorEntry>(errors).filter(([, { layer, status, source }]) =>
    layer === 'gateway' && [403, 409].includes(status) && source !== 'ours').map(([name]) => name))
  const { options = {}, send } = EXAMPLES.InvalidResourceGroupLocation
  const { headers } = await send(await build(t, options), t) as LightMyRequestResponse
  t.equal(headers['connection'], 'close')
})

/** An error as Resource Manager formats it: compact. */
function gateway (code: string, message: string): string {
  return JSON.stringify({ error: { code, message } })
}

/** An error as the compute service formats it (recorded: azure-powershell #7331): CRLF and an indent of two spaces. */
function service (code: string, message: string, target?: string): string {
  const members = [`"code": "${code}"`, `"message": ${JSON.stringify(message)}`]
  if (target !== undefined) members.push(`"target": "${target}"`)
  return `{\r\n  "error": {\r\n    ${members.join(',\r\n    ')}\r\n  }\r\n}`
}

/** A token with a trusted key that `STRICT` accepts, except for these claims. */
async function bearer (claims: JWTPayload): Promise<{ headers: Record<string, string> }> {
  const good = { aud: 'https://management.azure.com', iss: 'https://sts.windows.net/', tid: TENANT, oid: 'the-object', appid: 'the-client' }
  const token = await new SignJWT({ ...good, exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'key' }).sign(KEY.privateKey)
  return { headers: { authorization: `Bearer ${token}` } }
}

/** Sends bytes that no client library would send, over a new connection. */
async function overSocket (t: Test, sent: string,
  options: EmulatorOptions = {}): Promise<{ statusCode: number, body: string }> {
  const [head, body] = (await converse(await start(t, options), sent)).split('\r\n\r\n') as [string, string]
  return { statusCode: Number(head.split(' ')[1]), body }
}

function read (path: string): string {
  try {
    return readFileSync(new URL(path, import.meta.url), 'utf8')
  } catch {
    return ''
  }
}
