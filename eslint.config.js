import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

/** Rooms that must use the emulator's clock. Certificates, sockets and processes use real time. */
const WITH_CLOCK = ['core', 'guest', 'arm', 'entra', 'identity', 'admin'].map(room => `src/${room}/**/*.ts`)
const MESSAGE = 'Use the clock of the service.'

export default [
  ...neostandard({ ts: true, ignores: [...resolveIgnoresFromGitignore(), 'src/**/api.d.ts', 'src/**/*validators.ts'] }),
  {
    rules: {
      '@stylistic/comma-dangle': ['error', 'never'],
      '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreStrings: true }]
    }
  },
  {
    files: WITH_CLOCK,
    ignores: ['src/time/clock.ts', 'src/time/virtual-clock.ts'],
    rules: {
      'no-restricted-globals': ['error', ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map(name =>
        ({ name, message: MESSAGE }))],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: MESSAGE }],
      'no-restricted-imports': ['error', ...['node:timers', 'node:timers/promises', 'node:perf_hooks'].map(name =>
        ({ name, message: MESSAGE }))],
      'no-restricted-syntax': ['error', {
        selector: "NewExpression[callee.name='Date'][arguments.length=0]",
        message: MESSAGE
      }]
    }
  }
]
