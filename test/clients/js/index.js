import { ComputeManagementClient } from '@azure/arm-compute'
import * as identity from '@azure/identity'
import { main } from './program.js'

await main(ComputeManagementClient, identity)
