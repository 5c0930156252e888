import type { Executor } from '../executors/executor.js'
import type { Fixture } from '../executors/fixture.js'
import { Machines } from '../resources/machines.js'
import { isInstance } from '../resources/virtual-machines.js'
import { isLoopback, whyUnreachable } from './host.js'
import { plainName, type OptionName } from './names.js'
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
    find (config, own) {
      const { host, allowRemoteExecution, nameOf } = config
      if (isLoopback(host) || allowRemoteExecution || !runsScripts(config, own)) return undefined
      return `${executorIn(config, own).subject} on ${nameOf('host').text} ${host} would let other machines run scripts on this one: ` +
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
    find (config, own) {
      const { unmatched, nameOf } = config
      if (unmatched === 'succeed' || !runsScripts(config, own)) return undefined
      return withoutFixtures(`${nameOf('unmatched').subject} ${unmatched}`, config, own)
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
    find (config, own) {
      const { fixtures, nameOf } = config
      if (!runsScripts(config, own) || (fixtures === undefined && own.fixtures === undefined)) return undefined
      return withoutFixtures(own.fixtures === undefined ? `${nameOf('fixtures').subject} ${fixtures}` : "option 'fixtures'", config, own)
    }
  },
  {
    options: ['executor', 'maxScripts'],
    find (config, own) {
      const { executor, maxScripts, nameOf } = config
      if (maxScripts === undefined || runsScripts(config, own)) return undefined
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
    find: misplacedState
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

function runsScripts ({ executor }: Config, own: Own): boolean {
  return own.executor !== undefined || executor !== 'fixture'
}

/** What to call the executor. */
function executorIn ({ executor, nameOf }: Config, own: Own): OptionName {
  if (own.executor !== undefined) return plainName('an executor of your own')
  const { subject, text } = nameOf('executor')
  return { subject: `${subject} ${executor}`, text: `${text} ${executor}` }
}

/** The conflict of an option about fixtures with an executor that uses none. */
function withoutFixtures (subject: string, config: Config, own: Own): string {
  return `${subject} cannot be combined with ${executorIn(config, own).text}, which does not use fixtures: remove one of the two`
}

/** A power state of a machine that does not exist, or whose declaration should have it. */
function misplacedState (config: Config): string | undefined {
  const { powerStates, virtualMachines, virtualMachineScaleSets, resourceGroups, strict, nameOf } = config
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
