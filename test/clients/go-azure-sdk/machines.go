package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/go-azure-helpers/lang/pointer"
	"github.com/hashicorp/go-azure-helpers/resourcemanager/commonids"
	"github.com/hashicorp/go-azure-sdk/resource-manager/compute/2024-03-01/virtualmachines"
	"github.com/hashicorp/go-azure-sdk/resource-manager/network/2025-01-01/networkinterfaces"
	"github.com/hashicorp/go-azure-sdk/resource-manager/network/2025-01-01/publicipaddresses"
)

type machineData struct {
	Location         string   `json:"location"`
	PowerState       string   `json:"powerState"`
	PrivateAddresses []string `json:"privateAddresses"`
	PublicAddresses  []string `json:"publicAddresses"`
}

// read returns a machine with the addresses of its network interfaces.
func (c clients) read(ctx context.Context, id virtualmachines.VirtualMachineId) (any, error) {
	expand := virtualmachines.InstanceViewTypesInstanceView
	result, err := c.machines.Get(ctx, id, virtualmachines.GetOperationOptions{Expand: &expand})
	if err != nil {
		return nil, fmt.Errorf("making Read request on %s: %w", id, err)
	}
	properties := result.Model.Properties
	data := machineData{Location: result.Model.Location, PrivateAddresses: []string{}, PublicAddresses: []string{}}
	for _, status := range pointer.From(properties.InstanceView.Statuses) {
		data.PowerState = pointer.From(status.Code)
	}
	for _, each := range pointer.From(properties.NetworkProfile.NetworkInterfaces) {
		if err := c.readInterface(ctx, pointer.From(each.Id), &data); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (c clients) readInterface(ctx context.Context, text string, data *machineData) error {
	id, err := commonids.ParseNetworkInterfaceID(text)
	if err != nil {
		return err
	}
	result, err := c.networkInterfaces.Get(ctx, *id, networkinterfaces.DefaultGetOperationOptions())
	if err != nil {
		return fmt.Errorf("retrieving %s: %w", id, err)
	}
	for _, configuration := range pointer.From(result.Model.Properties.IPConfigurations) {
		data.PrivateAddresses = append(data.PrivateAddresses, pointer.From(configuration.Properties.PrivateIPAddress))
		public := configuration.Properties.PublicIPAddress
		if public == nil {
			continue
		}
		id, err := commonids.ParsePublicIPAddressID(pointer.From(public.Id))
		if err != nil {
			return err
		}
		result, err := c.publicAddresses.Get(ctx, *id, publicipaddresses.DefaultGetOperationOptions())
		if err != nil {
			return fmt.Errorf("retrieving %s: %w", id, err)
		}
		data.PublicAddresses = append(data.PublicAddresses, pointer.From(result.Model.Properties.IPAddress))
	}
	return nil
}

func (c clients) power(ctx context.Context, id virtualmachines.VirtualMachineId, action string) (any, error) {
	actions := map[string]func() error{
		"start":   func() error { return c.machines.StartThenPoll(ctx, id) },
		"restart": func() error { return c.machines.RestartThenPoll(ctx, id) },
		"deallocate": func() error {
			return c.machines.DeallocateThenPoll(ctx, id, virtualmachines.DefaultDeallocateOperationOptions())
		},
		"power-off": func() error {
			return c.machines.PowerOffThenPoll(ctx, id, virtualmachines.DefaultPowerOffOperationOptions())
		},
	}
	act, found := actions[action]
	if !found {
		return nil, fmt.Errorf("%q is no action", action)
	}
	if err := act(); err != nil {
		return nil, err
	}
	return map[string]string{"done": action}, nil
}
