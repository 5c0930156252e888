import { startEmulator, UsageError, type RunningEmulator } from 'azrun'

async function main (): Promise<string> {
  const emulator: RunningEmulator = await startEmulator({ dataDir: 'data' }).catch((error: unknown) => {
    throw error instanceof UsageError ? new Error(error.message) : error
  })
  const { status } = await (await fetch(`${emulator.httpUrl}/_emulator/health`)).json() as { status: string }
  await emulator.close()
  return status
}

main().then(console.log)
