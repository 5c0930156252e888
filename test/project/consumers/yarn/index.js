import { startEmulator } from 'azrun'

const emulator = await startEmulator({ dataDir: 'data' })
const { status } = await (await fetch(`${emulator.httpUrl}/_emulator/health`)).json()
await emulator.close()
console.log(status)
