import type { ExecutionResult } from '../executors/executor.js'
import { lastBytes } from '../executors/last-bytes.js'
import type { ScriptOutput } from '../operations/script-run.js'

/** Azure shows the last 4096 bytes of each stream (recorded: azcli_vm__latest__test_vm_run_command_e2e). */
export const MAX_OUTPUT = 4096

/** Joins lines (inferred). The handler removes a byte order mark and carriage returns (run-command-extension-linux). */
export function plainText (lines: readonly string[]): string {
  const joined = lines.join('\n')
  const text = joined.startsWith('\uFEFF') ? joined.slice(1) : joined
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
}

/** The end of each stream, as Azure shows it, and the lengths of the whole streams. */
export function outputOf ({ stdout, stderr, stdoutBytes, stderrBytes }: ExecutionResult): ScriptOutput {
  return {
    stdout: lastText(stdout),
    stderr: lastText(stderr),
    stdoutBytes: stdoutBytes ?? Buffer.byteLength(stdout),
    stderrBytes: stderrBytes ?? Buffer.byteLength(stderr)
  }
}

function lastText (text: string): string {
  return text.length * 3 <= MAX_OUTPUT ? text : lastBytes(Buffer.from(text), MAX_OUTPUT)
}
