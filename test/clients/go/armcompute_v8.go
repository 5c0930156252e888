//go:build !v1 && !v5

package main

import "github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"

type (
	instanceViewStatus       = armcompute.InstanceViewStatus
	runCommandInput          = armcompute.RunCommandInput
	runCommandInputParameter = armcompute.RunCommandInputParameter
	runCommandResponse       = armcompute.VirtualMachinesClientRunCommandResponse
	virtualMachinesClient    = armcompute.VirtualMachinesClient
)

// The types of machines.go.
type (
	command                   = armcompute.VirtualMachineRunCommand
	commandGetOptions         = armcompute.VirtualMachineRunCommandsClientGetByVirtualMachineOptions
	commandPage               = armcompute.VirtualMachineRunCommandsClientListByVirtualMachineResponse
	commandProperties         = armcompute.VirtualMachineRunCommandProperties
	commandsClient            = armcompute.VirtualMachineRunCommandsClient
	commandUpdate             = armcompute.VirtualMachineRunCommandUpdate
	commandView               = armcompute.VirtualMachineRunCommandInstanceView
	instanceCommandGetOptions = armcompute.VirtualMachineScaleSetVMRunCommandsClientGetOptions
	instanceCommandPage       = armcompute.VirtualMachineScaleSetVMRunCommandsClientListResponse
	instanceCommandsClient    = armcompute.VirtualMachineScaleSetVMRunCommandsClient
	instanceGetOptions        = armcompute.VirtualMachineScaleSetVMsClientGetOptions
	instanceIDs               = armcompute.VirtualMachineScaleSetVMInstanceIDs
	instancePage              = armcompute.VirtualMachineScaleSetVMsClientListResponse
	instancesClient           = armcompute.VirtualMachineScaleSetVMsClient
	instanceViewTypes         = armcompute.InstanceViewTypes
	machine                   = armcompute.VirtualMachine
	machineAgent              = armcompute.VirtualMachineAgentInstanceView
	machineGetOptions         = armcompute.VirtualMachinesClientGetOptions
	machinePage               = armcompute.VirtualMachinesClientListResponse
	machinePowerOffOptions    = armcompute.VirtualMachinesClientBeginPowerOffOptions
	machineView               = armcompute.VirtualMachineInstanceView
	scaleSet                  = armcompute.VirtualMachineScaleSet
	scaleSetsClient           = armcompute.VirtualMachineScaleSetsClient
	scaleSetView              = armcompute.VirtualMachineScaleSetInstanceView
	scaleSetVM                = armcompute.VirtualMachineScaleSetVM
	scaleSetVMView            = armcompute.VirtualMachineScaleSetVMInstanceView
	setDeallocateOptions      = armcompute.VirtualMachineScaleSetsClientBeginDeallocateOptions
	setPage                   = armcompute.VirtualMachineScaleSetsClientListResponse
	setPowerOffOptions        = armcompute.VirtualMachineScaleSetsClientBeginPowerOffOptions
	setRestartOptions         = armcompute.VirtualMachineScaleSetsClientBeginRestartOptions
	setStartOptions           = armcompute.VirtualMachineScaleSetsClientBeginStartOptions
)

var (
	newVirtualMachinesClient  = armcompute.NewVirtualMachinesClient
	newScaleSetsClient        = armcompute.NewVirtualMachineScaleSetsClient
	newInstancesClient        = armcompute.NewVirtualMachineScaleSetVMsClient
	newCommandsClient         = armcompute.NewVirtualMachineRunCommandsClient
	newInstanceCommandsClient = armcompute.NewVirtualMachineScaleSetVMRunCommandsClient
	possibleLevels            = armcompute.PossibleStatusLevelTypesValues
	possibleStates            = armcompute.PossibleExecutionStateValues
)
