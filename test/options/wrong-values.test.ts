import { generateKeyPairSync } from 'node:crypto'
import { join, relative } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { UsageError } from '../../src/core/usage-error.js'
import { setupFrom } from '../../src/options/emulator-options.js'
import { options } from '../../src/options/options.js'
import { setupFromArgv } from '../harness/config.js'
import { cpuFor } from '../harness/cpu.js'
import { SUBSCRIPTION as GUID } from '../harness/emulator.js'

interface Files {
  readonly [name: string]: string | Files
}

interface Case {
  /** A command line. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Files
  /** The options of a program, instead of a command line. */
  readonly options?: object
  /** The exact lines. In all members DIR stands for the directory of the files. */
  readonly lines: readonly string[]
}

const RUN_COMMAND = `"subscriptionId": "${GUID}", "resourceGroup": "rg", "name": "cmd", "source": { "script": "id" }`
const machine = { subscriptionId: GUID, resourceGroup: 'rg', name: 'vm' }
const command = { subscriptionId: GUID, resourceGroup: 'rg', name: 'cmd', source: {} }
const executor = { execute: async () => ({ exitCode: 0, stdout: '', stderr: '' }) }

function config (content: string | object): NonNullable<Case['files']> {
  return { 'azrun.json': typeof content === 'string' ? content : JSON.stringify(content) }
}

function fixture (content: object): Case['files'] {
  return { fixtures: { 'a.json': JSON.stringify({ fixtures: [content] }) } }
}

const TAGS = 'must be an object of at most 50 tags, whose names have 1 to 512 characters without <, >, %, &, \\, ? and /'
const FILE = ['--config', 'DIR/azrun.json']
const FIXTURES = ['--fixtures', 'DIR/fixtures']
const NAME = 'must be a name of 1 to 64 letters, digits, underscores, hyphens and periods that does not end with a hyphen or a period'
const GROUP = 'must be a name of 1 to 90 letters, digits, underscores, hyphens, periods and parentheses that does not end with a period'

