/**
 * Compiles the TypeScript that a test process loads. tap's mocks use Node's synchronous module hooks since 24.13.1, and
 * asynchronous ones in older versions. tsx must use the same kind, because a process with both kinds deadlocks.
 */
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 14)) delete module.registerHooks
await import('tsx')

/*
 * For coverage, tap makes every process that a test starts load tap's modules. That takes 0.2 s, and the program under
 * test would have additional options.
 */
globalThis[Symbol.for('process-on-spawn@*:singletonId')]?.unwrap()
