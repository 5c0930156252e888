import { failureOf } from './commands/failure.js'
import { say } from './commands/print.js'
import { run } from './commands/program.js'

run(process.argv.slice(2), process.env).catch((error: unknown) => {
  const { lines, code } = failureOf(error)
  lines.forEach(say)
  process.exitCode = code
})
