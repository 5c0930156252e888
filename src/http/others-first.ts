/** Resolves after other work had its turn: requests that came meanwhile, for example. */
export { setImmediate as othersFirst } from 'node:timers/promises'
