package main

import (
	"context"
	"os"

	"github.com/hashicorp/go-azure-sdk/resource-manager/compute/2023-03-01/virtualmachineruncommands"
	"github.com/hashicorp/go-azure-sdk/resource-manager/compute/2024-03-01/virtualmachines"
	"github.com/hashicorp/go-azure-sdk/resource-manager/network/2025-01-01/networkinterfaces"
	"github.com/hashicorp/go-azure-sdk/resource-manager/network/2025-01-01/publicipaddresses"
	"github.com/hashicorp/go-azure-sdk/sdk/client/resourcemanager"
	"github.com/hashicorp/go-azure-sdk/sdk/environments"
)

type clients struct {
	subscription      string
	machines          *virtualmachines.VirtualMachinesClient
	runCommands       *virtualmachineruncommands.VirtualMachineRunCommandsClient
	networkInterfaces *networkinterfaces.NetworkInterfacesClient
	publicAddresses   *publicipaddresses.PublicIPAddressesClient
}

func newClients(ctx context.Context) (*clients, error) {
	cloud := environments.AzurePublic()
	authorizer, err := authorizer(ctx, cloud)
	if err != nil {
		return nil, err
	}
	made := clients{subscription: os.Getenv("AZURE_SUBSCRIPTION_ID")}
	if made.machines, err = virtualmachines.NewVirtualMachinesClientWithBaseURI(cloud.ResourceManager); err != nil {
		return nil, err
	}
	made.runCommands, err = virtualmachineruncommands.NewVirtualMachineRunCommandsClientWithBaseURI(cloud.ResourceManager)
	if err != nil {
		return nil, err
	}
	made.networkInterfaces, err = networkinterfaces.NewNetworkInterfacesClientWithBaseURI(cloud.ResourceManager)
	if err != nil {
		return nil, err
	}
	made.publicAddresses, err = publicipaddresses.NewPublicIPAddressesClientWithBaseURI(cloud.ResourceManager)
	if err != nil {
		return nil, err
	}
	for _, each := range []*resourcemanager.Client{
		made.machines.Client, made.runCommands.Client, made.networkInterfaces.Client, made.publicAddresses.Client,
	} {
		each.SetAuthorizer(authorizer)
	}
	return &made, nil
}

func (c clients) machine(name string) virtualmachines.VirtualMachineId {
	return virtualmachines.NewVirtualMachineID(c.subscription, group, name)
}

func (c clients) runCommand(machine, name string) virtualmachineruncommands.VirtualMachineRunCommandId {
	return virtualmachineruncommands.NewVirtualMachineRunCommandID(c.subscription, group, machine, name)
}
