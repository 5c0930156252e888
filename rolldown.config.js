import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
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

/** What Fastify requires at each start, and uses only for plugins with versions and with `trustProxy`. */
const UNUSED = { semver: 'semver', 'proxy-addr': '@fastify/proxy-addr' }

/** With `require` where the sources have `import()`, which Jest cannot run. */
const COMMONJS = { format: 'cjs', dynamicImportInCjs: false, dir: 'dist' }

/** For what is loaded at each start: Node reads ASCII fastest. The names stay, for the stacks of errors. */
const SMALL = { minify: { mangle: false }, charset: 'ascii', comments: false }

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
    filter: { code: /import\.meta\.url/ },
    handler: (code, id) =>
      code.replaceAll('import.meta.url', `new URL('../${relative(SRC, id)}', import.meta.url).href`)
  }
}

/** What imports these does so at each start, and few starts need them. Node 24 takes 10 ms for them. */
const SLOW = ['node:fs/promises', 'node:http2', 'node:https', 'node:tls', 'node:zlib']

const WHEN_USED = [...SLOW, ...Object.values(UNUSED)]

/** What the names of modules begin with that stand for others, and of those that these load. */
const [LAZY, KEPT] = ['\0when-used:', 'kept:']

/** The names under which `loadWhenUsed` requires packages. */
const kept = Object.fromEntries(Object.entries(UNUSED).map(([file, name]) => [file, `${KEPT}${name}`]))

/** Loads each of these modules when one of its members is first used. */
const loadWhenUsed = {
  name: 'load-when-used',
  resolveId: id => WHEN_USED.includes(id) ? `${LAZY}${id}` : undefined,
  load (id) {
    if (!id.startsWith(LAZY)) return
    const name = id.slice(LAZY.length)
    // Another name for the same module: this one is resolved to what is made here.
    const source = name.startsWith('node:') ? name.slice('node:'.length) : `${KEPT}${name}`
    const getters = Object.keys(createRequire(import.meta.url)(name)).map(key => `get ${key} () { return require('${source}').${key} }`)
    return `module.exports = { ${getters.join(', ')} }`
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

/** One file with all that a start needs, since each file costs time; what `import()` loads is in files of its own. */
const commandLine = {
  input: { 'cli/main': join(SRC, 'cli.ts') },
  plugins: [keepVendored, keepImports(filesIn('cli/seldom', { ...SELDOM, ...kept })), keepPlaces, loadWhenUsed, licenses],
  output: { ...COMMONJS, ...SMALL, chunkFileNames: 'cli/[name].js' }
}

const seldom = {
  input: entriesIn('cli/seldom', { ...SELDOM, ...UNUSED }),
  plugins: [licenses],
  output: { ...COMMONJS, ...SMALL, chunkFileNames: 'cli/seldom/[name].js' }
}

/** What npm installs as `azrun`. */
const launcher = {
  input: { cli: join(SRC, 'bin.ts') },
  output: COMMONJS
}

// Some packages have UMD modules as their `main`, whose `require` cannot be followed, and ES modules as their `module`.
export default defineConfig([vendor, library, commandLine, seldom, launcher]
  .map(build => ({ platform: 'node', resolve: { mainFields: ['module', 'main'] }, ...build })))
