import t from 'tap'

const BENCH = new URL('../../bench/', import.meta.url)

t.test('the modules of the soak test load, and it can look for installed clients', async t => {
  await t.resolves(import(new URL('soak/life.js', BENCH).href))
  const { findClients } = await import(new URL('soak/clients.js', BENCH).href)
  t.type(findClients(), Array)
})
