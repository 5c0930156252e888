import { join } from 'node:path'
import t from 'tap'
import { failureOf } from '../../src/commands/failure.js'
import { run } from '../../src/commands/program.js'
import { newDirectory } from '../harness/directory.js'

const dir = newDirectory(t, {
  'config.json': '{ "port": 1 }',
  'ready.json': '{ "httpUrl": "http://127.0.0.1:1" }',
  'broken.json': '{ "scenarios": []',
  'mine.json': '{ "scenario": { "name": "mine", "do": [{ "delay": { "ms": 1 } }] } }'
})
const file = (name: string) => join(dir, name)

interface Wrong {
  /** The arguments, separated by spaces, or as a list if one contains a space. */
  readonly call: string | readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly lines: readonly string[]
  /** Default: 2. */
  readonly code?: number
}

const PORT = 'must be a whole number from 0 to 65535'
const NO_COMMAND = 'exec needs a command after --: azrun exec [options] -- COMMAND ARGS...'

const calls: readonly Wrong[] = [
  // Commands
  { call: 'serv', lines: ["unknown command 'serv'; did you mean 'serve'?"] },
  { call: 'exce', lines: ["unknown command 'exce'; did you mean 'exec'?"] },
  { call: 'evn', lines: ["unknown command 'evn'; did you mean 'env'?"] },
  { call: 'envs', lines: ["unknown command 'envs'; did you mean 'env'?"] },
  { call: 'health', lines: ["unknown command 'health'; did you mean 'healthcheck'?"] },
  { call: 'healthchek --wait 1', lines: ["unknown command 'healthchek'; did you mean 'healthcheck'?"] },
  { call: 'SERVE', lines: ["unknown command 'SERVE'; did you mean 'serve'?"] },
  { call: 'constructor', lines: ["unknown command 'constructor'; the commands are serve, exec, check, env, healthcheck, doctor, completion, help"] },
  { call: [''], lines: ["unexpected argument '': serve takes options only, which begin with --"] },
  { call: ['two\nlines'], lines: ["unknown command 'two lines'; the commands are serve, exec, check, env, healthcheck, doctor, completion, help"] },
  { call: 'help serv', lines: ["unknown command 'serv'; did you mean 'serve'?"] },
  { call: 'help serve exec', lines: ["unexpected argument 'exec': the command comes first, as in 'azrun exec --help'"] },
  { call: '--port 0 env', lines: ["unexpected argument 'env': the command comes first, as in 'azrun env --help'"] },
  { call: 'env now', lines: ["unexpected argument 'now': env takes options only, which begin with --"] },
  // Options
  { call: '--prot 1', lines: ["unknown option '--prot'; did you mean '--port'?"] },
  { call: '--prot=1', lines: ["unknown option '--prot'; did you mean '--port'?"] },
  { call: '--log-lvel debug', lines: ["unknown option '--log-lvel'; did you mean '--log-level'?"] },
  { call: '--logLevel debug', lines: ["unknown option '--logLevel'; did you mean '--log-level'?"] },
  { call: '--PORT 1', lines: ["unknown option '--PORT'; did you mean '--port'?"] },
  { call: '--hlep', lines: ["unknown option '--hlep'; did you mean '--help'?"] },
  { call: '--frobnicate', lines: ["unknown option '--frobnicate'; 'azrun serve --help' lists the options"] },
  { call: '-p 1', lines: ["unknown option '-p'; 'azrun serve --help' lists the options"] },
  { call: '-port', lines: ["unknown option '-port'; 'azrun serve --help' lists the options"] },
  { call: '--no-port', lines: ["unknown option '--no-port'; did you mean '--port'?"] },
  { call: 'env --formt sh', lines: ["unknown option '--formt'; did you mean '--format'?"] },
  { call: 'exec --executr shell -- true', lines: ["unknown option '--executr'; did you mean '--executor'?"] },
  { call: 'healthcheck --wiat 3', lines: ["unknown option '--wiat'; did you mean '--wait'?"] },
  { call: 'healthcheck --version', lines: ["unknown option '--version'; 'azrun -V' prints the version"] },
  { call: 'env -v', lines: ["unknown option '-v'; 'azrun -V' prints the version"] },
  { call: '-v', lines: ["unknown option '-v'; 'azrun -V' prints the version, and --verbose logs more"] },
  { call: '--versoin', lines: ["unknown option '--versoin'; 'azrun -V' prints the version"] },
  { call: '--help=1', lines: ['--help takes no value: write only --help'] },
  { call: 'serve --no-strict=1', lines: ['--no-strict takes no value: write only --no-strict'] },
  { call: '-H', lines: ["unknown option '-H'; did you mean '--help'?"] },
  { call: 'completion bash --port 1', lines: ["completion does not use --port: remove it; 'azrun completion --help' lists its options"] },
  { call: 'healthcheck --executor shell', lines: ["healthcheck does not use --executor: remove it; 'azrun healthcheck --help' lists its options"] },
  { call: 'healthcheck --format sh', lines: ["healthcheck does not use --format: remove it; 'azrun healthcheck --help' lists its options"] },
  { call: 'env --no-strict', lines: ["env does not use --no-strict: remove it; 'azrun env --help' lists its options"] },
  { call: 'env --wait=3', lines: ["env does not use --wait: remove it; 'azrun env --help' lists its options"] },
  { call: 'doctor --delay 1', lines: ["doctor does not use --delay: remove it; 'azrun doctor --help' lists its options"] },
  // Values
  { call: '--port', lines: [`--port needs a value: it ${PORT}`] },
  { call: '--port=', lines: [`--port needs a value: it ${PORT}`] },
  { call: ['--host', ''], lines: ['--host needs a value: write --host HOST'] },
  { call: '--port --strict', lines: [`--port needs a value: it ${PORT}`] },
  { call: '--executor', lines: ['--executor needs a value: it must be one of fixture, shell'] },
  { call: '--data-dir', lines: ['--data-dir needs a value: write --data-dir DIR'] },
  { call: '--config', lines: ['--config needs a value: write --config FILE'] },
  { call: 'env --format', lines: ['--format needs a value: it must be one of sh, fish, powershell, json, github'] },
  { call: 'healthcheck --wait', lines: ['--wait needs a value: it must be a whole number from 1 to 86400'] },
  { call: '--port http', lines: [`--port ${PORT}, not "http"`] },
  { call: '--port 65536', lines: [`--port ${PORT}, not 65536`] },
  { call: '--port -1', lines: [`--port ${PORT}, not -1`] },
  { call: '--port 1e3', lines: [`--port ${PORT}, not "1e3"`] },
  { call: '--delay 0.5', lines: ['--delay must be a whole number from 0 to 2147483647, not "0.5"'] },
  { call: '--max-scripts 0', lines: ['--max-scripts must be a whole number from 1 to 65536, not 0'] },
  { call: '--executor shel', lines: ['--executor must be one of fixture, shell, not "shel"'] },
  { call: '--api-versions all', lines: ['--api-versions must be one of newer, published, any, not "all"'] },
  { call: '--strict=maybe', lines: ['--strict must be true or false, not "maybe"'] },
  { call: '--strict=constructor', lines: ['--strict must be true or false, not "constructor"'] },
  { call: '--strict env', lines: ['--strict must be true or false, not "env"'] },
  { call: 'env --format=zsh', lines: ['--format must be one of sh, fish, powershell, json, github, not "zsh"'] },
  { call: 'env --format constructor', lines: ['--format must be one of sh, fish, powershell, json, github, not "constructor"'] },
  { call: 'healthcheck --wait 0', lines: ['--wait must be a whole number from 1 to 86400, not 0'] },
  { call: '--port 1 --port 2', lines: ['--port is given 2 times, but takes only one value: give it once'] },
  { call: '--strict --no-strict', lines: ['--strict is given 2 times, but takes only one value: give it once'] },
  { call: 'env --format sh --format=sh', lines: ['--format is given 2 times, but takes only one value: give it once'] },
  { call: `--config ${file('config.json')} --config x`, lines: ['--config is given 2 times, but takes only one value: give it once'] },
  // Options that exclude each other
  {
    call: `env --ready-file ${file('ready.json')} --host x --port 1`,
    lines: ['--host', '--port'].map(flag => `${flag} cannot be combined with --ready-file, which holds the address: remove one of the two`)
  },
  { call: 'env --unset --port 1', lines: ['--port cannot be combined with --unset, which needs no running azrun: remove one of the two'] },
  {
    call: 'env --unset --format github',
    lines: ['--unset cannot be combined with --format github, whose variables end with their step: remove one of the two']
  },
  { call: 'healthcheck --port 0', lines: ['--port 0 does not say which azrun: give its port, or its --ready-file'] },
  // Variables
  { call: 'serve', env: { AZRUN_PROT: '1' }, lines: ['unknown variable AZRUN_PROT; did you mean AZRUN_PORT?'] },
  { call: 'env', env: { AZRUN_LOGLEVEL: 'debug' }, lines: ['unknown variable AZRUN_LOGLEVEL; did you mean AZRUN_LOG_LEVEL?'] },
  { call: 'doctor', env: { AZRUN_FROBNICATE: '1' }, lines: ["unknown variable AZRUN_FROBNICATE: remove it; 'azrun serve --help' lists the options"] },
  { call: 'serve', env: { AZRUN_PORT: 'http' }, lines: [`AZRUN_PORT ${PORT}, not "http"`] },
  { call: 'serve', env: { AZRUN_STRICT: 'on' }, lines: ['AZRUN_STRICT must be true or false, not "on"'] },
  {
    call: 'serve',
    env: { AZRUN_LOG_LEVEL: 'all' },
    lines: ['AZRUN_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "all"']
  },
  // exec and its command
  { call: 'exec', lines: [NO_COMMAND] },
  { call: 'exec --', lines: [NO_COMMAND] },
  { call: 'exec --executor shell --', lines: [NO_COMMAND] },
  { call: 'exec node app.js', lines: ['exec needs -- before the command: write azrun exec -- node app.js'] },
  {
    call: ['exec', '--executor', 'shell', 'sh', '-c', "echo 'x'", '--help'],
    lines: ["exec needs -- before the command: write azrun exec --executor shell -- sh -c 'echo '\\''x'\\''' --help"]
  },
  { call: 'exec \u2014 node app.js', lines: ['exec needs -- before the command, not \u2014: write azrun exec -- node app.js'] },
  { call: 'serve -- node app.js', lines: ["'--' is for exec and check only: write azrun exec -- node app.js"] },
  { call: 'help env -- node', lines: ["'--' is for exec and check only: write azrun exec -- node"] },
  { call: '-- node', lines: ["'--' is for exec and check only: write azrun exec -- node"] },
  // Completion
  { call: 'completion', lines: ['completion needs a shell, one of bash, zsh, fish: azrun completion bash'] },
  { call: 'completion fisch', lines: ["unknown shell 'fisch'; did you mean 'fish'?"] },
  { call: 'completion powershell', lines: ["unknown shell 'powershell'; the shells are bash, zsh, fish"] },
  // Several mistakes
  {
    call: '--prot 1 --port 99999 --delay --executor shel --executor shell now',
    env: { AZRUN_STRCT: '1', AZRUN_PACE: 'slow' },
    lines: [
      'AZRUN_PACE must be one of fast, azure, not "slow"',
      "unknown option '--prot'; did you mean '--port'?",
      "unexpected argument 'now': serve takes options only, which begin with --",
      'unknown variable AZRUN_STRCT; did you mean AZRUN_STRICT?',
      '--executor is given 2 times, but takes only one value: give it once',
      '--delay needs a value: it must be a whole number from 0 to 2147483647',
      `--port ${PORT}, not 99999`,
      '--executor must be one of fixture, shell, not "shel"'
    ]
  },
  {
    call: 'exec --prot 1 --delay x',
    lines: ["unknown option '--prot'; did you mean '--port'?", NO_COMMAND]
  },
  {
    call: 'check --timeout 0 --scenario throttled-second --scenario mine --scenarios own.json -- true',
    lines: [
      '--timeout must be a whole number from 1 to 86400, not 0',
      '--scenarios own.json does not exist: check the path'
    ]
  },
  {
    call: `check --timeout 0 --scenario throttled-second --scenario mine --scenario ./none.json --scenarios ${file('mine.json')} -- true`,
    lines: [
      '--timeout must be a whole number from 1 to 86400, not 0',
      "--scenario throttled-second is not the name of a scenario; did you mean 'throttled-seconds'?",
      '--scenario ./none.json does not exist: check the path'
    ]
  },
  {
    call: `check --scenario mine --config ${file('broken.json')} -- true`,
    lines: [`${file('broken.json')}:1:18: expected a closing brace }`]
  },
  { call: 'completion zs --bash', lines: ["unknown shell 'zs'; did you mean 'zsh'?"] },
  // Errors that are not usage errors
  { call: 'healthcheck --ready-file /no/file', code: 1, lines: ['no azrun is running: --ready-file /no/file does not exist: check the path'] }
]

for (const { call, env = {}, lines, code = 2 } of calls) {
  const words = typeof call === 'string' ? call.split(' ') : call
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  t.test(['refuses', ...variables, 'azrun', ...words.map(word => JSON.stringify(word).slice(1, -1))].join(' '), async t => {
    const error = await run(words, env).then(() => undefined, (error: unknown) => error)
    t.strictSame(failureOf(error), { lines, code })
  })
}
