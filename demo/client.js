/** The official client as its users call it; all that is azrun's here is the endpoint. */
import { ComputeManagementClient } from '@azure/arm-compute'
import { heading, legend, showError, showResult, wirePolicy } from './wire.js'

const [endpoint] = process.argv.slice(2)
const subscriptionId = '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e'
const credential = { getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }) }

const client = new ComputeManagementClient(credential, subscriptionId, {
  endpoint,
  additionalPolicies: [{ policy: wirePolicy, position: 'perRetry' }]
})

const steps = [
  {
    title: 'A script with parameters: each is a variable and an argument',
    command: {
      commandId: 'RunShellScript',
      script: ['echo "Hello, $name: $# parameters, the second is $2"'],
      parameters: [{ name: 'name', value: "Ada O'Hara" }, { name: 'city', value: 'London' }]
    },
    expected: "[stdout]\nHello, Ada O'Hara: 2 parameters, the second is London\n"
  },
  {
    title: 'Several lines of output',
    command: { commandId: 'RunShellScript', script: ['for n in 1 2 3; do', '  echo "line $n"', 'done'] },
    expected: '[stdout]\nline 1\nline 2\nline 3\n'
  },
  {
    title: 'A script that fails: to Azure that is a result too, without the exit code',
    command: { commandId: 'RunShellScript', script: ['echo "no space left" >&2', 'exit 3'] },
    expected: '[stderr]\nno space left\n'
  },
  {
    title: 'An error: there is no such command',
    command: { commandId: 'RunNothing' },
    expected: 'The entity was not found in this Azure location.'
  }
]

try {
  legend()
  for (const [index, { title, command, expected }] of steps.entries()) {
    heading(`${index + 1}. ${title}`)
    const text = await runCommand(command)
    if (!text.includes(expected)) throw new Error(`step ${index + 1} should have returned ${JSON.stringify(expected)}`)
  }
} catch (error) {
  console.error(`client: ${error.message}`)
  process.exitCode = 1
}

async function runCommand (command) {
  const start = performance.now()
  try {
    const result = await client.virtualMachines.beginRunCommandAndWait('demo', 'vm1', command)
    showResult(result, performance.now() - start)
    return result.value[0].message
  } catch (error) {
    if (error.statusCode === undefined) throw error
    showError(error, performance.now() - start)
    return error.message
  }
}
