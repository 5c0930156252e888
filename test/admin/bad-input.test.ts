import t from 'tap'
import { adminOperations, callAdmin, type AdminOperation } from '../harness/admin.js'
import { build, SUBSCRIPTION } from '../harness/emulator.js'

const SCENARIO = { name: 'x', do: [{ delay: { ms: 1 } }] }
const effect = (value: object) => ({ name: 'x', do: [value] })
const DECLARED = { subscriptionId: SUBSCRIPTION, resourceGroup: 'declared', name: 'vm' }
const LIMIT = 4 * 1024 * 1024

/** A request with one mistake. */
interface Wrong {
  /** Replaces the operation's own URL. */
  readonly url?: string
  readonly body?: unknown
  readonly status?: number
  /** The field that the error names, if any. */
  readonly target?: string
}

interface Case {
  /** A body that the operation accepts. */
  readonly body?: object
  /** Whether the body must have exactly one member. */
  readonly isSingle?: boolean
  readonly wrong: readonly Wrong[]
}

const FILTERS: readonly Wrong[] = [
  { url: '?status=99', target: 'status' }, { url: '?status=x', target: 'status' }, { url: '?top=0', target: 'top' },
  { url: '?since=-1', target: 'since' }, { url: '?top=1.5', target: 'top' }, { url: '?operation=', target: 'operation' },
  { url: '?operation=VirtualMachines_RunComand', target: 'operation' }, { url: '?operation=VirtualMachine_*', target: 'operation' }
]

const MACHINE: readonly Wrong[] = [
  { url: '/virtualMachines/s/rg/vm', target: 'subscriptionId' },
  { url: `/virtualMachines/${SUBSCRIPTION}/rg./vm`, target: 'resourceGroup' },
  { url: `/virtualMachines/${SUBSCRIPTION}/rg/v%00m`, target: 'vmName' },
  { url: `/virtualMachines/${SUBSCRIPTION}/rg/${'v'.repeat(65)}`, target: 'vmName' },
  { url: `/virtualMachines/${SUBSCRIPTION}/rg/..%2f..%2fvm`, target: 'vmName' }
]

const SCALE_SET: readonly Wrong[] = MACHINE.map(({ url, target }) => ({
  url: url!.replace('virtualMachines', 'virtualMachineScaleSets'), target: target === 'vmName' ? 'vmScaleSetName' : target!
}))
const INSTANCE: readonly Wrong[] = [
  ...SCALE_SET.map(({ url, target }) => ({ url: `${url}/instances/0`, target: target! })),
  { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/rg/ss/instances/01`, target: 'instanceId' },
  { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/rg/ss/instances/*`, target: 'instanceId' },
  { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/declared/none/instances/0`, status: 404, target: 'vmScaleSetName' },
  { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/declared/ss/instances/7`, status: 404, target: 'instanceId' }
]

