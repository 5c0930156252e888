import { readdirSync } from 'node:fs'
import t from 'tap'
import { RECORDINGS, skipRecordings } from '../harness/azure-data.js'
import { unexpectedlyMissing } from './recordings/documents.js'
import { unusedDistortions } from './recordings/headers.js'
import { readRecording } from './recordings/recording.js'
import { replay } from './recordings/replay.js'
import { SESSIONS } from './recordings/sessions.js'

t.test("returns Azure's responses to the requests of each recorded session", { skip: skipRecordings }, async t => {
  for (const session of SESSIONS) {
    await t.test(session.title, async t => {
      const notServed = (session.notServed ?? []).flatMap(({ exchanges }) => exchanges)
      t.equal(await replay(t, session), readRecording(session.file).length - notServed.length)
    })
  }

  await t.test('every recording is replayed', async t => {
    t.strictSame(readdirSync(RECORDINGS).sort(), SESSIONS.map(({ file }) => file).sort())
  })

  t.strictSame(unusedDistortions(), [], 'each distortion of the table occurs')
  t.strictSame(unexpectedlyMissing(), [], 'machines lack exactly the members of the table')
})
