import { AppendBlob } from './append-blob.js'
import { downloadScript } from './download-script.js'

/** Transfers of scripts and of their output, which reach only these hosts. The list has the form of `--allow-host`. */
export function createTransfers (allowedHosts: readonly string[]) {
  return {
    download: async (uri: string, signal: AbortSignal) => await downloadScript(uri, { allowedHosts, signal }),
    async createAppendBlob (uri: string, signal: AbortSignal) {
      const blob = await AppendBlob.create(uri, { allowedHosts, signal })
      return { write: async (bytes: Buffer) => await blob.append(bytes) }
    }
  }
}
