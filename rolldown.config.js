import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'
import { oneTree, withoutPatterns } from './build/lighter-fastify.js'
import { KEPT, loadWhenUsed, UNUSED } from './build/load-when-used.js'

const SRC = fileURLToPath(new URL('src', import.meta.url))
const DIST = fileURLToPath(new URL('dist', import.meta.url))

/** Packages compiled into dist/vendor/. Jest cannot load jose, an ES module, and x509 would add twenty packages. */
const VENDORED = { jose: 'jose', x509: '@peculiar/x509', 'reflect-metadata': 'reflect-metadata' }

/** Packages that Fastify requires only in functions that no start calls. A bundler would load them at the start. */
const SELDOM = {
  'ajv-compiler': '@fastify/ajv-compiler',
  'serializer-compiler': '@fastify/fast-json-stringify-compiler',
  inject: 'light-my-request'
}

/** CommonJS with `require` instead of `import()`, which Jest cannot run. */
const COMMONJS = { format: 'cjs', dynamicImportInCjs: false, dir: 'dist' }

/** For code that each start loads. Node reads ASCII fastest. Stack traces need the names. */
const SMALL = { minify: { mangle: { keepNames: true } }, charset: 'ascii', comments: false }

const COMMAND_LINE = ['bin.ts', 'cli.ts', 'code-cache.ts']

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts') && !COMMAND_LINE.includes(name))

/** Keeps imports of files that another build writes. The layouts of dist/ and src/ are the same. */
const keepImports = files => ({
  name: 'keep-imports',
  resolveId: id => id in files ? { id: join(SRC, files[id]), external: 'relative' } : undefined
})

const filesIn = (folder, packages) =>
  Object.fromEntries(Object.entries(packages).map(([file, name]) => [name, `${folder}/${file}.js`]))

const entriesIn = (folder, packages) =>
  Object.fromEntries(Object.entries(packages).map(([file, name]) => [`${folder}/${file}`, name]))

const keepVendored = keepImports(filesIn('vendor', VENDORED))

/** Sources find openapi/ and fixtures/ by their own path. In the bundle, that would be the path of dist/cli/main.js. */
const keepPlaces = {
  name: 'keep-places',
  transform: {
    filter: { code: /import\.meta\.dirname/ },
    handler: (code, id) =>
      code.replaceAll('import.meta.dirname', `(import.meta.dirname + '/../${relative(SRC, dirname(id))}')`)
  }
}

/** The version as a constant. Reading it from package.json, as the sources do, would cost time at each start. */
const knownVersion = {
  name: 'known-version',
  load: {
    filter: { id: /\bsrc\/version\.ts$/ },
    handler: () => `export const version = '${createRequire(import.meta.url)('./package.json').version}'`
  }
}

/** The names under which `loadWhenUsed` requires packages. */
const kept = Object.fromEntries(Object.entries(UNUSED).map(([file, name]) => [file, `${KEPT}${name}`]))

/** The package has ES modules, but dist/ has CommonJS modules. */
const declareCommonJs = {
  name: 'declare-commonjs',
  generateBundle () {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
  }
}

/** One plugin for all builds, because it collects the packages of each. */
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

/** The modules that a module imports at any depth, except with `import()`. */
function needsOf (id, getModuleInfo, found = new Set()) {
  if (found.has(id)) return found
  found.add(id)
  getModuleInfo(id)?.importedIds.forEach(each => needsOf(each, getModuleInfo, found))
  return found
}

/**
 * The other files of the bundle that a server needs, and the sources of each. Two files that are seldom needed share
 * `read-bounded`, which would otherwise be a third one.
 */
const STEPS = {
  options: ['options/setup.ts', 'options/command-line.ts', 'files/read-bounded.ts'],
  serve: ['commands/serve.ts']
}

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

/** One file with everything that a start needs, because each file costs time. `import()` loads other files. */
const commandLine = {
  input: { 'cli/main': join(SRC, 'cli.ts') },
  preserveEntrySignatures: 'allow-extension',
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

// The `main` of some packages is a UMD module, whose `require` rolldown cannot follow. Their `module` is an ES module.
export default defineConfig([vendor, library, commandLine, seldom, launcher]
  .map(build => ({ platform: 'node', resolve: { mainFields: ['module', 'main'] }, ...build })))
