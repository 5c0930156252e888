import t from 'tap'
import { VirtualMachines } from '../src/core/virtual-machines.js'

const web = { subscriptionId: 'sub', resourceGroup: 'prod', name: 'web' }

t.test('where nothing is declared', async t => {
  t.test('every machine exists and runs, with the operating system that is asked for', async t => {
    const machines = new VirtualMachines()
    const made = { ...web, location: 'westus', powerState: 'running' }
    t.same(machines.find('sub', 'prod', 'web'), { ...made, osType: 'Linux' })
    t.same(machines.find('sub', 'prod', 'web', 'Windows'), { ...made, osType: 'Windows' })
    t.ok(machines.hasResourceGroup('sub', 'prod'))
  })

  t.test('finding one does not declare it', async t => {
    const machines = new VirtualMachines()
    machines.find('sub', 'prod', 'web', 'Windows')
    t.same(machines.list(), [])
    t.match(machines.find('sub', 'prod', 'other'), { osType: 'Linux' })
  })

  t.test('it keeps the name as it is asked for', async t => {
    t.match(new VirtualMachines().find('SUB', 'Prod', '__proto__'), { subscriptionId: 'SUB', resourceGroup: 'Prod', name: '__proto__' })
  })
})

t.test('a declared machine', async t => {
  t.test('is a Linux machine in westus that runs, unless it says otherwise', async t => {
    const machines = new VirtualMachines({ declared: [web, { ...web, name: 'win', osType: 'Windows', powerState: 'stopped' }] })
    t.same(machines.find('sub', 'prod', 'web'), { ...web, location: 'westus', osType: 'Linux', powerState: 'running' })
    t.match(machines.find('sub', 'prod', 'win'), { osType: 'Windows', powerState: 'stopped' })
  })

  t.test('has the short name of its region, however that is written', async t => {
    const machines = new VirtualMachines({ declared: [{ ...web, location: 'West US' }] })
    t.match(machines.find('sub', 'prod', 'web'), { location: 'westus' })
  })

  t.test('has the defaults for what is given as undefined, too', async t => {
    const machines = new VirtualMachines()
    machines.declare({ ...web, osType: undefined, location: undefined, powerState: undefined })
    t.match(machines.find('sub', 'prod', 'web'), { location: 'westus', osType: 'Linux', powerState: 'running' })
  })

  t.test('keeps its operating system, whatever is asked for', async t => {
    const machines = new VirtualMachines({ declared: [web] })
    t.match(machines.find('sub', 'prod', 'web', 'Windows'), { osType: 'Linux' })
  })

  t.test('is found in any case, under the name that it was declared by', async t => {
    const machines = new VirtualMachines({ declared: [{ ...web, name: 'Web' }] })
    t.match(machines.find('SUB', 'PROD', 'wEB'), { name: 'Web', resourceGroup: 'prod' })
    t.ok(machines.hasResourceGroup('Sub', 'Prod'))
  })

  t.test('replaces the one of that name', async t => {
    const machines = new VirtualMachines({ declared: [web] })
    machines.declare({ ...web, name: 'WEB', powerState: 'deallocated' })
    t.match(machines.list(), [{ name: 'WEB', powerState: 'deallocated' }])
    t.equal(machines.list().length, 1)
  })

  t.test('cannot be changed from outside', async t => {
    const machines = new VirtualMachines()
    const vm = machines.declare(web)
    t.throws(() => Object.assign(vm, { powerState: 'stopped' }), TypeError)
  })

  t.test('makes its resource group one of declared machines only, and no other', async t => {
    const machines = new VirtualMachines({ declared: [web] })
    t.equal(machines.find('sub', 'prod', 'db'), undefined)
    t.ok(machines.find('sub', 'test', 'db'))
    t.ok(machines.find('other', 'prod', 'db'))
  })
})

t.test('strict: only what is declared exists', async t => {
  const machines = new VirtualMachines({ declared: [web], strict: true })
  t.ok(machines.find('sub', 'prod', 'web'))
  t.ok(machines.hasResourceGroup('sub', 'prod'))
  t.equal(machines.find('sub', 'test', 'web'), undefined)
  t.notOk(machines.hasResourceGroup('sub', 'test'))
  t.notOk(machines.hasResourceGroup('other', 'prod'))
  t.ok(machines.declare({ ...web, resourceGroup: 'test' }))
  t.ok(machines.find('sub', 'test', 'web'))
  t.ok(machines.hasResourceGroup('sub', 'test'))
})

t.test('lists the declared machines: all, those of a subscription, those of a resource group', async t => {
  const declared = [web, { ...web, name: 'db' }, { ...web, resourceGroup: 'test' }, { ...web, subscriptionId: 'other' }]
  const machines = new VirtualMachines({ declared })
  t.match(machines.list(), declared)
  t.match(machines.list('SUB'), declared.slice(0, 3))
  t.equal(machines.list('sub').length, 3)
  t.match(machines.list('sub', 'PROD'), declared.slice(0, 2))
  t.equal(machines.list('sub', 'prod').length, 2)
  t.same(machines.list('none'), [])
})

t.test('a reset brings back what was declared at the start', async t => {
  const machines = new VirtualMachines({ declared: [web] })
  machines.declare({ ...web, powerState: 'stopped' })
  machines.declare({ ...web, resourceGroup: 'test' })
  machines.reset()
  t.match(machines.list(), [{ ...web, powerState: 'running' }])
  t.equal(machines.list().length, 1)
  t.ok(machines.find('sub', 'test', 'anything'))
})
