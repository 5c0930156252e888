import { UsageError } from '../core/usage-error.js'
import { textOf } from '../validation/paths.js'
import { checkOptions } from './check.js'
import { plainName, tell } from './names.js'

/** The names of declarations in messages. */
const CALLED = { virtualMachines: 'the virtual machine', virtualMachineScaleSets: 'the scale set' } as const

/** Rejects with a `UsageError` for a declaration that would be wrong in a config file. */
export async function requireDeclaration (list: keyof typeof CALLED, declaration: object): Promise<void> {
  const mistakes = await checkOptions({ [list]: [declaration] })
  if (mistakes.length === 0) return
  const own = mistakes.map(mistake => ({ ...mistake, path: mistake.path.slice([list, 0].length) }))
  throw new UsageError(tell(own, path => plainName(path.length === 0 ? CALLED[list] : `'${textOf(path)}'`)))
}
