import { isDeepStrictEqual } from 'node:util'
import { ManagedIdentities } from '../identity/managed-identities.js'
import { RoleAssignments } from '../identity/role-assignments.js'
import { ServicePrincipals } from '../identity/service-principals.js'
import { Users } from '../identity/users.js'
import type { Options } from '../options/options.js'
import type { DeclaredGroups } from '../resources/declared-groups.js'
import { Machines } from '../resources/machines.js'
import type { ScaleSets } from '../resources/scale-sets.js'
import { Subscriptions } from '../resources/subscriptions.js'
import type { VirtualMachines } from '../resources/virtual-machines.js'

type Settings = Pick<Options, 'virtualMachines' | 'virtualMachineScaleSets' | 'resourceGroups' | 'powerStates' | 'strict' |
  'subscriptions' | 'auth' | 'servicePrincipals' | 'managedIdentities' | 'users' | 'roleAssignments'>

/** The services of what the options declare. */
export interface Declared {
  /** The declared virtual machines and scale sets by resource group. */
  readonly groups: DeclaredGroups
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  readonly subscriptions: Subscriptions
  readonly servicePrincipals: ServicePrincipals
  readonly managedIdentities: ManagedIdentities
  readonly users: Users
  readonly roleAssignments: RoleAssignments
}

/** Creates the services, and a function that puts changed options in force. */
export function createDeclared (settings: Settings): { declared: Declared, redeclare (changed: Settings): void } {
  const { strict } = settings
  const machines = new Machines(settings)
  const { groups, virtualMachines, scaleSets } = machines
  const subscriptions = new Subscriptions({ groups, declared: settings.subscriptions, strict })
  const principals = principalsOf(settings)
  const servicePrincipals = new ServicePrincipals(principals.servicePrincipals)
  const managedIdentities = new ManagedIdentities({ subscriptions, servicePrincipals, ...principals.managedIdentities })
  const users = new Users(principals.users)
  const roleAssignments = new RoleAssignments(settings.roleAssignments)
  let current = machinesOf(settings)
  return {
    declared: {
      groups, virtualMachines, scaleSets, subscriptions, servicePrincipals, managedIdentities, users, roleAssignments
    },
    redeclare (changed) {
      // A program may have declared machines since. These stay as long as the declarations do not change.
      const former = current
      current = machinesOf(changed)
      if (!isDeepStrictEqual(former, current)) machines.redeclare(current)
      subscriptions.redeclare({ declared: changed.subscriptions, strict: changed.strict })
      const principals = principalsOf(changed)
      servicePrincipals.redeclare(principals.servicePrincipals)
      managedIdentities.redeclare(principals.managedIdentities)
      users.redeclare(principals.users)
      roleAssignments.redeclare(changed.roleAssignments)
    }
  }
}

function machinesOf ({ virtualMachines, virtualMachineScaleSets, resourceGroups, powerStates, strict }: Settings) {
  return { virtualMachines, virtualMachineScaleSets, resourceGroups, powerStates, strict }
}

/** With `--auth strict`, only declared principals exist once there is any, of whatever kind. */
function principalsOf ({ auth, servicePrincipals, managedIdentities, users }: Settings) {
  const strict = auth === 'strict' && [servicePrincipals, managedIdentities, users].some(declared => declared.length > 0)
  return {
    servicePrincipals: { declared: servicePrincipals, strict },
    managedIdentities: { declared: managedIdentities, strict },
    users: { declared: users, strict }
  }
}
