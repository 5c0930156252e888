//go:build v5

package main

import "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v5"

type (
	instanceViewStatus       = armcompute.InstanceViewStatus
	runCommandInput          = armcompute.RunCommandInput
	runCommandInputParameter = armcompute.RunCommandInputParameter
	runCommandResponse       = armcompute.VirtualMachinesClientRunCommandResponse
	virtualMachinesClient    = armcompute.VirtualMachinesClient
)

var newVirtualMachinesClient = armcompute.NewVirtualMachinesClient
