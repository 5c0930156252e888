import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

/** What needs real time: certificates, sockets, processes and files. All else uses the emulator's clock. */
const REAL_TIME = ['src/code-cache.ts', 'src/options/watch-files.ts',
  ...['certificates', 'commands', 'executors', 'listener', 'logging', 'time', 'transfers'].map(room => `src/${room}/**/*.ts`)]
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
    files: ['src/**/*.ts'],
    ignores: REAL_TIME,
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
