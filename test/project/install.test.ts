import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { parseAllDocuments } from 'yaml'
import { azrun, launched } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { resolving } from '../harness/resolve.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/install.md'), 'utf8')

/** The tests of a project that uses azrun: they run a script with the unmodified SDK. */
const PROGRAM = `
  import { ComputeManagementClient } from '@azure/arm-compute'
  const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }) }
  const client = new ComputeManagementClient(credential, '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e')
  const command = { commandId: 'RunShellScript', script: ['echo "$((6 * 7)) is the answer"'] }
  const { value } = await client.virtualMachines.beginRunCommandAndWait('rg', 'vm', command)
  console.log(value[0].message)`

/** The environment of the image, with another loopback address instead of all addresses. */
const IMAGE = { AZRUN_HOST: '127.0.0.2' }

const [workflow, background, compose, gitlab, pod, deployment, service] = blocks('yaml').flatMap(block =>
  parseAllDocuments(block, { strict: true }).map(document => {
    t.strictSame([...document.errors, ...document.warnings], [], 'the YAML on the page is valid')
    return document.toJS()
  }))

for (const [name, { jobs: { test: { steps } } }] of Object.entries({ workflow, background })) {
  t.test(`the steps of the GitHub workflow pass: ${name}`, async t => {
    const { run } = project(t, { AZRUN_PORT: `${await freePort()}` })
    let output = ''
    for (const { run: script } of steps.filter((step: { if?: string }) => step.if === undefined)) {
      if (script !== undefined && script !== 'npm ci') output += await run(script)
    }
    t.match(output, '42 is the answer')
  })
}

t.test('the tests in the containers of Docker Compose pass', async t => {
  const { azrun: server, test } = compose.services
  const { port, env, run } = await container(t, server.command)
  t.equal((await azrun(t, server.healthcheck.test.slice(2), env)).code, 0)
  const [, script] = /^sh -c '(.*)'$/.exec(test.command)!
  t.match(await run(script!.replaceAll('$$', '$'), { ...test.environment, AZRUN_PORT: `${port}` }), '42 is the answer')
  t.ok(Object.keys(compose.volumes).every(name => server.volumes[0].startsWith(`${name}:/home/azrun/.azrun`)))
})

t.test('the GitLab job passes', async t => {
  const { services: [{ command, alias }], script } = gitlab.test
  const { port, run } = await container(t, command)
  t.equal(alias, 'azrun')
  const lines = script.filter((line: string) => line !== 'npm ci')
  t.match(await run(lines.join('\n'), { AZRUN_PORT: `${port}` }), '42 is the answer')
})

t.test('the tests in the Kubernetes pod pass', async t => {
  const { initContainers: [sidecar], containers: [{ command }] } = pod.spec
  const { port, run } = await container(t, sidecar.args)
  const [, ...probe] = sidecar.startupProbe.exec.command
  t.equal((await azrun(t, probe, { ...IMAGE, AZRUN_PORT: `${port}` })).code, 0)
  t.match(await run(command[2], { AZRUN_PORT: `${port}` }), '42 is the answer')
})

t.test('the Kubernetes service is ready, and clients reach it by its names', async t => {
  const [{ args, readinessProbe: { httpGet }, ports: [{ containerPort }] }] = deployment.spec.template.spec.containers
  t.strictSame([httpGet.port, service.spec.ports[0].port], [containerPort, containerPort])
  const { port, httpUrl, env } = await container(t, args)
  t.equal((await fetch(`${httpUrl}${httpGet.path}`)).status, 200)
  for (const name of ['azrun', 'azrun.testing.svc']) {
    const client = { ...env, ...resolving(name, IMAGE.AZRUN_HOST), AZRUN_HOST: name, AZRUN_PORT: `${port}` }
    t.strictSame(await azrun(t, ['healthcheck'], client), { code: 0, stdout: '', stderr: '' }, name)
  }
})

t.test('a machine without azrun can get the CA and use azrun as its proxy', {
  skip: spawnSync('curl', ['--version']).status !== 0 && 'there is no curl'
}, async t => {
  const { port, dir, run } = await container(t, compose.services.azrun.command)
  const script = blocks('').find(block => block.startsWith('curl '))!.replaceAll('10900', `${port}`)
    .replaceAll('/tmp/azrun-ca.pem', join(dir, 'ca.pem'))
  writeFileSync(join(dir, '.curlrc'), `resolve = "azrun:${port}:${IMAGE.AZRUN_HOST}"\n`)
  t.match(await run(`${script}\nnpm test`), '42 is the answer')
})