const cases: Readonly<Record<string, Case>> = {
  // Flags and environment.
  'text instead of a number': { args: ['--port', 'http'], lines: ['--port must be a whole number from 0 to 65535, not "http"'] },
  'a fraction': { args: ['--delay', '0.5'], lines: ['--delay must be a whole number from 0 to 2147483647, not "0.5"'] },
  'a number that is too large': { args: ['--port', '65536'], lines: ['--port must be a whole number from 0 to 65535, not 65536'] },
  'a number that JavaScript rounds': {
    args: ['--seed', '9007199254740993'],
    env: { AZRUN_DELAY: '-123456789012345678901' },
    lines: [
      'AZRUN_DELAY must be a whole number from 0 to 2147483647, not "-123456789012345678901"',
      '--seed must be a whole number from 0 to 9007199254740991, not "9007199254740993"'
    ]
  },
  'a number that is too small': {
    args: ['--executor', 'shell', '--max-scripts', '0'],
    lines: ['--max-scripts must be a whole number from 1 to 65536, not 0']
  },
  'a file that is not a certificate, and another mistake': {
    args: ['--cert', 'DIR/cert.pem', '--delay', 'x'],
    env: { AZRUN_KEY: 'DIR/key.pem' },
    files: { 'cert.pem': '', 'key.pem': '' },
    lines: [
      '--delay must be a whole number from 0 to 2147483647, not "x"',
      '--cert DIR/cert.pem must be in PEM, with a line -----BEGIN CERTIFICATE-----, but has no such line: name another file, or ' +
        'convert one in DER with openssl x509 -inform der'
    ]
  },
  'a value that is none of the choices': {
    args: ['--api-versions', 'all'],
    lines: ['--api-versions must be one of newer, published, any, not "all"']
  },
  'an empty value': { args: ['--host', ''], lines: ['--host needs a value: write --host HOST'] },
  'a variable that is not a number': {
    env: { AZRUN_PORT: '10.0.0.1:80' },
    lines: ['AZRUN_PORT must be a whole number from 0 to 65535, not "10.0.0.1:80"']
  },
  'a variable that is not a boolean': { env: { AZRUN_STRICT: 'on' }, lines: ['AZRUN_STRICT must be true or false, not "on"'] },
  'invalid allowed hosts': {
    args: ['http://example.com', 'example.com:0', 'example.com:65536', 'a b'].flatMap(host => ['--allow-host', host]),
    lines: ['"http://example.com"', '"example.com:0"', '"example.com:65536"', '"a b"'].map(host =>
      `--allow-host must be HOST or HOST:PORT, with a port from 1 to 65535, not ${host}`)
  },
  'several flags and variables': {
    args: ['--delay', 'x', '--pace', 'slow'],
    env: { AZRUN_PORT: 'y', AZRUN_LOG_LEVEL: 'all' },
    lines: [
      'AZRUN_PORT must be a whole number from 0 to 65535, not "y"',
      'AZRUN_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "all"',
      '--delay must be a whole number from 0 to 2147483647, not "x"',
      '--pace must be one of fast, azure, not "slow"'
    ]
  },

  'invalid public names': {
    args: ['*.test', 'my-service:10900', 'https://my-service', 'a..b', 'a-'].flatMap(name => ['--public-name', name]),
    lines: ['"*.test"', '"my-service:10900"', '"https://my-service"', '"a..b"', '"a-"'].map(name =>
      `--public-name must be a DNS name or an IP address, without a port and without a wildcard, not ${name}`)
  },
  ...Object.fromEntries(['::', '0.0.0.0', '0'].map(name => [`the public name '${name}'`, {
    args: ['--public-name', name],
    lines: [`--public-name ${name === '0' ? '0.0.0.0' : name} means all addresses: give a name or an address that clients connect to`]
  }])),
  'a public name with a port that could be part of an address': {
    args: ['--public-name', 'cafe:10900'],
    lines: ['--public-name cafe:10900 must be a DNS name or an IP address: give it without a port']
  },

  // Options that conflict.
  'a certificate without its key': { args: ['--cert', 'c.pem'], lines: ['--cert c.pem is given without --key: give both or neither'] },
  'a key from the environment without its certificate': {
    env: { AZRUN_KEY: 'k.pem' },
    lines: ['AZRUN_KEY k.pem is given without --cert: give both or neither']
  },
  'a certificate from a file without its key': {
    args: FILE,
    files: config('{\n  "cert": "c.pem"\n}'),
    lines: ["DIR/azrun.json:2:11: 'cert' DIR/c.pem is given without --key: give both or neither"]
  },
  'remote execution by a variable and a file': {
    args: FILE,
    files: config({ host: '::' }),
    env: { AZRUN_EXECUTOR: 'shell' },
    lines: ["AZRUN_EXECUTOR shell on 'host' of DIR/azrun.json :: would let other machines run scripts on this one: set " +
      '--allow-remote-execution if this is intended, or listen on 127.0.0.1']
  },
  'fixtures and an executor that does not use them': {
    args: ['--fixtures', 'mine', '--executor', 'shell'],
    lines: ['--fixtures mine cannot be combined with --executor shell, which does not use fixtures: remove one of the two']
  },
  '--unmatched and an executor that does not match': {
    args: ['--unmatched', 'fail', '--executor', 'shell'],
    lines: ['--unmatched fail cannot be combined with --executor shell, which does not use fixtures: remove one of the two']
  },
  '--max-scripts and an executor that runs no scripts': {
    env: { AZRUN_MAX_SCRIPTS: '2' },
    lines: ['AZRUN_MAX_SCRIPTS 2 cannot be combined with --executor fixture, which runs no scripts: remove it, or use --executor shell']
  },
  'a report in an unknown format': {
    args: ['--report', 'findings.html'],
    lines: ['--report must be a file whose name ends in .xml (for JUnit), .sarif or .json, not "findings.html"']
  },
  'a report and no journal': {
    args: ['--report', 'findings.json', '--journal', '0'],
    lines: ['--report findings.json cannot be combined with --journal 0, which keeps nothing to report on: remove one of the two']
  },
  '--watch without files': {
    env: { AZRUN_WATCH: '1' },
    lines: ['AZRUN_WATCH needs a config file, fixtures or scenarios to watch: name one, or remove it']
  },
  'role assignments and trusted keys without authentication': {
    args: [...FILE, '--auth', 'off'],
    files: config({
      roleAssignments: [{ principalId: GUID, actions: ['*'] }],
      trustedKeys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })]
    }),
    lines: [
      "DIR/azrun.json:1:20: 'roleAssignments' cannot be combined with --auth off, which does not identify callers: remove one of the two",
      "DIR/azrun.json:1:107: 'trustedKeys' cannot be combined with --auth off, which does not verify signatures: use --auth strict"
    ]
  },
  'conflicts together with a wrong value': {
    args: ['--cert', 'c.pem', '--host', '0.0.0.0', '--executor', 'shell', '--port', 'x'],
    lines: [
      '--port must be a whole number from 0 to 65535, not "x"',
      '--cert c.pem is given without --key: give both or neither',
      '--executor shell on --host 0.0.0.0 would let other machines run scripts on this one: set --allow-remote-execution if ' +
        'this is intended, or listen on 127.0.0.1'
    ]
  },

  // The syntax of a config file.
  'a config file that does not exist': {
    args: FILE,
    lines: ['--config DIR/azrun.json does not exist: check the path']
  },
  'a config file from the environment that is a directory': {
    env: { AZRUN_CONFIG: 'DIR' },
    lines: ['AZRUN_CONFIG DIR must be a file, not a directory: check the path']
  },
  'an empty config file': { args: FILE, files: config(''), lines: ['DIR/azrun.json: the file is empty'] },
  'an option name with hyphens': {
    args: FILE,
    files: config({ 'log-level': 'warn' }),
    lines: ["DIR/azrun.json:1:2: 'log-level' is not a known property; did you mean 'logLevel'?"]
  },
  'a config file that is not an object': { args: FILE, files: config('null'), lines: ['DIR/azrun.json:1:1: the file must be an object, not null'] },
  'syntax errors on several lines': {
    args: FILE,
    files: config('{\n  "port": 1\n  "delay": x,\n  host: "a",\n  "cert": "c\n}\n// The end.'),
    lines: [
      'DIR/azrun.json:3:3: expected a comma or a closing bracket',
      'DIR/azrun.json:4:3: this is not JSON; text needs double quotes',
      'DIR/azrun.json:5:11: the text does not end on its line; it needs a closing double quote'
    ]
  },
  'characters that look like those of JSON, or like nothing': {
    args: FILE,
    files: config('{\n  “port”: 1,\n  \u00a0"delay": 1\n}'),
    lines: ['2:3: the character U+201C', '3:3: the character U+00A0'].map(start =>
      `DIR/azrun.json:${start} is not JSON; replace or remove it: only text in double quotes may have it`)
  },
  'an object that does not end': { args: FILE, files: config('{ "port": 1'), lines: ['DIR/azrun.json:1:12: expected a closing brace }'] },
  'a duplicate option': {
    args: FILE,
    files: config('{\n  "port": 1,\n  "port": 2\n}'),
    lines: ["DIR/azrun.json:3:3: 'port' is given twice: remove one of the two"]
  },

  // The content of a config file.
  'every mistake in a config file, in the order of the file': {
    args: FILE,
    files: config(`{
  // Comments count as lines.
  "prot": 1,
  "virtualMachine": [], "strict": "yes",
  "virtualMachines": [
    { "subscriptionId": "x", "resourceGroup": "r g", "name": ".." },
    { "subscriptionId": "${GUID}", "resourceGroup": "rg", "nam": "vm", "location": "west/us" },
    7,
  ],
  "subscriptions": {},
  "maxScripts": 0.5
}`),
    lines: [
      "DIR/azrun.json:3:3: 'prot' is not a known property; did you mean 'port'?",
      "DIR/azrun.json:4:3: 'virtualMachine' is not a known property; did you mean 'virtualMachines'?",
      "DIR/azrun.json:4:35: 'strict' must be true or false, not \"yes\"",
      "DIR/azrun.json:6:25: 'virtualMachines[0].subscriptionId' must be a GUID, not \"x\"",
      `DIR/azrun.json:6:47: 'virtualMachines[0].resourceGroup' ${GROUP}, not "r g"`,
      `DIR/azrun.json:6:62: 'virtualMachines[0].name' ${NAME}, not ".."`,
      "DIR/azrun.json:7:5: 'virtualMachines[1]' must have 'name'",
      "DIR/azrun.json:7:88: 'virtualMachines[1].nam' is not a known property; did you mean 'name'?",
      "DIR/azrun.json:7:113: 'virtualMachines[1].location' must be a region such as westus or West US, not \"west/us\"",
      "DIR/azrun.json:8:5: 'virtualMachines[2]' must be an object, not 7",
      "DIR/azrun.json:10:20: 'subscriptions' must be a list, not {}",
      "DIR/azrun.json:11:17: 'maxScripts' must be a whole number from 1 to 65536, not 0.5"
    ]
  },
  'mistakes in declarations of identities': {
    args: FILE,
    files: config(`{
  "servicePrincipals": [{ "clientId": "${GUID}", "certificate": "MII", "clientSecret": "" }],
  "managedIdentities": [{ "clientId": "${GUID}", "resourceId": "vm" }],
  "users": [{ "name": "ann" }],
  "roleAssignments": [{ "principalId": "${GUID}", "scope": "rg", "actions": ["a b"] },
    { "principalId": "${GUID}", "actions": [] }],
  "trustedKeys": [{ "kty": "oct" }, { "kty": "EC", "crv": "P-384" }, { "kty": "RSA", "n": "AQAB", "e": "AQAB" }]
}`),
    lines: [
      "DIR/azrun.json:2:94: 'servicePrincipals[0].certificate' must be a PEM-encoded certificate, which begins with " +
        '-----BEGIN CERTIFICATE-----, not "MII"',
      "DIR/azrun.json:2:117: 'servicePrincipals[0].clientSecret' must not be empty",
      "DIR/azrun.json:3:93: 'managedIdentities[0].resourceId' must be a resource id, which begins with /subscriptions/, not \"vm\"",
      "DIR/azrun.json:4:23: 'users[0].name' must be a user principal name such as ann@contoso.com, not \"ann\"",
      "DIR/azrun.json:5:89: 'roleAssignments[0].scope' must be a path of Resource Manager, which begins with /, not \"rg\"",
      "DIR/azrun.json:5:107: 'roleAssignments[0].actions[0]' must be an action such as " +
        'Microsoft.Compute/virtualMachines/runCommand/action, with * for any text, not "a b"',
      "DIR/azrun.json:6:73: 'roleAssignments[1].actions' must not be empty",
      "DIR/azrun.json:7:28: 'trustedKeys[0].kty' must be one of EC, RSA, not \"oct\"",
      "DIR/azrun.json:7:37: 'trustedKeys[1]' must be an RSA or P-256 public key, not EC P-384",
      "DIR/azrun.json:7:70: 'trustedKeys[2]' must have at least 2048 bits, not 17"
    ]
  },
  'two declarations with the same name': {
    args: FILE,
    files: config({
      virtualMachines: [machine, { ...machine, name: 'other' }, { ...machine, resourceGroup: 'RG', name: 'VM' }],
      subscriptions: [{ subscriptionId: GUID }, { subscriptionId: GUID.toUpperCase() }],
      servicePrincipals: [{ clientId: GUID }, { clientId: GUID.toUpperCase() }],
      managedIdentities: [{ clientId: GUID }, { clientId: GUID.toUpperCase() }],
      users: [{ name: 'ann@contoso.com' }, { name: 'Ann@contoso.com' }]
    }),
    lines: [
      "DIR/azrun.json:1:206: 'virtualMachines[2]' has the same name as 'virtualMachines[0]', 'VM' in resource group 'RG': " +
        'remove one of the two',
      "DIR/azrun.json:1:373: 'subscriptions[1]' has the same subscriptionId as 'subscriptions[0]', " +
        `'${GUID.toUpperCase()}': remove one of the two`,
      "DIR/azrun.json:1:505: 'servicePrincipals[1]' has the same clientId as 'servicePrincipals[0]', " +
        `'${GUID.toUpperCase()}': remove one of the two`,
      "DIR/azrun.json:1:631: 'managedIdentities[1]' has the same clientId as 'managedIdentities[0]', " +
        `'${GUID.toUpperCase()}': remove one of the two`,
      "DIR/azrun.json:1:720: 'users[1]' has the same name as 'users[0]', 'Ann@contoso.com': remove one of the two"
    ]
  },
  'run commands without a machine, with two, with an invalid instance or name, or declared twice': {
    args: FILE,
    files: config(`{ "runCommands": [
      { ${RUN_COMMAND} },
      { ${RUN_COMMAND}, "vmName": "vm", "vmScaleSetName": "ss" },
      { ${RUN_COMMAND}, "vmScaleSetName": "ss", "instanceId": "zero" },
      { ${RUN_COMMAND.replace('"cmd"', '"c d"')}, "vmName": "vm" },
      { ${RUN_COMMAND}, "vmScaleSetName": "ss", "instanceId": "0" },
      { ${RUN_COMMAND}, "vmScaleSetName": "SS", "instanceId": "0" }
    ] }`),
    lines: [
      "DIR/azrun.json:2:7: 'runCommands[0]' must have either vmName, or vmScaleSetName and instanceId",
      "DIR/azrun.json:3:7: 'runCommands[1]' must have either vmName, or vmScaleSetName and instanceId",
      "DIR/azrun.json:4:173: 'runCommands[2].instanceId' must be a number in quotes, such as \"0\", without zeros before it, " +
        'not "zero"',
      "DIR/azrun.json:5:98: 'runCommands[3].name' must be a name of 1 to 80 letters, digits, underscores, hyphens and periods " +
        'that begins with a letter or a digit and does not end with a hyphen or a period, not "c d"',
      "DIR/azrun.json:7:7: 'runCommands[5]' has the same name as 'runCommands[4]', 'cmd' in resource group 'rg': " +
        'remove one of the two'
    ]
  },
  'tags that Azure refuses': {
    args: FILE,
    files: config({
      resourceGroupStates: [{ subscriptionId: GUID, name: 'rg', tags: { 'a/b': 'c', ' ': 'd', e: 'f'.repeat(257) } }],
      runCommands: [{ ...command, vmName: 'vm', tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ''])) }]
    }),
    lines: [
      `DIR/azrun.json:1:101: 'resourceGroupStates[0].tags' ${TAGS}, not {"a/b":"c"," ":"d","e":"${'f'.repeat(76)}...`,
      `DIR/azrun.json:1:124: 'resourceGroupStates[0].tags.e' must be text of at most 256 characters, not "${'f'.repeat(99)}...`,
      `DIR/azrun.json:1:526: 'runCommands[0].tags' ${TAGS}, not {"t0":"","t1":"","t2":"","t3":"","t4":"","t5":"","t6":"","t7":"","t8":"","t9":"","t10":"","t11":"","...`
    ]
  },
  'the name of an inherited property': {
    args: FILE,
    files: config('{ "__proto__": { "port": 1 } }'),
    lines: [`DIR/azrun.json:1:3: '__proto__' is not a known property; expected one of ${options.map(([name]) => name).join(', ')}`]
  },
  'a long value': {
    args: FILE,
    files: config({ host: Array(10_000).fill('x\n') }),
    lines: [`DIR/azrun.json:1:9: 'host' must be text, not ${JSON.stringify(Array(10_000).fill('x\n')).slice(0, 100)}...`]
  },

  // Fixtures.
  'fixtures that do not exist': {
    args: FIXTURES,
    lines: ['--fixtures DIR/fixtures does not exist: check the path']
  },
  'a directory without fixtures that a config file names': {
    args: FILE,
    files: { ...config('{ "fixtures": "mine" }'), mine: { 'README.md': '' } },
    lines: ["DIR/azrun.json:1:15: 'fixtures' DIR/mine has no fixture file, *.json or *.jsonc: add one"]
  },
  'a directory instead of a fixture file': {
    args: FIXTURES,
    files: { fixtures: { 'a.json': {} } },
    lines: ['DIR/fixtures/a.json must be a file, not a directory: check the path']
  },
  'a single file that is not a fixture file': {
    args: ['--fixtures', 'DIR/azrun.json'],
    files: config({ port: 1 }),
    lines: [
      "DIR/azrun.json:1:1: the file must have 'fixtures'",
      "DIR/azrun.json:1:2: 'port' is not a known property; expected one of fixtures"
    ]
  },
  'every mistake in a directory of fixtures and in the flags': {
    args: [...FIXTURES, '--port', 'x'],
    files: {
      fixtures: {
        'a.json': '{ "fixtures": [{ "name": "x" },\n{ "name": "", "result": {}, "error": { "code": "C" } }, 1], "fixture": 1 }',
        'b.json': '{\n  "fixtures": [\n}',
        'c.jsonc': '[]'
      }
    },
    lines: [
      '--port must be a whole number from 0 to 65535, not "x"',
      "DIR/fixtures/a.json:1:16: 'fixtures[0]' must have either 'result' or 'error'",
      "DIR/fixtures/a.json:2:1: 'fixtures[1]' must have either 'result' or 'error'",
      "DIR/fixtures/a.json:2:11: 'fixtures[1].name' must not be empty",
      "DIR/fixtures/a.json:2:38: 'fixtures[1].error' must have 'message'",
      "DIR/fixtures/a.json:2:57: 'fixtures[2]' must be an object, not 1",
      "DIR/fixtures/a.json:2:61: 'fixture' is not a known property; did you mean 'fixtures'?",
      'DIR/fixtures/b.json:3:1: expected a value',
      'DIR/fixtures/c.jsonc:1:1: the file must be an object, not []'
    ]
  },
  'mistakes in the members of a fixture': {
    args: FIXTURES,
    files: fixture({ name: 'x', match: { commandID: '*', script: ['echo'], parameters: { 'my name': 1 } }, result: { exitCode: 256, durationMs: -1, stdOut: '' } }),
    lines: [
      "DIR/fixtures/a.json:1:35: 'fixtures[0].match.commandID' is not a known property; did you mean 'commandId'?",
      "DIR/fixtures/a.json:1:60: 'fixtures[0].match.script' must be text, not [\"echo\"]",
      "DIR/fixtures/a.json:1:93: 'fixtures[0].match.parameters[\"my name\"]' must be text, not 1",
      "DIR/fixtures/a.json:1:118: 'fixtures[0].result.exitCode' must be a whole number from 0 to 255, not 256",
      "DIR/fixtures/a.json:1:135: 'fixtures[0].result.durationMs' must be a whole number from 0 to 2147483647, not -1",
      "DIR/fixtures/a.json:1:138: 'fixtures[0].result.stdOut' is not a known property; did you mean 'stdout'?"
    ]
  },

  'mistakes in the statuses of a fixture': {
    args: FIXTURES,
    files: fixture({ name: 'x', result: { statuses: [{ level: 'Fatal' }, { time: 'now' }, { text: 'x' }] } }),
    lines: [
      "DIR/fixtures/a.json:1:57: 'fixtures[0].result.statuses[0].level' must be one of Info, Warning, Error, not \"Fatal\"",
      "DIR/fixtures/a.json:1:74: 'fixtures[0].result.statuses[1].time' must be a date and time such as 2024-03-01T09:00:00+00:00, not \"now\"",
      "DIR/fixtures/a.json:1:82: 'fixtures[0].result.statuses[2].text' is not a known property; expected one of code, level, displayStatus, message, time"
    ]
  },

  // Programs.
  'unknown options of a program': {
    options: { prot: 1, stor: {}, confg: 'x' },
    lines: [
      "option 'prot' is not a known property; did you mean 'port'?",
      "option 'stor' is not a known property; did you mean 'store'?",
      "option 'confg' is not a known property; did you mean 'config'?"
    ]
  },
  'wrong values of a program': {
    options: { port: 10n, delay: 0.5, executor: 'sandbox', host: '', fixtures: 1, config: 7, strict: () => true },
    lines: [
      "option 'config' must be the path of a file, not 7",
      "option 'fixtures' must be a fixture file, a directory of them or a list of fixtures, not 1",
      "option 'host' must not be empty",
      "option 'port' must be a whole number from 0 to 65535, not a bigint",
      "option 'executor' must be one of fixture, shell, not \"sandbox\"",
      "option 'delay' must be a whole number from 0 to 2147483647, not 0.5",
      "option 'strict' must be true or false, not a function"
    ]
  },
  'wrong objects of a program': {
    options: { executor: {}, store: { records () {} }, clock: {}, logger: console, readyFile: 'ready.json' },
    lines: [
      "option 'clock' must be a clock's name or an object with a method 'now'",
      "option 'store' must be an object with a method 'clear'",
      "option 'logger' must be a pino logger with a method 'isLevelEnabled'",
      "option 'executor' must be an executor's name or an object with a method 'execute'",
      "option 'readyFile' is for the command line only: remove it, and use the url, port and caFile of the emulator that " +
        'startEmulator returns'
    ]
  },
  'options of the log beside a logger': {
    options: { logger: pino({ level: 'silent' }), logLevel: 'debug', logFormat: undefined, verbose: true },
    lines: [
      "option 'logLevel' cannot be combined with option 'logger', which has its own level and format: remove one of the two",
      "option 'verbose' cannot be combined with option 'logger', which has its own level and format: remove one of the two"
    ]
  },
  'an executor that is null': {
    options: { executor: null },
    lines: ["option 'executor' must be an executor's name or an object with a method 'execute'"]
  },
  'an executor that is a number': { options: { executor: 1 }, lines: ["option 'executor' must be one of fixture, shell, not 1"] },
  'wrong fixtures and machines of a program': {
    options: {
      fixtures: [{ result: {} }, { name: 'x', match: { vm: 'x' }, result: {} }],
      virtualMachines: [machine, machine, { ...machine, osType: 'linux' }]
    },
    lines: [
      "option 'fixtures[0]' must have 'name'",
      "option 'fixtures[1].match.vm' is not a known property; expected one of commandId, vmName, script, parameters",
      "option 'virtualMachines[2].osType' must be one of Linux, Windows, not \"linux\"",
      "option 'virtualMachines[1]' has the same name as 'virtualMachines[0]', 'vm' in resource group 'rg': remove one of the two",
      "option 'virtualMachines[2]' has the same name as 'virtualMachines[0]', 'vm' in resource group 'rg': remove one of the two"
    ]
  },
  'conflicts with the executor of a program': {
    options: { host: '0.0.0.0', executor, fixtures: [], cert: 'c.pem' },
    lines: [
      "option 'cert' c.pem is given without option 'key': give both or neither",
      "an executor of your own on option 'host' 0.0.0.0 would let other machines run scripts on this one: set option " +
        "'allowRemoteExecution' if this is intended, or listen on 127.0.0.1",
      "option 'fixtures' cannot be combined with an executor of your own, which does not use fixtures: remove one of the two"
    ]
  },
  'the state of an undeclared machine in a group with declared ones': {
    options: { virtualMachines: [machine], powerStates: [{ ...machine, name: 'vm2', powerState: 'stopped' }] },
    lines: ["option 'powerStates' has 'vm2' in resource group 'rg', which has only declared virtual machines: give the " +
      "powerState in option 'virtualMachines'"]
  },
  'invalid scale sets, and two with the same name': {
    options: {
      virtualMachineScaleSets: [
        machine, { ...machine, name: 'VM' }, { ...machine, name: 'ss-', instances: ['01', 'a', ''] },
        { ...machine, name: 'ss', instances: ['1', '1'], osType: 'BeOS' as 'Linux' }, { ...machine, name: 'x', instances: [1] as never }
      ]
    },
    lines: [
      "option 'virtualMachineScaleSets[2].name' must be a name of 1 to 64 letters, digits, underscores, hyphens and periods " +
        'that does not end with a hyphen or a period, not "ss-"',
      ...['"01"', '"a"', '""'].map((id, index) => `option 'virtualMachineScaleSets[2].instances[${index}]' must be a number in ` +
        `quotes, such as "0", without zeros before it, not ${id}`),
      "option 'virtualMachineScaleSets[3].osType' must be one of Linux, Windows, not \"BeOS\"",
      "option 'virtualMachineScaleSets[3].instances' must be a list of at most 1000 ids, each once, not [\"1\",\"1\"]",
      "option 'virtualMachineScaleSets[4].instances[0]' must be a number in quotes, such as \"0\", without zeros before it, not 1",
      "option 'virtualMachineScaleSets[1]' has the same name as 'virtualMachineScaleSets[0]', 'VM' in resource group 'rg': " +
        'remove one of the two'
    ]
  },
  'the state of an instance that does not exist': {
    options: {
      virtualMachineScaleSets: [{ ...machine, name: 'ss' }],
      powerStates: [{ ...machine, name: 'ss', instanceId: '2', powerState: 'stopped' }]
    },
    lines: ["option 'powerStates' has instance 2 of scale set 'ss' in resource group 'rg', which does not exist: declare it in " +
      "option 'virtualMachineScaleSets'"]
  },
  'two states of one instance': {
    options: {
      powerStates: ['0', '1', '0'].map(instanceId => ({ ...machine, name: 'ss', instanceId, powerState: 'stopped' as const }))
    },
    lines: ["option 'powerStates[2]' has the same name as 'powerStates[0]', 'ss' in resource group 'rg': remove one of the two"]
  },
  'run commands of a program without a machine, with two, or declared twice': {
    options: {
      runCommands: [
        ...['0', '1', '0'].map(instanceId => ({ ...command, vmScaleSetName: 'ss', instanceId })),
        ...['vm', 'VM'].map(vmName => ({ ...command, vmName })), { ...command, vmName: 'vm2' },
        command, { ...command, vmScaleSetName: 'ss' }, { ...command, vmName: 'vm', vmScaleSetName: 'ss', instanceId: '3' }
      ]
    },
    lines: [
      "option 'runCommands[2]' has the same name as 'runCommands[0]', 'cmd' in resource group 'rg': remove one of the two",
      "option 'runCommands[4]' has the same name as 'runCommands[3]', 'cmd' in resource group 'rg': remove one of the two",
      ...[6, 7, 8].map(index => `option 'runCommands[${index}]' must have either vmName, or vmScaleSetName and instanceId`)
    ]
  },
  'states of undeclared machines under strict': {
    options: { strict: true, powerStates: [{ ...machine, powerState: 'stopped' }] },
    lines: ["option 'powerStates' cannot be combined with option 'strict', which has no undeclared virtual machines: declare them with " +
      'their powerState instead']
  },
  'a config file that a program names': {
    options: { config: 'DIR/azrun.json', maxScripts: 2 },
    files: config({ delay: 'x', executor: 'fixture' }),
    lines: [
      "DIR/azrun.json:1:10: 'delay' must be a whole number from 0 to 2147483647, not \"x\"",
      "option 'maxScripts' 2 cannot be combined with 'executor' of DIR/azrun.json fixture, which runs no scripts: remove it, or use " +
        "'executor' of DIR/azrun.json shell"
    ]
  }
}

