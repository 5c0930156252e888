import type { EmulatorOptions } from '../../../src/index.js'
import { polledId, startedId, type Exchange } from './recording.js'

type Fixtures = Extract<NonNullable<EmulatorOptions['fixtures']>, readonly object[]>

/** Fixtures with the outputs of the recorded run command actions. */
export function outputsOf (exchanges: readonly Exchange[]): Fixtures {
  const actions = exchanges.filter(({ request: { path } }) => /\/runCommand\?/i.test(path))
  return actions.map(action => {
    const { script } = JSON.parse(action.request.body ?? '{"script":["recorded"]}')
    const match = { vmName: machineOf(action.request.path), script: script.join('\n') }
    return { name: match.vmName, match, result: streamsOf(resultOf(action, exchanges)) }
  })
}

/** azrun's name of the machine. */
function machineOf (path: string): string {
  const [, name] = /\/virtualMachines\/([^/]+)/i.exec(path)!
  const [, scaleSet] = /\/virtualMachineScaleSets\/([^/]+)/i.exec(path) ?? []
  return scaleSet === undefined ? name! : `${scaleSet}_${name}`
}

function resultOf (action: Exchange, exchanges: readonly Exchange[]): string {
  const id = startedId(action)
  const { response } = exchanges.find(each =>
    polledId(each) === id && each.request.path.includes('monitor=true') && each.response.status === 200)!
  return response.body
}

/** Recorded: only the last 4096 bytes of a stream are returned. Such a stream gets a beginning that azrun cuts off. */
function streamsOf (result: string): { stdout: string, stderr: string } {
  const { message } = JSON.parse(result).value[0]
  const [, stdout, stderr] = /^Enable succeeded: \n\[stdout\]\n([^]*)\n\[stderr\]\n([^]*)$/.exec(message)!
  const isCut = Buffer.byteLength(stdout!) === 4096
  return { stdout: isCut ? `${'an earlier line\n'.repeat(300)}${stdout}` : stdout!, stderr: stderr! }
}