t.test('the Dockerfile copies all files that the build needs, and all that azrun needs', async t => {
  const [stage, image] = [newDirectory(t), newDirectory(t)]
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  for (const [, from, sources, target] of dockerfile.matchAll(/^COPY (--from=build )?(.*) (\S+)$/gm)) {
    if (from === undefined) {
      for (const source of sources!.split(' ')) {
        t.ok(ignored.includes(`!${source}`), `.dockerignore lets ${source} through`)
        cpSync(join(ROOT, source), join(stage, target === './' ? source : target!), { recursive: true })
      }
    } else if (sources!.startsWith('/azrun/')) {
      if (!existsSync(join(stage, 'dist'))) {
        symlinkSync(join(ROOT, 'node_modules'), join(stage, 'node_modules'))
        await bash(t, 'npm run build', stage, { HOME: stage })
      }
      const source = join(stage, sources!.replace('/azrun/', ''))
      cpSync(source, join(image, target === './' ? basename(source) : target!), { recursive: true })
    }
  }
  t.equal(await bash(t, 'dist/cli.js exec --executor shell -- echo ran', image, { HOME: image }), 'ran\n')
})

t.test('the systemd unit starts azrun, and SIGTERM ends it', async t => {
  const { dir, env } = project(t)
  const [, command] = /^ExecStart=%h\/project\/node_modules\/\.bin\/azrun (.*)$/m.exec(blocks('ini')[0]!)!
  const args = command!.replaceAll('%t', dir).split(' ')
  const { child, ended } = await launched(t, [...args, '--port', '0'], env)
  t.equal((await azrun(t, ['healthcheck', '--ready-file', join(dir, 'azrun.json')], env)).code, 0)
  child.kill('SIGTERM')
  t.equal((await ended).code, 0)
  t.notOk(existsSync(join(dir, 'azrun.json')))
})

/** The code blocks of the page in a language. */
function blocks (language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].filter(([, found]) => found === language)
    .map(([, , block]) => block!)
}

/** azrun as in a container of the image with these arguments, and a project as in another container. */
async function container (t: Test, args: readonly string[]) {
  const { dir, env, run } = project(t, resolving('azrun', IMAGE.AZRUN_HOST))
  const { port, httpUrl } = await launched(t, [...args, '--port', '0'], { ...IMAGE, HOME: join(dir, 'home') })
  return { port, httpUrl, dir, run, env: { ...IMAGE, ...env, AZRUN_PORT: `${port}` } }
}

/** A project in which azrun and the SDK are installed. `run` runs a script there like CI, and returns its output. */
function project (t: Test, env: Readonly<Record<string, string>> = {}) {
  const dir = newDirectory(t, {
    'package.json': JSON.stringify({ name: 'project', type: 'module', scripts: { test: 'node test.js' } }),
    'test.js': PROGRAM
  })
  for (const name of ['home', 'node_modules/.bin', 'node_modules/@azure']) mkdirSync(join(dir, name), { recursive: true })
  const command = `#!/bin/sh\nexec node '${join(ROOT, 'dist/cli.js')}' "$@"\n`
  writeFileSync(join(dir, 'node_modules/.bin/azrun'), command, { mode: 0o755 })
  symlinkSync(join(ROOT, 'node_modules/@azure/arm-compute'), join(dir, 'node_modules/@azure/arm-compute'))
  symlinkSync(ROOT, join(dir, 'node_modules/azrun'))
  const own = { HOME: dir, npm_config_update_notifier: 'false', ...env }
  return { dir, env: own, run: async (script: string, more = {}) => await bash(t, script, dir, { ...own, ...more }) }
}

async function bash (t: Test, script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  // 10 seconds may be too short on a machine that runs other tests at the same time.
  const patient = script.replaceAll(/^(.* healthcheck) --wait 10$/gm, 'until $1; do :; done')
  const child = spawn('bash', ['-e', '-c', patient], {
    cwd, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true
  })
  // Background processes are in the process group of the shell.
  t.teardown(() => { try { process.kill(-child.pid!, 'SIGKILL') } catch {} })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  t.equal(code, 0, `${script}\n${stderr}`)
  return stdout
}

async function freePort (): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}
