/** Reads the api-version of Run Command from released packages of Azure's SDKs, which npm, pip, go and mvn fetch. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NPM = '@azure/arm-compute'
const PYPI = 'azure-mgmt-compute'
const GO = 'github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute'
const MAVEN = { groupId: 'com.azure.resourcemanager', artifactId: 'azure-resourcemanager-compute' }

/** The folder in a jar with the clients of the operations. */
const CLASSES = 'com/azure/resourcemanager/compute/implementation'

const RUN_COMMAND = /\/virtualMachines\/\{vmName\}\/runCommand\b/
const DATE = /20\d\d-\d\d-\d\d/

/**
 * Functions that take a working folder and return `{ name, version, apiVersion }` of packages. `apiVersion` is null if
 * the package has no Run Command, and undefined if it was not found.
 */
export const registries = { npm: fromNpm, pypi: fromPypi, go: fromGo, maven: fromMaven }

function fromNpm (folder) {
  return newest(JSON.parse(run('npm', ['view', NPM, 'versions', '--json'])), 1).map(version => {
    const into = newFolder(folder, `npm-${version}`)
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--silent', '--json', `${NPM}@${version}`], into))
    run('tar', ['-xzf', filename], into)
    const files = filesIn(join(into, 'package'), /\.js$/)
    return { name: NPM, version, apiVersion: inJavaScript(files) }
  })
}

