import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'

const SRC = fileURLToPath(new URL('src', import.meta.url))
const DIST = fileURLToPath(new URL('dist', import.meta.url))

/** Compiled into dist/vendor/: jose is an ES module, which Jest cannot load; x509 would be twenty packages. */
const VENDORED = { jose: 'jose', x509: '@peculiar/x509', 'reflect-metadata': 'reflect-metadata' }

/** What Fastify requires in functions that a start does not call: a bundler would put it beside what it needs. */
const SELDOM = {
  'ajv-compiler': '@fastify/ajv-compiler',
  'serializer-compiler': '@fastify/fast-json-stringify-compiler',
  inject: 'light-my-request'
}

/**
 * What Fastify and pino require at each start, and use only for plugins with versions, with `trustProxy`, for outputs
 * of pino's own, for redaction by it, and for errors.
 */
const UNUSED = {
  semver: 'semver',
  'proxy-addr': '@fastify/proxy-addr',
  'sonic-boom': 'sonic-boom',
  'thread-stream': 'thread-stream',
  redact: '@pinojs/redact',
  error: '@fastify/error'
}

/** With `require` where the sources have `import()`, which Jest cannot run. */
const COMMONJS = { format: 'cjs', dynamicImportInCjs: false, dir: 'dist' }

/** For what is loaded at each start: Node reads ASCII fastest. The names that the stacks of errors show stay. */
const SMALL = { minify: { mangle: { keepNames: true } }, charset: 'ascii', comments: false }

const COMMAND_LINE = ['bin.ts', 'cli.ts', 'code-cache.ts']

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !COMMAND_LINE.includes(name))

/** Keeps imports of files that another build writes. dist/ has the layout of src/. */
const keepImports = files => ({
  name: 'keep-imports',
  resolveId: id => id in files ? { id: join(SRC, files[id]), external: 'relative' } : undefined
})

const filesIn = (folder, packages) =>
  Object.fromEntries(Object.entries(packages).map(([file, name]) => [name, `${folder}/${file}.js`]))

const entriesIn = (folder, packages) =>
  Object.fromEntries(Object.entries(packages).map(([file, name]) => [`${folder}/${file}`, name]))

const keepVendored = keepImports(filesIn('vendor', VENDORED))

/** Sources find openapi/ and fixtures/ by their own place, which in the bundle would be that of dist/cli/main.js. */
const keepPlaces = {
  name: 'keep-places',
  transform: {
    filter: { code: /import\.meta\.dirname/ },
    handler: (code, id) =>
      code.replaceAll('import.meta.dirname', `(import.meta.dirname + '/../${relative(SRC, dirname(id))}')`)
  }
}

/** Sources read the version in package.json, which takes each start time. */
const knownVersion = {
  name: 'known-version',
  load: {
    filter: { id: /\bsrc\/version\.ts$/ },
    handler: () => `export const version = '${createRequire(import.meta.url)('./package.json').version}'`
  }
}

/** What imports these does so at each start, and few starts need them. Node 24 takes 12 ms for them. */
const SLOW = ['assert', 'fs/promises', 'http2', 'https', 'perf_hooks', 'timers/promises', 'tls', 'worker_threads', 'zlib']

/** What the names of modules begin with that stand for others, and of those that these load. */
const [LAZY, KEPT] = ['\0when-used:', 'kept:']

/** The names under which `loadWhenUsed` requires packages. */
const kept = Object.fromEntries(Object.entries(UNUSED).map(([file, name]) => [file, `${KEPT}${name}`]))

/** Fastify calls it for each route. */
const ASSERT = 'function (value, message) { if (!value) load()(value, message) }'

/** For a function or a class that nothing calls at a start. */
const FUNCTION = 'function (...args) { return new.target === undefined ? load()(...args) : new (load())(...args) }'

/** Fastify makes a hundred classes of errors at each start: each is made when it is first used. */
const ERRORS = `
  const createError = (...args) => {
    let made
    const load = () => made ??= require('${KEPT}@fastify/error')(...args)
    return ${FUNCTION}
  }
  module.exports = Object.assign(createError, { createError })
`

/** What packages read as soon as they are loaded. The command line is in the main thread. */
const KNOWN = { worker_threads: { isMainThread: true }, perf_hooks: { performance: '{ now: () => performance.now() }' } }

/** Loads each of these modules when one of its members is first used. */
const loadWhenUsed = {
  name: 'load-when-used',
  resolveId (id) {
    const name = id.replace(/^node:/, '')
    return SLOW.includes(name) || Object.values(UNUSED).includes(name) ? `${LAZY}${name}` : undefined
  },
  load (id) {
    if (!id.startsWith(LAZY)) return
    const name = id.slice(LAZY.length)
    if (name === '@fastify/error') return ERRORS
    const whole = createRequire(import.meta.url)(name)
    const load = SLOW.includes(name) ? `process.getBuiltinModule('${name}')` : `require('${KEPT}${name}')`
    const base = typeof whole !== 'function' ? '{}' : name === 'assert' ? ASSERT : FUNCTION
    const members = Object.keys(whole).map(key => `'${key}': { ${memberOf(name, key)}, enumerable: true }`)
    return `const load = () => ${load}\nmodule.exports = Object.defineProperties(${base}, { ${members.join(', ')} })`
  }
}

