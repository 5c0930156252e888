import t from 'tap'
import { npm, PROJECT } from '../harness/packed.js'

/** The parts of `npm run check`. */
const CHECKS = { lint: 'the style is right', types: 'the types are right', generated: 'generated files are up to date' }

const skip = process.env['CHECKS'] === 'no' && 'skipped by CHECKS=no'

for (const [script, claim] of Object.entries(CHECKS)) {
  t.test(`${claim}: npm run ${script}`, { skip }, async t => {
    const { code, stdout, stderr } = await npm(PROJECT, ['run', script, '--silent'], 200_000)
      .then(output => ({ code: 0, ...output }), error => error)
    t.equal(code, 0, `${stdout}${stderr}`)
  })
}