/** From 24 on the version is next to the path. Before that it is the default of a parameter. */
function inJavaScript (files) {
  const operations = files.find(file => /irtualMachines(\/operations)?\.js$/.test(file) && RUN_COMMAND.test(read(file)))
  if (operations === undefined) return null
  const text = read(operations)
  const operation = text.slice(text.search(RUN_COMMAND))
  const own = /^[^]{0,400}?"api%2Dversion": [^]{0,60}?"([\d-]+)"/.exec(operation)
  if (own !== null) return own[1]
  const name = /queryParameters: \[\s*Parameters\.(apiVersion\d*)/.exec(operation)?.[1]
  const parameters = read(files.find(file => /models\/parameters\.js$/.test(file)))
  return new RegExp(`\\b${name} = \\{[^]*?defaultValue: ["']([\\d-]+)`).exec(parameters)?.[1]
}

function fromPypi (folder) {
  const listed = /Available versions: (.*)/.exec(run('python3', ['-m', 'pip', 'index', 'versions', PYPI]))[1].split(', ')
  return newest(listed, 1).map(version => {
    const into = newFolder(folder, `pypi-${version}`)
    run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', `${PYPI}==${version}`], into)
    run('python3', ['-m', 'zipfile', '-e', readdirSync(into)[0], '.'], into)
    const files = filesIn(into, /\.py$/).filter(file => !file.includes('/aio/'))
    return { name: PYPI, version, apiVersion: inPython(files) }
  })
}

/** A package with several versions has a default for all or for the group. Others have the version in their code. */
function inPython (files) {
  const operations = files.filter(file => /operations\.py$/.test(file) && RUN_COMMAND.test(read(file)))
  if (operations.length === 0) return null
  const client = files.map(read).find(text => text.includes('DEFAULT_API_VERSION ='))
  if (client !== undefined) {
    const own = /['"]virtual_machines['"]: ['"]([\d-]+)/.exec(client)
    return (own ?? /DEFAULT_API_VERSION = ['"]([\d-]+)/.exec(client))[1]
  }
  const text = read(operations[0])
  const request = /def build_virtual_machines_run_command_request[^]*?(?=\ndef |\nclass )/.exec(text)?.[0] ?? text
  return (DATE.exec(request) ?? DATE.exec(files.filter(file => /_configuration\.py$/.test(file)).map(read).join('\n')))?.[0]
}

/** Each major version is a separate module. One missing module does not mean that it was the last. */
function fromGo (folder) {
  const releases = []
  for (let major = 1, missing = 0; missing < 2; major++) {
    const path = major === 1 ? GO : `${GO}/v${major}`
    const [version] = newest(goVersions(path), 1)
    missing = version === undefined ? missing + 1 : 0
    if (version === undefined) continue
    releases.push({ name: path.slice(path.indexOf('armcompute')), version, apiVersion: inGo(folder, path, version) })
  }
  return releases
}

function goVersions (path) {
  try {
    return run('go', ['list', '-m', '-versions', path], undefined, 'ignore').trim().split(' ').slice(1)
  } catch {
    return []
  }
}

function inGo (folder, path, version) {
  const { Dir } = JSON.parse(run('go', ['mod', 'download', '-json', `${path}@${version}`], folder))
  const files = filesIn(Dir, /\.go$/)
  const clients = files.filter(file => /virtualmachines_client\.go$/.test(file)).map(read)
  const text = clients.find(each => RUN_COMMAND.test(each))
  if (text === undefined) return null
  const [, literal, constant] = /Set\("api-version", (?:"([\d-]+)"|(\w+))/.exec(text.slice(text.search(RUN_COMMAND)))
  return literal ?? new RegExp(`\\b${constant}(?: string)? *= *"([\\d-]+)"`).exec(files.map(read).join('\n'))?.[1]
}

function fromMaven (folder) {
  const into = newFolder(folder, 'maven')
  return newest(mavenVersions(into), 2).map((version, index, versions) => {
    if (index === 0) copyJars(into, versions)
    run('jar', ['xf', `${MAVEN.artifactId}-${version}.jar`, CLASSES], into)
    return { name: MAVEN.artifactId, version, apiVersion: inJava(join(into, CLASSES)) }
  })
}

/** The version is a constant of the client of virtual machines, or of its parent. */
function inJava (folder) {
  const classes = ['VirtualMachinesClientImpl', 'ComputeManagementClientImpl'].map(each => join(folder, `${each}.class`))
  const apiVersion = classes.map(file => DATE.exec(readFileSync(file, 'latin1'))?.[0]).find(Boolean)
  rmSync(folder, { recursive: true })
  return apiVersion
}

/** A version range makes Maven list the versions in its local repository. */
function mavenVersions (into) {
  writePom(into, `<dependencies><dependency>${coordinates('[2.0,3.0)')}</dependency></dependencies>`)
  run('mvn', ['--quiet', '--batch-mode', '--update-snapshots', 'dependency:resolve', '-DexcludeTransitive'], into)
  const local = run('mvn', ['--quiet', 'help:evaluate', '-Dexpression=settings.localRepository', '-DforceStdout'], into)
  // eslint-disable-next-line no-control-regex -- Maven colors its output.
  const folder = join(local.replaceAll(/\x1b\[[\d;]*m/g, '').trim(), ...MAVEN.groupId.split('.'), MAVEN.artifactId)
  const lists = readdirSync(folder).filter(each => /^maven-metadata-.*\.xml$/.test(each))
  const found = lists.flatMap(each => [...read(join(folder, each)).matchAll(/<version>(2\.[\d.]+)</g)])
  return [...new Set(found.map(([, version]) => version))]
}

function copyJars (into, versions) {
  const items = versions.map(version => `<artifactItem>${coordinates(version)}</artifactItem>`).join('')
  writePom(into, '<build><plugins><plugin><artifactId>maven-dependency-plugin</artifactId><configuration>' +
    `<artifactItems>${items}</artifactItems><outputDirectory>.</outputDirectory>` +
    '</configuration></plugin></plugins></build>')
  run('mvn', ['--quiet', '--batch-mode', 'dependency:copy'], into)
}

function coordinates (version) {
  const { groupId, artifactId } = MAVEN
  return `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>`
}

function writePom (into, content) {
  writeFileSync(join(into, 'pom.xml'), '<project xmlns="http://maven.apache.org/POM/4.0.0">' +
    `<modelVersion>4.0.0</modelVersion><groupId>azrun</groupId><artifactId>api-versions</artifactId><version>1</version>${content}</project>`)
}

/** The newest release of each generation, oldest first. `numbers`: how many numbers of a version make a generation. */
function newest (versions, numbers) {
  const released = versions.filter(each => /^v?\d+(\.\d+)*$/.test(each))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return [...new Map(released.map(each => [each.split('.').slice(0, numbers).join('.'), each])).values()]
}

function newFolder (folder, name) {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

function filesIn (folder, name) {
  return readdirSync(folder, { recursive: true }).filter(each => name.test(each)).map(each => join(folder, each))
}

function read (file) {
  return readFileSync(file, 'utf8')
}

function run (command, args, cwd = tmpdir(), stderr = 'inherit') {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', stderr], maxBuffer: 2 ** 26 })
}
