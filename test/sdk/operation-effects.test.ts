import t from 'tap'
import type { OperationEffect, PollEffect } from '../../src/scenarios/scenario.js'
import { affect } from '../harness/effects.js'
import { start } from '../harness/emulator.js'
import { CLIENTS, connect, runShellScript } from './connect.js'

interface Case {
  readonly operation?: OperationEffect
  readonly poll?: PollEffect
  /** The result or error of both clients, or of each. Default: the script's output. */
  readonly seen?: Seen | Readonly<Record<typeof CLIENTS[number], Seen>>
  /** The statuses of the responses. */
  readonly statuses: readonly number[]
}

type Seen = { readonly result: unknown } | { readonly error: object }

const OUTPUT = { result: { value: [{ message: 'Enable succeeded: \n[stdout]\nhi\n[stderr]\n' }] } }
const NOT_FOUND = { error: { statusCode: 404, code: 'NotFound' } }
const EMPTY = { result: { value: undefined, properties: undefined } }
/** The newest client requires a body. */
const NO_BODY = { '@azure/arm-compute': EMPTY, 'arm-compute-newest': { error: { name: 'TypeError' } } } as const

/** One poll in progress, after which the clients wait only a millisecond because there is no Retry-After. */
const QUICK = { polls: 1, retryAfter: 'absent' } as const

const CASES: Readonly<Record<string, Case>> = {
  'both URLs': { operation: QUICK, statuses: [202, 200, 200, 200] },
  'Location alone': { operation: { ...QUICK, headers: 'location' }, statuses: [202, 202, 200] },
  'Azure-AsyncOperation alone, whose output the clients do not read': {
    operation: { ...QUICK, headers: 'asyncOperation' },
    seen: { '@azure/arm-compute': { result: { status: 'Succeeded', properties: { output: OUTPUT.result } } }, 'arm-compute-newest': EMPTY },
    statuses: [202, 200, 200]
  },
  'no URL': { operation: { ...QUICK, headers: 'none' }, seen: NO_BODY, statuses: [202] },
  'the result at once': { operation: { answeredBy: 200 }, statuses: [200] },
  'no content at the end': {
    operation: { ...QUICK, noContent: true },
    seen: { '@azure/arm-compute': EMPTY, 'arm-compute-newest': { error: { message: 'Unexpected status code: 204' } } },
    statuses: [202, 200, 200, 204]
  },
  'Retry-After: 0': { operation: { polls: 1, retryAfter: 0 }, statuses: [202, 200, 200, 200] },
  'an invalid Retry-After': { operation: { polls: 1, retryAfter: 'junk' }, statuses: [202, 200, 200, 200] },
  'relative URLs': { operation: { ...QUICK, url: 'relative' }, statuses: [202, 200, 200, 200] },
  'URLs of 4 KB': { operation: { ...QUICK, url: '4kb' }, statuses: [202, 200, 200, 200] },
  'URLs that move': { operation: { ...QUICK, polls: 3, url: 'moves' }, statuses: [202, 200, 200, 200, 200, 200] },
  'a Location that moves': { operation: { ...QUICK, polls: 3, url: 'moves', headers: 'location' }, statuses: [202, 202, 202, 202, 200] },
  'invalid URLs': { operation: { ...QUICK, url: 'junk' }, seen: { error: { code: 'ERR_INVALID_URL' } }, statuses: [202] },
  'a canceled operation': {
    operation: { ...QUICK, outcome: 'canceled' },
    seen: { error: { message: 'Operation was canceled' } },
    statuses: [202, 200, 200]
  },
  'a failed operation': {
    operation: { ...QUICK, outcome: { code: 'Code', message: 'Text.' } },
    seen: { error: { message: 'The long-running operation has failed. Code. Text.' } },
    statuses: [202, 200, 200]
  },
  'a failed operation with Location alone': {
    operation: { ...QUICK, headers: 'location', outcome: { code: 'Code', message: 'Text.' } },
    seen: { error: { statusCode: 409, code: 'Code', message: 'Text.' } },
    statuses: [202, 202, 409]
  },
  'an expired operation': { operation: { ...QUICK, expiresAfter: 1 }, seen: NOT_FOUND, statuses: [202, 200, 404] },
  'a poll without a status, which counts as the end': { operation: QUICK, poll: 'noStatus', statuses: [202, 200, 200] },
  'an unknown status, which counts as in progress': {
    operation: { ...QUICK, expiresAfter: 2 },
    poll: 'unknownStatus',
    seen: NOT_FOUND,
    statuses: [202, 200, 200, 404]
  },
  'an empty body': { operation: QUICK, poll: 'emptyBody', seen: NO_BODY, statuses: [202, 200, 200] },
  'a body that is not JSON': { operation: QUICK, poll: 'invalidJson', seen: { error: { code: 'PARSE_ERROR' } }, statuses: [202, 200] },
  'a poll that is an error': {
    operation: QUICK,
    poll: { error: { status: 400, code: 'BadRequest', message: 'No.' } },
    seen: { error: { statusCode: 400, code: 'BadRequest', message: 'No.' } },
    statuses: [202, 400]
  },
  'a late result': { poll: 'lateResult', seen: NO_BODY, statuses: [202, 200, 202] }
}

for (const client of CLIENTS) {
  t.test(`${client} follows an operation`, async t => {
    const emulator = await start(t, { fixtures: [{ name: 'hi', result: { stdout: 'hi' } }] })
    const call = connect(t, client, emulator.caFile)
    for (const [name, { operation, poll, seen = OUTPUT, statuses }] of Object.entries(CASES)) {
      t.test(`with ${name}`, async t => {
        await emulator.app.inject({ method: 'DELETE', url: '/_emulator/scenarios' })
        if (operation !== undefined) await affect(emulator, { operation: 'VirtualMachines_RunCommand' }, { operation })
        if (poll !== undefined) await affect(emulator, { operation: 'Operations_Get' }, { poll })
        const args = ['rg', 'vm', runShellScript('echo hi'), { updateIntervalInMs: 1 }]
        const { result, error, exchanges } = await call(emulator, { method: 'runCommand', args })
        t.match({ result, error }, client in seen ? seen[client as keyof typeof seen] : seen)
        t.strictSame(exchanges.map(({ status }) => status), statuses)
      })
    }
  })
}
