import t from 'tap'
import { nearest, nearestOf, suggestion } from '../../src/validation/nearest.js'
import { cpuFor } from '../harness/cpu.js'

const OPTIONS = ['host', 'port', 'dataDir', 'virtualMachines', 'strict', 'pace']

t.test('finds the intended word', async t => {
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

t.test('finds nothing if no word is near', async t => {
  for (const typed of ['', 'x', 'constructor', 'abc', 'verbose', 'name']) t.equal(nearest(typed, OPTIONS), undefined, typed)
  t.equal(nearest('port', []), undefined)
})

t.test('prefers the nearest word, and the first of two that are equally near', async t => {
  t.equal(nearest('keys', ['keyed', 'key']), 'key')
  t.equal(nearest('kez', ['key', 'ken']), 'key')
})

t.test('finds at most three words, the nearest first', async t => {
  t.strictSame(nearestOf('vm-1', ['vm-22', 'vm-2', 'vm-1', 'vm-3', 'vm-4']), ['vm-1', 'vm-2', 'vm-3'])
})

t.test('finds no word that is more than three edits away, however long it is', async t => {
  t.equal(nearest('virtualMachXXXs', OPTIONS), 'virtualMachines')
  t.equal(nearest('virtualMacXXXXs', OPTIONS), undefined)
})

t.test('suggests the intended word, or lists the known ones', async t => {
  t.equal(suggestion('prot', OPTIONS), "did you mean 'port'?")
  t.equal(suggestion('x', ['host', 'port']), 'expected one of host, port')
})

t.test('names a character that is not ASCII, which may look like a letter of the intended word, or like nothing', async t => {
  t.equal(suggestion('h\u043est', OPTIONS), "did you mean 'host', without the character U+043E?")
  t.equal(suggestion('port\u200b', OPTIONS), "did you mean 'port', without the character U+200B?")
  t.equal(suggestion('p\u{1d428}rt', OPTIONS), "did you mean 'port', without the character U+1D428?")
})

t.test('counts two letters in the wrong order as one mistake', async t => {
  t.equal(nearest('evn', ['exec', 'env']), 'env')
  t.equal(nearest('fro', ['fox', 'for']), 'for')
  t.equal(nearest('versoin', ['verbose', 'version']), 'version')
})

t.test('does not compare words of very different lengths', async t => {
  const cpu = await cpuFor(() => t.equal(nearest('port'.repeat(10_000_000), OPTIONS), undefined))
  t.ok(cpu < 1_000_000, `${Math.round(cpu / 1000)} ms of CPU time`)
})
