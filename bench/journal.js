import { ratioRow, valueRow } from './report.js'
import { measureProcesses, ratios, Server } from './server.js'

/**
 * The cost of the journal: servers with a journal compared with servers without one, in the same rounds. Two servers
 * without one are compared with each other, too: the ratio shows how far the other figures can be trusted.
 */
export async function measureJournal ({ dataDir, load, polled, ...settings }) {
  const startAll = (file, args) => () => Promise.all(['0', '10000', '0'].map(journal => Server.start(file, { args: [...args, journal] })))
  const [action, actionKept, actionAgain] = await measureProcesses(startAll('servers/azrun.js', [dataDir, 'any']), load, {
    ...settings, loadOf: requests => ({ requests })
  })
  const [poll, pollKept, pollAgain] = await measureProcesses(startAll('servers/poll.js', [dataDir, `${Math.min(settings.operations, 2000)}`]), load, {
    ...settings, loadOf: requests => ({ kind: 'poll', polled, requests })
  })
  const sizes = []
  for (let round = 0; round < settings.growths; round++) sizes.push(await measureGrowth({ ...settings, dataDir, load }))
  return [
    ratioRow('immediate runCommand with a journal, compared with none, by CPU', ratios(action, actionKept, 'cpu'), 'at least 0.95'),
    ratioRow('immediate runCommand without a journal, compared with itself, by CPU', ratios(action, actionAgain, 'cpu')),
    ratioRow('poll with a journal, compared with none, by CPU', ratios(poll, pollKept, 'cpu'), 'at least 0.95'),
    ratioRow('poll without a journal, compared with itself, by CPU', ratios(poll, pollAgain, 'cpu')),
    valueRow('memory for the journal entry of an immediate runCommand', sizes, 'bytes')
  ]
}

/** The growth of memory for each request, minus its growth without a journal. */
async function measureGrowth ({ kept, growthWarmUp, dataDir, load }) {
  const growths = []
  for (const journal of ['0', `${kept}`]) {
    const azrun = await Server.start('servers/azrun.js', { args: [dataDir, 'any', journal], execArgv: ['--expose-gc'] })
    try {
      await load.send({ port: azrun.port, requests: growthWarmUp })
      await azrun.reset()
      const before = await azrun.memory()
      await load.send({ port: azrun.port, requests: kept })
      growths.push(await azrun.memory() - before)
    } finally {
      azrun.stop()
    }
  }
  return (growths[1] - growths[0]) / kept
}
