import { ComputeManagementClient } from '@azure/arm-compute'
import * as identity from '@azure/identity'
import { main } from '../js/program.js'

await main(ComputeManagementClient, identity)
