import { createRequire } from 'node:module'

/**
 * Packages that Fastify and pino require at each start, but use only for plugins with versions, `trustProxy`, errors,
 * and pino's own outputs and redaction.
 */
export const UNUSED = {
  semver: 'semver',
  'proxy-addr': '@fastify/proxy-addr',
  'sonic-boom': 'sonic-boom',
  'thread-stream': 'thread-stream',
  redact: '@pinojs/redact',
  error: '@fastify/error'
}

/** Node's modules that each start imports but seldom uses. Loading them takes 12 ms on Node 24. */
const SLOW = ['assert', 'fs/promises', 'http2', 'https', 'perf_hooks', 'timers/promises', 'tls', 'worker_threads', 'zlib']

/** The prefix of the substitute modules. */
const LAZY = '\0when-used:'

/** The prefix of the names under which the substitutes require packages of `UNUSED`. */
export const KEPT = 'kept:'

/** Fastify calls `assert` for each route. */
const ASSERT = 'function (value, message) { if (!value) load()(value, message) }'

/** The substitute for a function or class that no start calls. */
const FUNCTION = 'function (...args) { return new.target === undefined ? load()(...args) : new (load())(...args) }'

/** Fastify creates a hundred error classes at each start. This substitute creates each on first use. */
const ERRORS = `
  const createError = (...args) => {
    let created
    const load = () => created ??= require('${KEPT}@fastify/error')(...args)
    return ${FUNCTION}
  }
  module.exports = Object.assign(createError, { createError })
`

/** Members that packages read while loading. The command line runs in the main thread. */
const KNOWN = { worker_threads: { isMainThread: true }, perf_hooks: { performance: '{ now: () => performance.now() }' } }

/** Replaces these modules with substitutes that load them on the first use of a member. */
export const loadWhenUsed = {
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
