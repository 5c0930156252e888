import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { start } from '../../harness/emulator.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

interface Report {
  readonly complete: boolean
  readonly operations: { readonly total: number, readonly tested: number }
  readonly failures: readonly object[]
  readonly errors: readonly object[]
  /** How the requests that the document allows fared, by operation and phase. */
  readonly valid_rates: Readonly<Record<string, Readonly<Record<string, Rates>>>>
}

/** Counts of responses: `unreachable` are 404s, and `rejected` are 400s and other refusals. */
interface Rates {
  readonly accepted: number
  readonly unreachable: number
  readonly conflicts: number
  readonly rejected: number
}

/** Sends requests that keep to the document and requests that break it, and checks the responses against it. */
export async function check (t: Test): Promise<void> {
  const { httpUrl } = await start(t, { respond: 'immediate' })
  const file = join(t.testdir({ report: {} }), 'report', 'report.json')
  const { code, output } = await schemathesis([
    'run', `${httpUrl}/_emulator/openapi/arm.json`, '--url', httpUrl, '--header', 'Authorization: Bearer any',
    '--phases', 'examples,coverage,fuzzing', '--max-examples', '30', '--seed', '1', '--generation-deterministic',
    '--report', 'json', '--report-json-path', file
  ])
  t.equal(code, 0, 'schemathesis finds nothing', { output: output.slice(-5000) })
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  const { complete, failures, errors } = report
  t.strictSame({ complete, failures, errors }, { complete: true, failures: [], errors: [] })
  t.equal(report.operations.tested, report.operations.total, 'schemathesis tests every operation')

  const rates = Object.values(report.valid_rates).flatMap(phases => Object.values(phases))
  const sum = (name: keyof Rates) => rates.reduce((total, each) => total + each[name], 0)
  const [accepted, unreachable] = [sum('accepted'), sum('unreachable')]
  t.ok(accepted > unreachable + sum('rejected') + sum('conflicts'), 'most requests reach a handler and name a resource that exists',
    { accepted, unreachable })
}

async function schemathesis (args: readonly string[]): Promise<{ code: number, output: string }> {
  const command = `${HERE}.venv/bin/schemathesis`
  const child = spawn(command, ['--config-file', `${HERE}schemathesis.toml`, ...args], {
    cwd: HERE,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, output: `${stdout}${stderr}` }
}