const memberOf = (name, key) =>
  key in (KNOWN[name] ?? {}) ? `value: ${KNOWN[name][key]}` : `get: () => load()['${key}']`

/** Checks the patterns of find-my-way, which are safe, and those in the paths of routes: azrun has none. */
const withoutPatterns = {
  name: 'without-patterns',
  resolveId: id => id === 'safe-regex2' ? '\0without-patterns' : undefined,
  load: id => id === '\0without-patterns' ? 'module.exports = () => true' : undefined
}

/** Fastify adds a path for what is not found to a router once for each method: here all methods have GET's tree. */
const oneTree = {
  name: 'one-tree',
  transform: {
    filter: { id: /fastify\/lib\/four-oh-four\.js$/ },
    handler (code) {
      const changed = code.replaceAll('router.all(', 'addForAll(router, ')
      if (changed === code) throw new Error('Fastify has no router.all in four-oh-four.js')
      return `${changed}
        function addForAll (router, ...route) {
          router.on('GET', ...route)
          for (const method of require('node:http').METHODS) router.trees[method] = router.trees.GET
        }`
    }
  }
}

/** The package is of ES modules, and dist/ of CommonJS ones. */
const declareCommonJs = {
  name: 'declare-commonjs',
  generateBundle () {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
  }
}

/** One for all builds: it adds what each of them contains. */
const licenses = license({ thirdParty: { output: join(DIST, 'THIRD-PARTY-LICENSES.txt') } })

const vendor = {
  input: entriesIn('vendor', VENDORED),
  plugins: [licenses],
  output: { ...COMMONJS, chunkFileNames: 'vendor/[name].js' }
}

/** A readable module for each source. */
const library = {
  input: Object.fromEntries(sources.map(name => [name.slice(0, -'.ts'.length), join(SRC, name)])),
  external: id => /^[^./]/.test(id) && !Object.values(VENDORED).includes(id),
  treeshake: false,
  plugins: [keepVendored, declareCommonJs],
  output: { ...COMMONJS, preserveModules: true, preserveModulesRoot: 'src' }
}

/** What a module imports, at any depth, but for what it loads by `import()`. */
function needsOf (id, getModuleInfo, found = new Set()) {
  if (found.has(id)) return found
  found.add(id)
  getModuleInfo(id)?.importedIds.forEach(each => needsOf(each, getModuleInfo, found))
  return found
}

/** The files of the bundle that a server needs besides the first, with what each of them is for. */
const STEPS = { options: ['options/setup.ts', 'options/command-line.ts'], serve: ['commands/serve.ts'] }

const groups = Object.entries(STEPS).map(([name, files]) => {
  let needed
  return {
    debugName: name,
    name (id, context) {
      const getModuleInfo = each => context.getModuleInfo(each)
      needed ??= new Set(files.flatMap(file => [...needsOf(join(SRC, file), getModuleInfo)]))
      return needed.has(id) && !needsOf(join(SRC, 'cli.ts'), getModuleInfo).has(id) ? name : undefined
    }
  }
})

/** One file with all that a start needs, since each file costs time; what `import()` loads is in files of its own. */
const commandLine = {
  input: { 'cli/main': join(SRC, 'cli.ts') },
  plugins: [
    keepVendored, keepImports(filesIn('cli/seldom', { ...SELDOM, ...kept })), keepPlaces, knownVersion, loadWhenUsed,
    withoutPatterns, oneTree, licenses
  ],
  output: { ...COMMONJS, ...SMALL, chunkFileNames: 'cli/[name].js', codeSplitting: { includeDependenciesRecursively: false, groups } }
}

const seldom = {
  input: entriesIn('cli/seldom', { ...SELDOM, ...UNUSED }),
  plugins: [licenses],
  output: { ...COMMONJS, ...SMALL, chunkFileNames: 'cli/seldom/[name].js' }
}

/** What npm installs as `azrun`. */
const launcher = {
  input: { cli: join(SRC, 'bin.ts') },
  plugins: [knownVersion],
  output: COMMONJS
}

// Some packages have UMD modules as their `main`, whose `require` cannot be followed, and ES modules as their `module`.
export default defineConfig([vendor, library, commandLine, seldom, launcher]
  .map(build => ({ platform: 'node', resolve: { mainFields: ['module', 'main'] }, ...build })))
