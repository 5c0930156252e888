import { join } from 'node:path'
import t from 'tap'
import { refusePipeOrDevice } from '../../src/files/pipe-or-device.js'

t.test('a file may take the place of a file or of nothing', async t => {
  const dir = t.testdir({ file: '' })
  for (const path of [join(dir, 'file'), join(dir, 'new'), join(dir, 'none', 'new')]) refusePipeOrDevice(path)
})

t.test('a file may not take the place of /dev/null, /dev/stdout and the like',
  { skip: process.platform === 'win32' && 'there is no /dev' }, async t => {
    for (const path of ['/dev/null', '/dev/stdout', '/dev/missing']) {
      t.throws(() => refusePipeOrDevice(path), { code: 'ENXIO' }, path)
    }
  })