for (const [what, { args = [], env = {}, files = {}, options: given, lines }] of Object.entries(cases)) {
  t.test(`reports ${what}`, async t => {
    const dir = t.testdir({ ...files })
    const here = (text: string) => text.replaceAll('DIR', dir)
    const error: unknown = await (given === undefined
      ? setupFromArgv(args.map(here), withPaths(env, here))
      : setupFrom(withPaths(given, here))).catch((error: unknown) => error)
    if (!(error instanceof UsageError)) throw error
    t.strictSame(error.problems.map(line => line.replaceAll(dir, 'DIR')), lines)
    t.equal(error.message, error.problems.join('\n'))
    t.equal(error.code, 'ERR_AZRUN_USAGE')
  })
}

function withPaths <T extends object> (given: T, here: (text: string) => string): T {
  return Object.fromEntries(Object.entries(given)
    .map(([name, value]) => [name, typeof value === 'string' ? here(value) : value])) as T
}

t.test('reports the path of a file as the user gave it', async t => {
  const dir = t.testdir({ 'azrun.json': '{ "port": "x" }' })
  const path = relative(process.cwd(), join(dir, 'azrun.json'))
  const error: unknown = await setupFromArgv(['--config', path], {}).catch((error: unknown) => error)
  t.match((error as Error).message, `${path}:1:11: 'port' must be`)
})

t.test('the time to report 50,000 mistakes does not grow with the square of their number', async t => {
  // A quadratic algorithm takes half a minute here.
  const count = 10_000
  const names = Object.fromEntries(Array.from({ length: count }, (_, index) => [`x${index}`, 0]))
  const machines = [...Array(count).fill(7), ...Array(count).fill({ ...machine, name: '..', more: 0 })]
  const dir = t.testdir({ 'azrun.json': JSON.stringify({ ...names, virtualMachines: machines }, undefined, 1) })
  let error: unknown
  const cpu = await cpuFor(async () => {
    error = await setupFromArgv(['--config', join(dir, 'azrun.json')], {}).catch((error: unknown) => error)
  })
  // Of machines with the same name all but the first have one more mistake.
  t.equal((error as UsageError).problems.length, 5 * count - 1)
  t.ok(cpu < 5_000_000, `${Math.round(cpu / 1000)} ms of CPU time`)
})
