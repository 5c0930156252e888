/** Runs a script on a machine, as a program that was written for Azure. Prints the result. */
import { ComputeManagementClient } from '@azure/arm-compute'
import { DefaultAzureCredential } from '@azure/identity'

const client = new ComputeManagementClient(new DefaultAzureCredential(), process.env.AZURE_SUBSCRIPTION_ID)
const input = { commandId: 'RunShellScript', script: ['echo "hello $1"'], parameters: [{ name: 'who', value: 'Zoë' }] }
const result = await client.virtualMachines.beginRunCommandAndWait('rg', 'vm', input)
console.log(JSON.stringify(result.value))
