import { closeSync, openSync, readSync } from 'node:fs'

/** The most bytes of a file to read, far more than any that people write. */
const MOST = 64 * 1024 * 1024

const PART = 64 * 1024

/**
 * Reads a file that the user names, which may be a pipe. Throws the system's error, and an EFBIG for a file that is too
 * large or a device that never ends, such as /dev/zero.
 */
export function readBounded (file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const parts: Buffer[] = []
    for (let size = 0, part = readPart(descriptor); part.length > 0; part = readPart(descriptor)) {
      size += part.length
      if (size > MOST) throw Object.assign(new Error(`${file} has more than ${MOST} bytes`), { code: 'EFBIG' })
      parts.push(part)
    }
    return Buffer.concat(parts)
  } finally {
    closeSync(descriptor)
  }
}

function readPart (descriptor: number): Buffer {
  const part = Buffer.allocUnsafe(PART)
  return part.subarray(0, readSync(descriptor, part))
}
