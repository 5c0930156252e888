import { join } from 'node:path'
import t from 'tap'
import { failureOf } from '../../src/commands/failure.js'
import { run } from '../../src/commands/program.js'
import { newDirectory } from '../harness/directory.js'

const dir = newDirectory(t, {
  'config.json': '{ "port": 1 }',
  'ready.json': '{ "httpUrl": "http://127.0.0.1:1" }'
})
const file = (name: string) => join(dir, name)

interface Wrong {
  /** Separated by blanks; a list where a word has one. */
  readonly call: string | readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly says: readonly string[]
  /** Default: 2. */
  readonly code?: number
}

const PORT = 'must be a whole number from 0 to 65535'
const NO_COMMAND = 'exec needs a command after --: azrun exec [options] -- COMMAND ARGS...'

const calls: readonly Wrong[] = [
  // Commands
  { call: 'serv', says: ["unknown command 'serv'; did you mean 'serve'?"] },
  { call: 'exce', says: ["unknown command 'exce'; did you mean 'exec'?"] },
  { call: 'evn', says: ["unknown command 'evn'; did you mean 'env'?"] },
  { call: 'envs', says: ["unknown command 'envs'; did you mean 'env'?"] },
  { call: 'health', says: ["unknown command 'health'; did you mean 'healthcheck'?"] },
  { call: 'healthchek --wait 1', says: ["unknown command 'healthchek'; did you mean 'healthcheck'?"] },
  { call: 'SERVE', says: ["unknown command 'SERVE'; did you mean 'serve'?"] },
  { call: 'constructor', says: ["unknown command 'constructor'; the commands are serve, exec, check, env, healthcheck, doctor, completion, help"] },
  { call: [''], says: ["unexpected argument '': serve takes options only, which begin with --"] },
  { call: ['two\nlines'], says: ["unknown command 'two lines'; the commands are serve, exec, check, env, healthcheck, doctor, completion, help"] },
  { call: 'help serv', says: ["unknown command 'serv'; did you mean 'serve'?"] },
  { call: 'help serve exec', says: ["unexpected argument 'exec': the command comes first, as in 'azrun exec --help'"] },
  { call: '--port 0 env', says: ["unexpected argument 'env': the command comes first, as in 'azrun env --help'"] },
  { call: 'env now', says: ["unexpected argument 'now': env takes options only, which begin with --"] },
  // Options
  { call: '--prot 1', says: ["unknown option '--prot'; did you mean '--port'?"] },
  { call: '--prot=1', says: ["unknown option '--prot'; did you mean '--port'?"] },
  { call: '--log-lvel debug', says: ["unknown option '--log-lvel'; did you mean '--log-level'?"] },
  { call: '--logLevel debug', says: ["unknown option '--logLevel'; did you mean '--log-level'?"] },
  { call: '--PORT 1', says: ["unknown option '--PORT'; did you mean '--port'?"] },
  { call: '--hlep', says: ["unknown option '--hlep'; did you mean '--help'?"] },
  { call: '--frobnicate', says: ["unknown option '--frobnicate'; 'azrun serve --help' lists the options"] },
  { call: '-p 1', says: ["unknown option '-p'; 'azrun serve --help' lists the options"] },
  { call: '-port', says: ["unknown option '-port'; 'azrun serve --help' lists the options"] },
  { call: '--no-port', says: ["unknown option '--no-port'; did you mean '--port'?"] },
  { call: 'env --formt sh', says: ["unknown option '--formt'; did you mean '--format'?"] },
  { call: 'exec --executr shell -- true', says: ["unknown option '--executr'; did you mean '--executor'?"] },
  { call: 'healthcheck --wiat 3', says: ["unknown option '--wiat'; did you mean '--wait'?"] },
  { call: 'healthcheck --version', says: ["unknown option '--version'; 'azrun -V' prints the version"] },
  { call: 'env -v', says: ["unknown option '-v'; 'azrun -V' prints the version"] },
  { call: '-v', says: ["unknown option '-v'; 'azrun -V' prints the version, and --verbose logs more"] },
  { call: '--versoin', says: ["unknown option '--versoin'; 'azrun -V' prints the version"] },
  { call: '-H', says: ["unknown option '-H'; did you mean '--help'?"] },
  { call: 'completion bash --port 1', says: ["completion does not use --port: remove it; 'azrun completion --help' lists its options"] },
  { call: 'healthcheck --executor shell', says: ["healthcheck does not use --executor: remove it; 'azrun healthcheck --help' lists its options"] },
  { call: 'healthcheck --format sh', says: ["healthcheck does not use --format: remove it; 'azrun healthcheck --help' lists its options"] },
  { call: 'env --no-strict', says: ["env does not use --no-strict: remove it; 'azrun env --help' lists its options"] },
  { call: 'env --wait=3', says: ["env does not use --wait: remove it; 'azrun env --help' lists its options"] },
  { call: 'doctor --delay 1', says: ["doctor does not use --delay: remove it; 'azrun doctor --help' lists its options"] },
  // Values
  { call: '--port', says: [`--port needs a value: it ${PORT}`] },
  { call: '--port=', says: [`--port needs a value: it ${PORT}`] },
  { call: ['--host', ''], says: ['--host needs a value: write --host HOST'] },
  { call: '--port --strict', says: [`--port needs a value: it ${PORT}`] },
  { call: '--executor', says: ['--executor needs a value: it must be one of fixture, shell'] },
  { call: '--data-dir', says: ['--data-dir needs a value: write --data-dir DIR'] },
  { call: '--config', says: ['--config needs a value: write --config FILE'] },
  { call: 'env --format', says: ['--format needs a value: it must be one of sh, fish, powershell, json, github'] },
  { call: 'healthcheck --wait', says: ['--wait needs a value: it must be a whole number from 1 to 86400'] },
  { call: '--port http', says: [`--port ${PORT}, not "http"`] },
  { call: '--port 65536', says: [`--port ${PORT}, not 65536`] },
  { call: '--port -1', says: [`--port ${PORT}, not -1`] },
  { call: '--port 1e3', says: [`--port ${PORT}, not "1e3"`] },
  { call: '--delay 0.5', says: ['--delay must be a whole number from 0 to 2147483647, not "0.5"'] },
  { call: '--max-scripts 0', says: ['--max-scripts must be a whole number from 1 to 65536, not 0'] },
  { call: '--executor shel', says: ['--executor must be one of fixture, shell, not "shel"'] },
  { call: '--api-versions all', says: ['--api-versions must be one of newer, published, any, not "all"'] },
  { call: '--strict=maybe', says: ['--strict must be true or false, not "maybe"'] },
  { call: '--strict=constructor', says: ['--strict must be true or false, not "constructor"'] },
  { call: '--strict env', says: ['--strict must be true or false, not "env"'] },
  { call: 'env --format=zsh', says: ['--format must be one of sh, fish, powershell, json, github, not "zsh"'] },
  { call: 'env --format constructor', says: ['--format must be one of sh, fish, powershell, json, github, not "constructor"'] },
  { call: 'healthcheck --wait 0', says: ['--wait must be a whole number from 1 to 86400, not 0'] },
  { call: '--port 1 --port 2', says: ['--port is given 2 times, but takes only one value: give it once'] },
  { call: '--strict --no-strict', says: ['--strict is given 2 times, but takes only one value: give it once'] },
  { call: 'env --format sh --format=sh', says: ['--format is given 2 times, but takes only one value: give it once'] },
  { call: `--config ${file('config.json')} --config x`, says: ['--config is given 2 times, but takes only one value: give it once'] },
  // Options that exclude each other
  {
    call: `env --ready-file ${file('ready.json')} --host x --port 1`,
    says: ['--host', '--port'].map(flag => `${flag} cannot be combined with --ready-file, which holds the address: remove one of the two`)
  },
  { call: 'env --unset --port 1', says: ['--port cannot be combined with --unset, which needs no running azrun: remove one of the two'] },
  {
    call: 'env --unset --format github',
    says: ['--unset cannot be combined with --format github, whose variables end with their step: remove one of the two']
  },
  { call: 'healthcheck --port 0', says: ['--port 0 does not say which azrun: give its port, or its --ready-file'] },
  // Variables
  { call: 'serve', env: { AZRUN_PROT: '1' }, says: ['unknown variable AZRUN_PROT; did you mean AZRUN_PORT?'] },
  { call: 'env', env: { AZRUN_LOGLEVEL: 'debug' }, says: ['unknown variable AZRUN_LOGLEVEL; did you mean AZRUN_LOG_LEVEL?'] },
  { call: 'doctor', env: { AZRUN_FROBNICATE: '1' }, says: ["unknown variable AZRUN_FROBNICATE: remove it; 'azrun serve --help' lists the options"] },
  { call: 'serve', env: { AZRUN_PORT: 'http' }, says: [`AZRUN_PORT ${PORT}, not "http"`] },
  { call: 'serve', env: { AZRUN_STRICT: 'on' }, says: ['AZRUN_STRICT must be true or false, not "on"'] },
  {
    call: 'serve',
    env: { AZRUN_LOG_LEVEL: 'all' },
    says: ['AZRUN_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, not "all"']
  },
  // exec and its command
  { call: 'exec', says: [NO_COMMAND] },
  { call: 'exec --', says: [NO_COMMAND] },
  { call: 'exec --executor shell --', says: [NO_COMMAND] },
  { call: 'exec node app.js', says: ['exec needs -- before the command: write azrun exec -- node app.js'] },
  {
    call: ['exec', '--executor', 'shell', 'sh', '-c', "echo 'x'", '--help'],
    says: ["exec needs -- before the command: write azrun exec --executor shell -- sh -c 'echo '\\''x'\\''' --help"]
  },
  { call: 'serve -- node app.js', says: ["'--' is for exec and check only: write azrun exec -- node app.js"] },
  { call: 'help env -- node', says: ["'--' is for exec and check only: write azrun exec -- node"] },
  { call: '-- node', says: ["'--' is for exec and check only: write azrun exec -- node"] },
  // Completion
  { call: 'completion', says: ['completion needs a shell, one of bash, zsh, fish: azrun completion bash'] },
  { call: 'completion fisch', says: ["unknown shell 'fisch'; did you mean 'fish'?"] },
  { call: 'completion powershell', says: ["unknown shell 'powershell'; the shells are bash, zsh, fish"] },
  // Several mistakes
  {
    call: '--prot 1 --port 99999 --delay --executor shel --executor shell now',
    env: { AZRUN_STRCT: '1', AZRUN_PACE: 'slow' },
    says: [
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
    says: ["unknown option '--prot'; did you mean '--port'?", NO_COMMAND]
  },
  { call: 'completion zs --bash', says: ["unknown shell 'zs'; did you mean 'zsh'?"] },
  // What is not a mistake of the call
  { call: 'healthcheck --ready-file /no/file', code: 1, says: ['no azrun is running: --ready-file /no/file does not exist: check the path'] }
]

for (const { call, env = {}, says, code = 2 } of calls) {
  const words = typeof call === 'string' ? call.split(' ') : call
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  t.test(['refuses', ...variables, 'azrun', ...words.map(word => JSON.stringify(word).slice(1, -1))].join(' '), async t => {
    const error = await run(words, env).then(() => undefined, (error: unknown) => error)
    t.strictSame(failureOf(error), { lines: says, code })
  })
}
