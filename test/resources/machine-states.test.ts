import t from 'tap'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { UsageError } from '../../src/core/usage-error.js'
import { MachineStates } from '../../src/resources/machine-states.js'
import { Machines } from '../../src/resources/machines.js'
import { MemoryStore } from '../../src/stores/memory.js'
import { remote } from '../harness/remote-store.js'

const { virtualMachines: machines } = new Machines({
  virtualMachines: [{ subscriptionId: 's', resourceGroup: 'declared', name: 'off', powerState: 'stopped' }]
})
const off = machines.find(virtualMachineId('s', 'declared', 'off'))!
const undeclared = machines.find(virtualMachineId('s', 'rg', 'vm'))!

const stores = { 'in memory': () => new MemoryStore(), remote: () => remote(new MemoryStore()) }

for (const [name, create] of Object.entries(stores)) {
  t.test(`a machine has its declared state until it is changed (store: ${name})`, async t => {
    const states = new MachineStates(create())
    t.equal(await states.get(off), 'stopped')
    t.equal(await states.get(undeclared), 'running')
    await states.set(off, 'running')
    await states.set(undeclared, 'deallocated')
    t.equal(await states.get(off), 'running')
    t.equal(await states.get(undeclared), 'deallocated')
  })
}

t.test('a machine whose state is set is not hibernated, and keeps its etag', async t => {
  const states = new MachineStates(new MemoryStore())
  await states.change(undeclared, { powerState: 'deallocated', isHibernated: true, etag: 3 })
  await states.set(undeclared, 'running')
  t.match(await states.read(undeclared), { powerState: 'running', isHibernated: undefined, etag: 3 })
})

t.test('each machine has its own state, whatever the case of its name', async t => {
  const states = new MachineStates(new MemoryStore())
  await states.set(undeclared, 'stopped')
  t.equal(await states.get(machines.find(virtualMachineId('S', 'RG', 'VM'))!), 'stopped')
  t.equal(await states.get(machines.find(virtualMachineId('s', 'rg', 'vm2'))!), 'running')
})

t.test('forgetting a state restores the declared one, and changed() lists the remaining changes', async t => {
  const states = new MachineStates(new MemoryStore())
  await states.set(off, 'running')
  await states.set(undeclared, 'stopped')
  await states.forget(off)
  t.equal(await states.get(off), 'stopped')
  t.same(await states.changed(), [{ subscriptionId: 's', resourceGroup: 'rg', name: 'vm', powerState: 'stopped' }])
})

t.test('an unknown state or an invalid machine is refused, and nothing changes', async t => {
  const states = new MachineStates(new MemoryStore())
  for (const wrong of ['sleeping', 'Running', '', undefined, null, 1]) {
    t.throws(() => states.set(off, wrong as never), { name: 'UsageError', message: /^the power state of 'off' must be one of/ })
  }
  t.throws(() => states.set(off, 'sleeping' as never),
    new UsageError("the power state of 'off' must be one of running, deallocated, stopped, not \"sleeping\""))
  for (const wrong of [undefined, null, {}, 'off']) {
    t.throws(() => states.set(wrong as never, 'stopped'), { name: 'UsageError', message: /^machineStates\.set needs a machine/ })
  }
  t.equal(await states.get(off), 'stopped')
})
