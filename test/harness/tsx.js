/**
 * Compiles the TypeScript that a test process loads. tap's mocks use Node's synchronous module hooks from 24.13.1 on
 * and asynchronous ones before. tsx must use the same kind: a process in which the two meet waits for itself.
 */
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 14)) delete module.registerHooks
await import('tsx')

/*
 * tap has every process that a test starts load tap's modules, for coverage. That takes 0.2 s, and the program under
 * test would run with options that are not its own.
 */
globalThis[Symbol.for('process-on-spawn@*:singletonId')]?.unwrap()
