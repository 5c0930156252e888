import t from 'tap'
import { npm, PROJECT } from '../harness/packed.js'

/** Those of `npm run check`. */
const CHECKS = { lint: 'the style is kept', types: 'the types fit', generated: 'what is generated is up to date' }

const skip = process.env['CHECKS'] === 'no' && 'left out by CHECKS=no'

for (const [script, says] of Object.entries(CHECKS)) {
  t.test(`${says}: npm run ${script}`, { skip }, async t => {
    const { code, stdout, stderr } = await npm(PROJECT, ['run', script, '--silent'], 200_000)
      .then(output => ({ code: 0, ...output }), error => error)
    t.equal(code, 0, `${stdout}${stderr}`)
  })
}
