import type { Executor } from '../executors/executor.js'
import type { Fixture } from '../executors/fixture.js'
import { Machines } from '../resources/machines.js'
import { isInstance } from '../resources/virtual-machines.js'
import { isLoopback, whyUnreachable } from './host.js'
import type { Config, OptionKey } from './options.js'

/** What only a program can give, not a command line. */
export interface Own {
  readonly executor?: Executor
  readonly fixtures?: readonly Fixture[]
}

/** What else is known about the options. */
export interface Given extends Own {
  readonly hasFile: boolean
}

/** Options that may be incompatible. */
interface Conflict {
  readonly options: readonly OptionKey[]
  /** Says what is incompatible and what to do; undefined if nothing is. */
  find (config: Config, given: Given): string | undefined
}

/** The conflicts between options, a line each. Skips options that are wrong by themselves. */
export function conflictsIn (config: Config, given: Given, wrong: ReadonlySet<unknown>): string[] {
  return CONFLICTS.filter(({ options }) => !options.some(option => wrong.has(option)))
    .map(({ find }) => find(config, given))
    .filter(problem => problem !== undefined)
}

const CONFLICTS: readonly Conflict[] = [
  { options: ['cert', 'key'], find: config => incomplete(config, 'cert', 'key') ?? incomplete(config, 'key', 'cert') },
  {
    options: ['executor', 'host', 'allowRemoteExecution'],
    find ({ host, allowRemoteExecution, executor, nameOf }, own) {
      if (isLoopback(host) || allowRemoteExecution || !runsScripts(executor, own)) return undefined
      const subject = own.executor === undefined ? `${nameOf('executor').subject} ${executor}` : 'an executor of your own'
      return `${subject} on ${nameOf('host').text} ${host} would let other machines run scripts on this one: ` +
        `set ${nameOf('allowRemoteExecution').text} if this is intended, or listen on 127.0.0.1`
    }
  },
  {
    options: ['host'],
    find ({ host, nameOf }) {
      if (!host.includes('%')) return undefined
      return `${nameOf('host').subject} ${host} has a zone, which no URL can have: give an address without one, such as :: for all addresses`
    }
  },
  {
    options: ['publicName'],
    find ({ publicName, nameOf }) {
      const wrong = publicName.find(name => whyUnreachable(name) !== undefined)
      return wrong === undefined ? undefined : `${nameOf('publicName').subject} ${wrong} ${whyUnreachable(wrong)}`
    }
  },
  {
    options: ['executor', 'unmatched'],
    find ({ executor, unmatched, nameOf }, own) {
      if (unmatched === 'succeed' || !runsScripts(executor, own)) return undefined
      const user = own.executor === undefined ? `${nameOf('executor').text} ${executor}` : 'an executor of your own'
      return `${nameOf('unmatched').subject} ${unmatched} cannot be combined with ${user}, which does not use fixtures: remove one of the two`
    }
  },
  {
    options: ['journal', 'report'],
    find ({ journal, report, nameOf }) {
      if (report === undefined || journal > 0) return undefined
      return `${nameOf('report').subject} ${report} cannot be combined with ${nameOf('journal').text} 0, which keeps nothing to report on: ` +
        'remove one of the two'
    }
  },
  {
    options: ['executor', 'fixtures'],
    find ({ executor, fixtures, nameOf }, own) {
      if (!runsScripts(executor, own) || (fixtures === undefined && own.fixtures === undefined)) return undefined
      const subject = own.fixtures === undefined ? `${nameOf('fixtures').subject} ${fixtures}` : "option 'fixtures'"
      const user = own.executor === undefined ? `${nameOf('executor').text} ${executor}` : 'an executor of your own'
      return `${subject} cannot be combined with ${user}, which does not use fixtures: remove one of the two`
    }
  },
  {
    options: ['executor', 'maxScripts'],
    find ({ executor, maxScripts, nameOf }, own) {
      if (maxScripts === undefined || runsScripts(executor, own)) return undefined
      return `${nameOf('maxScripts').subject} ${maxScripts} cannot be combined with ${nameOf('executor').text} ${executor}, which runs ` +
        `no scripts: remove it, or use ${nameOf('executor').text} shell`
    }
  },
  {
    options: ['watch', 'fixtures', 'scenarios'],
    find ({ watch, fixtures, scenarios, nameOf }, { hasFile }) {
      if (!watch || hasFile || fixtures !== undefined || typeof scenarios === 'string') return undefined
      return `${nameOf('watch').subject} needs a config file, fixtures or scenarios to watch: name one, or remove it`
    }
  },
  {
    options: ['powerStates', 'virtualMachines', 'virtualMachineScaleSets', 'resourceGroups', 'strict'],
    find ({ powerStates, virtualMachines, virtualMachineScaleSets, resourceGroups, strict, nameOf }) {
      if (powerStates.length === 0) return undefined
      const { groups, scaleSets } = new Machines({ virtualMachines, virtualMachineScaleSets, resourceGroups, strict })
      const missing = powerStates.find(place => isInstance(place) && scaleSets.instanceAt(place) === undefined)
      if (missing !== undefined) {
        return `${nameOf('powerStates').subject} has instance ${missing.instanceId} of scale set '${missing.name}' in resource ` +
          `group '${missing.resourceGroup}', which does not exist: declare it in ${nameOf('virtualMachineScaleSets').text}`
      }
      const others = powerStates.filter(place => !isInstance(place))
      if (strict && others.length > 0) {
        return `${nameOf('powerStates').subject} cannot be combined with ${nameOf('strict').text}, which has no undeclared virtual ` +
          'machines: declare them with their powerState instead'
      }
      const wrong = others.find(place => groups.isDeclared(place.subscriptionId, place.resourceGroup))
      return wrong && `${nameOf('powerStates').subject} has '${wrong.name}' in resource group '${wrong.resourceGroup}', which ` +
        `has only declared virtual machines: give the powerState in ${nameOf('virtualMachines').text}`
    }
  },
  {
    options: ['auth', 'roleAssignments'],
    find ({ auth, roleAssignments, nameOf }) {
      if (auth !== 'off' || roleAssignments.length === 0) return undefined
      return `${nameOf('roleAssignments').subject} cannot be combined with ${nameOf('auth').text} off, which does not identify ` +
        'callers: remove one of the two'
    }
  },
  {
    options: ['auth', 'trustedKeys'],
    find ({ auth, trustedKeys, nameOf }) {
      if (auth === 'strict' || trustedKeys.length === 0) return undefined
      return `${nameOf('trustedKeys').subject} cannot be combined with ${nameOf('auth').text} ${auth}, which does not verify ` +
        `signatures: use ${nameOf('auth').text} strict`
    }
  }
]

function incomplete ({ nameOf, ...config }: Config, one: 'cert' | 'key', other: 'cert' | 'key'): string | undefined {
  if (config[one] === undefined || config[other] !== undefined) return undefined
  return `${nameOf(one).subject} ${config[one]} is given without ${nameOf(other).text}: give both or neither`
}

function runsScripts (executor: Config['executor'], own: Own): boolean {
  return own.executor !== undefined || executor !== 'fixture'
}
