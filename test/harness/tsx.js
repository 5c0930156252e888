/**
 * Compiles the TypeScript that a test process loads. tap's mocks use Node's synchronous module hooks from 24.13.1 on
 * and asynchronous ones before. tsx must use the same kind: a process in which the two meet waits for itself.
 */
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 14)) delete module.registerHooks
await import('tsx')
