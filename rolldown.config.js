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

/** Compiled into dist/vendor/: jose is an ES module, which Jest cannot load; x509 would be twenty packages. */
const VENDORED = { jose: 'jose', x509: '@peculiar/x509', 'reflect-metadata': 'reflect-metadata' }

/** What Fastify requires in functions that a start does not call: a bundler would put it beside what it needs. */
const SELDOM = {
  'ajv-compiler': '@fastify/ajv-compiler',
  'serializer-compiler': '@fastify/fast-json-stringify-compiler',
  inject: 'light-my-request'
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

/** The sources read the version from package.json, which would cost time at each start. */
const knownVersion = {
  name: 'known-version',
  load: {
    filter: { id: /\bsrc\/version\.ts$/ },
    handler: () => `export const version = '${createRequire(import.meta.url)('./package.json').version}'`
  }
}

/** The names under which `loadWhenUsed` requires packages. */
const kept = Object.fromEntries(Object.entries(UNUSED).map(([file, name]) => [file, `${KEPT}${name}`]))

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

// Some packages have UMD modules as their `main`, whose `require` cannot be followed, and ES modules as their `module`.
export default defineConfig([vendor, library, commandLine, seldom, launcher]
  .map(build => ({ platform: 'node', resolve: { mainFields: ['module', 'main'] }, ...build })))
