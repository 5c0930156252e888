import { readdirSync } from 'node:fs'
import t from 'tap'
import { RECORDINGS, skipRecordings } from '../harness/azure-data.js'
import { unexpectedlyMissing } from './recordings/documents.js'
import { unmetDistortions } from './recordings/headers.js'
import { readRecording } from './recordings/recording.js'
import { replay } from './recordings/replay.js'
import { SESSIONS } from './recordings/sessions.js'

t.test('answers the captured sessions as Azure did, each in sequence', { skip: skipRecordings }, async t => {
  for (const session of SESSIONS) {
    await t.test(session.title, async t => {
      const notServed = (session.notServed ?? []).flatMap(({ exchanges }) => exchanges)
      t.equal(await replay(t, session), readRecording(session.file).length - notServed.length)
    })
  }

  await t.test('and there is no recording that is not replayed', async t => {
    t.strictSame(readdirSync(RECORDINGS).sort(), SESSIONS.map(({ file }) => file).sort())
  })

  t.strictSame(unmetDistortions(), [], 'each distortion of the table is met')
  t.strictSame(unexpectedlyMissing(), [], 'what machines lack is as the table says')
})
