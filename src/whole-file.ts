import { renameSync, rmSync, writeFileSync, type WriteFileOptions } from 'node:fs'

/** Writes a file so that whoever reads it meanwhile gets what was there before, or all of this. */
export function writeWhole (file: string, content: string | Buffer, options?: WriteFileOptions): void {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, content, options)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