/** Each operation's own mistakes; `wrongForAll` has those that all operations share. */
const CASES: Readonly<Record<string, Case>> = {
  Scenarios_List: { wrong: [] },
  Scenarios_Replace: {
    body: { value: [] },
    wrong: [
      { body: { value: {} }, target: 'value' }, { body: {}, target: 'body' }, { body: { value: [1] }, target: 'value[0]' },
      { body: { value: [SCENARIO, { ...SCENARIO, chance: 2 }] }, target: 'value[1].chance' }
    ]
  },
  Scenarios_Clear: { wrong: [] },
  Scenarios_CreateOrUpdate: {
    body: SCENARIO,
    wrong: [
      { url: '/scenarios/other', body: SCENARIO, target: 'name' },
      { url: '/scenarios/x?position=middle', body: SCENARIO, target: 'position' },
      { body: { ...SCENARIO, name: '' }, target: 'name' },
      { body: { ...SCENARIO, calls: '2-1-3' }, target: 'calls' },
      { body: { ...SCENARIO, chance: -0.1 }, target: 'chance' },
      { body: { ...SCENARIO, match: { vmname: 'x' } }, target: 'match.vmname' },
      { body: { ...SCENARIO, match: { operation: 'VirtualMachine_*' } }, target: 'match.operation' },
      { body: { ...SCENARIO, match: { header: { a: 1 } } }, target: 'match.header.a' },
      { body: effect({ delay: { ms: -1 } }), target: 'do[0].delay.ms' },
      { body: effect({ delay: { ms: 1e300 } }), target: 'do[0].delay.ms' },
      { body: effect({ throttle: { retryAfter: -1 } }), target: 'do[0].throttle.retryAfter' },
      { body: effect({ operation: { duration: -1 } }), target: 'do[0].operation.duration' },
      { body: effect({ error: { status: 99, code: 'x' } }), target: 'do[0].error.status' },
      { body: effect({ socket: 'melt' }), target: 'do[0].socket' },
      { body: effect({ answer: { status: 204, body: 'x' } }), target: 'do[0].answer.body' },
      { body: effect({ operation: {} }), target: 'do[0].operation' }
    ]
  },
  Scenarios_Delete: { wrong: [{ url: '/scenarios/none', status: 404, target: 'name' }] },
  NamedScenarios_List: { wrong: [] },
  Requests_List: { wrong: [...FILTERS, { url: '?wait=-1', target: 'wait' }, { url: '?wait=Infinity', target: 'wait' }, { url: '?count=0', target: 'count' }] },
  Requests_Clear: { wrong: [] },
  Requests_Get: {
    wrong: [
      { url: '/requests/0', target: 'sequence' }, { url: '/requests/x', target: 'sequence' }, { url: '/requests/-1', target: 'sequence' },
      { url: '/requests/999999', status: 404, target: 'sequence' }
    ]
  },
  Requests_ExportHar: { wrong: FILTERS },
  Requests_Verify: {
    body: { expectations: [{ match: {} }] },
    wrong: [
      { body: {}, target: 'body' }, { body: { expectations: [] }, target: 'expectations' },
      { body: { expectations: Array(1001).fill({ match: {} }) }, target: 'expectations' },
      { body: { expectations: [{ match: {} }], wait: -1 }, target: 'wait' },
      { body: { expectations: [{ match: { vmName: 1 } }] }, target: 'expectations[0].match.vmName' },
      { body: { expectations: [{ match: {}, times: '-1' }] }, target: 'expectations[0].times' },
      { body: { expectations: [{ match: {} }, { match: { operation: 'None' } }] }, target: 'expectations[1].match.operation' },
      { body: { expectations: [{ match: {} }], inOrder: 'yes' }, target: 'inOrder' }
    ]
  },
  Events_Stream: { wrong: [] },
  Reports_Get: { wrong: [{ url: '?format=pdf', target: 'format' }] },
  Clock_Get: { wrong: [] },
  Clock_Move: {
    body: { advance: 1 },
    isSingle: true,
    wrong: [
      { body: {}, target: 'body' }, { body: { advance: -1 }, target: 'advance' }, { body: { advance: '1' }, target: 'advance' },
      { body: { to: 'tomorrow' }, target: 'to' }, { body: { until: 'never' }, target: 'until' },
      { body: { advance: 1, until: 'idle' }, target: 'body' }
    ]
  },
  State_Reset: {
    body: {},
    wrong: [
      { body: { subscriptionId: '1' }, target: 'subscriptionId' }, { body: { resourceGroup: 'rg' }, target: 'resourceGroup' },
      { body: { subscriptionId: SUBSCRIPTION, vmName: 'vm' }, target: 'vmName' },
      { body: { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg.' }, target: 'resourceGroup' },
      { body: { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: '' }, target: 'vmName' },
      { body: { subscriptionId: null }, target: 'subscriptionId' }
    ]
  },
  State_Get: { wrong: [] },
  VirtualMachines_Read: { wrong: [...MACHINE, { url: `/virtualMachines/${SUBSCRIPTION}/declared/none`, status: 404, target: 'vmName' }] },
  VirtualMachines_Declare: {
    body: {},
    wrong: [
      ...MACHINE.map(each => ({ ...each, body: {} })), { body: { osType: 'BeOS' }, target: 'osType' }, { body: { location: '' }, target: 'location' },
      { body: { powerState: 'asleep' }, target: 'powerState' }, { body: { name: 'vm' }, target: 'name' },
      { url: `/virtualMachines/${SUBSCRIPTION}/declared/none`, body: { powerState: 'stopped' }, status: 404, target: 'vmName' }
    ]
  },
  VirtualMachineScaleSets_Read: {
    wrong: [...SCALE_SET, { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/declared/none`, status: 404, target: 'vmScaleSetName' }]
  },
  VirtualMachineScaleSets_Declare: {
    body: {},
    wrong: [
      ...SCALE_SET.map(each => ({ ...each, body: {} })), { body: { osType: 'BeOS' }, target: 'osType' }, { body: { location: '' }, target: 'location' },
      { body: { instances: '0' }, target: 'instances' }, { body: { instances: ['0', '0'] }, target: 'instances' },
      { body: { instances: ['0', 1] }, target: 'instances[1]' }, { body: { instances: ['01'] }, target: 'instances[0]' },
      { body: { instances: Array.from({ length: 1001 }, (_, id) => `${id}`) }, target: 'instances' },
      { body: { powerState: 'stopped' }, target: 'powerState' }
    ]
  },
  VirtualMachineScaleSets_Remove: {
    wrong: [...SCALE_SET, { url: `/virtualMachineScaleSets/${SUBSCRIPTION}/rg/undeclared`, status: 404, target: 'vmScaleSetName' }]
  },
  ScaleSetInstances_Read: { wrong: INSTANCE },
  ScaleSetInstances_Change: {
    body: { powerState: 'stopped' },
    wrong: [
      ...INSTANCE.map(each => ({ ...each, body: { powerState: 'stopped' } })),
      { body: {}, target: 'body' }, { body: { powerState: 'asleep' }, target: 'powerState' }
    ]
  },
  VirtualMachines_Remove: { wrong: [...MACHINE, { url: `/virtualMachines/${SUBSCRIPTION}/rg/undeclared`, status: 404, target: 'vmName' }] }
}

/** The mistakes that every operation can have. */
function wrongForAll ({ method, url, operation }: AdminOperation, { body, isSingle = false }: Case): Wrong[] {
  const queries = ['?nonsense=1', '?__proto__=1', '?wait=1&wait=2', '?nonsense=1&nonsense=2']
  const [known] = operation.parameters?.filter(each => 'in' in each && each.in === 'query') ?? []
  if (known !== undefined && 'name' in known) queries.push(`?${known.name}=1&${known.name}=2`)
  return [
    ...queries.map(query => ({ url: url + query, body, target: query.slice(1).split('=')[0]! })),
    ...method === 'GET' ? [] : bodies.map(each => ({ target: 'body', ...each })),
    ...body === undefined ? [] : typed(isSingle ? {} : body)
  ]
}

const bodies: readonly Wrong[] = [
  { body: '{' }, { body: '\u0000' }, { body: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }, { body: '['.repeat(100_000) },
  { body: `{"a":"${'x'.repeat(LIMIT)}"}`, status: 413 }
]

function typed (body: object): Wrong[] {
  return [
    ...['null', '1', '"text"', '[]', 'true'].map(text => ({ body: text, target: 'body' })),
    { body: { ...body, nonsense: 1 }, target: 'nonsense' },
    { body: `{"__proto__":1,${JSON.stringify(body).slice(1)}`.replace(',}', '}'), target: '__proto__' }
  ]
}

t.test('every operation of the contract has its cases', async t => {
  t.same(adminOperations.map(({ id }) => id).sort(), Object.keys(CASES).sort())
})

for (const operation of adminOperations) {
  const { id, method, url } = operation
  t.test(`${id} refuses every mistake with a status of 4xx, and names the field`, async t => {
    const emulator = await build(t, { virtualMachines: [DECLARED], virtualMachineScaleSets: [{ ...DECLARED, name: 'ss' }] })
    const own = CASES[id] ?? { wrong: [] }
    const wrong = [...wrongForAll(operation, own), ...own.wrong]
    for (const { url: given = url, body = own.body, status = 400, target } of wrong) {
      const path = given.startsWith('?') ? `${url}${given}` : given
      const what = `${method} ${path.slice(0, 100)} ${(typeof body === 'string' ? body : JSON.stringify(body))?.slice(0, 100)}`
      const response = await callAdmin(emulator, method, path, body)
      const { error: { code, message, ...error } = {}, ...others } = response.body
      const [isCode, isLine] = [isText(code, /^[A-Za-z]+$/), isText(message, /^.*\w.*$/)]
      const wanted = { status, others: {}, error: target === undefined ? {} : { target }, isCode: true, isLine: true }
      t.strictSame({ status: response.status, others, error, isCode, isLine }, wanted, `${what}: ${code} ${message}`)
    }
    t.equal((await emulator.app.inject('/_emulator/health')).statusCode, 200)
  })

  t.test(`${id} refuses a web page, and its path refuses unsupported methods`, async t => {
    const emulator = await build(t)
    t.match(await callAdmin(emulator, method, url, CASES[id]?.body, { origin: 'https://evil.example' }),
      { status: 403, body: { error: { code: 'RequestRefused' } } })
    const allowed = adminOperations.filter(each => each.url === url).map(each => each.method)
    for (const other of ['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'MKCOL'].filter(each => !(allowed as string[]).includes(each))) {
      t.match(await callAdmin(emulator, other, url, '{'), { status: 405, headers: { allow: allowed.join(', ') }, body: { error: { code: 'MethodNotAllowed' } } })
    }
  })
}

function isText (value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value)
}

t.test('an error lists up to 20 mistakes', async t => {
  const emulator = await build(t)
  const wrong = await callAdmin(emulator, 'PUT', '/scenarios/x', { calls: 0, chance: 2, do: [{ throtle: {} }] })
  const { details, ...error } = wrong.body.error
  t.match(error, { code: 'BadRequest', message: / \(and \d more\)$/, target: details[0].target })
  t.strictSame(details.map(({ target }: { target: string }) => target).sort(), ['calls', 'chance', 'do[0].throtle'])
  t.ok(details.every(({ code, message }: Record<string, string>) => code === 'BadRequest' && message!.startsWith("'")))
  const { body: { error: one } } = await callAdmin(emulator, 'PUT', '/scenarios/x', { name: 'x', do: [] })
  t.notOk('details' in one, 'a single mistake needs no list')
  const many = await callAdmin(emulator, 'PUT', '/scenarios', { value: Array.from({ length: 30 }, () => 1) })
  t.equal(many.body.error.details.length, 20)
})

t.test('an error says how long a list may be, and which number is too large', async t => {
  const emulator = await build(t)
  const { body: { error: long } } = await callAdmin(emulator, 'POST', '/verify', { expectations: Array(1001).fill({ match: {} }) })
  t.equal(long.message, "'expectations' must have at most 1000 items")
  const { body: { error: large } } = await callAdmin(emulator, 'POST', '/verify', '{"expectations":[{"match":{}}],"wait":1e999}')
  t.equal(large.message, "'wait' must be a number of seconds from 0 to 3600, not Infinity")
})

t.test('a whole number in a query is digits that JavaScript does not round, and the error shows it as sent', async t => {
  const emulator = await build(t)
  const since = async (sent: string) => {
    const { status, body: { error } } = await callAdmin(emulator, 'GET', `/requests?since=${sent}`)
    return [status, error?.message]
  }
  for (const sent of ['9007199254740993', '9007199254740991.4', '1e2', '0x10', '%205']) {
    const shown = JSON.stringify(decodeURIComponent(sent))
    t.strictSame(await since(sent), [400, `'since' must be a whole number from 0 to 9007199254740991, not ${shown}`])
  }
  t.strictSame(await since('9007199254740991'), [200, undefined])
  t.strictSame(await since('007'), [200, undefined])
  t.strictSame(await since('-1'), [400, "'since' must be a whole number from 0 to 9007199254740991, not -1"])
})

/** Bodies near the size limit with as many mistakes as fit. */
const MANY: Readonly<Record<string, () => object>> = {
  'unknown members': () => Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`a${index}`, 1])),
  'wrong effects': () => ({ value: Array.from({ length: 100_000 }, () => ({ name: 'x', do: [{ socket: 1 }] })) }),
  'wrong types': () => ({ value: Array.from({ length: 1_000_000 }, () => 1) })
}

for (const [what, create] of Object.entries(MANY)) {
  t.test(`a body with hundreds of thousands of ${what} gets an ordinary error`, async t => {
    const emulator = await build(t)
    const body = JSON.stringify(create())
    t.ok(body.length < LIMIT)
    const began = performance.now()
    const response = await callAdmin(emulator, 'PUT', '/scenarios', body)
    t.equal(response.status, 400)
    t.match(response.body.error.message, /\(and at least \d+ more\)$/)
    t.comment(`${Math.round(performance.now() - began)} ms`)
  })
}

t.test('a body in another form than JSON in UTF-8 is refused with the header that says so', async t => {
  const emulator = await build(t)
  const put = async (headers: Record<string, string>) => await callAdmin(emulator, 'PUT', '/scenarios/x', SCENARIO, headers)
  t.match(await put({ 'content-encoding': 'gzip' }), {
    status: 415,
    body: { error: { code: 'UnsupportedMediaType', target: 'Content-Encoding', message: "'Content-Encoding' must not be 'gzip': send the body uncompressed, without this header" } }
  })
  t.match(await put({ 'content-encoding': 'Identity' }), { status: 201 })
  t.match(await put({ 'content-type': ';;;' }), {
    status: 415,
    body: { error: { code: 'UnsupportedMediaType', target: 'Content-Type', message: "'Content-Type' must be a media type such as application/json, not ';;;'" } }
  })
})

t.test('a byte order mark before a body is ignored', async t => {
  t.match(await callAdmin(await build(t), 'PUT', '/scenarios/x', `\uFEFF${JSON.stringify(SCENARIO)}`), { status: 201 })
})
