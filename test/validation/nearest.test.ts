import t from 'tap'
import { nearest } from '../../src/validation/nearest.js'

const OPTIONS = ['host', 'port', 'dataDir', 'virtualMachines', 'strict', 'pace']

t.test('finds the word that was meant', async t => {
  const meant = {
    prot: 'port',
    hosts: 'host',
    virtualMachine: 'virtualMachines',
    'data-dir': 'dataDir',
    DATADIR: 'dataDir',
    strickt: 'strict',
    pcae: 'pace'
  }
  for (const [typed, name] of Object.entries(meant)) t.equal(nearest(typed, OPTIONS), name, typed)
})

t.test('finds nothing where no word is near', async t => {
  for (const typed of ['', 'x', 'constructor', 'abc', 'verbose', 'name']) t.equal(nearest(typed, OPTIONS), undefined, typed)
  t.equal(nearest('port', []), undefined)
})

t.test('prefers the nearest word and, of two, the first', async t => {
  t.equal(nearest('keys', ['keyed', 'key']), 'key')
  t.equal(nearest('kez', ['key', 'ken']), 'key')
})
