package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/go-azure-helpers/lang/pointer"
	"github.com/hashicorp/go-azure-helpers/lang/response"
	"github.com/hashicorp/go-azure-sdk/resource-manager/compute/2023-03-01/virtualmachineruncommands"
)

type runCommandID = virtualmachineruncommands.VirtualMachineRunCommandId

// create refuses an existing resource, which Terraform has to import. It sends every member, "" for those without a value.
func (c clients) create(ctx context.Context, id runCommandID, script string) (any, error) {
	existing, err := c.runCommands.GetByVirtualMachine(ctx, id,
		virtualmachineruncommands.DefaultGetByVirtualMachineOperationOptions())
	if err != nil && !response.WasNotFound(existing.HttpResponse) {
		return nil, fmt.Errorf("checking for the presence of an existing %s: %w", id, err)
	}
	if !response.WasNotFound(existing.HttpResponse) {
		return nil, errors.New("it needs to be imported")
	}
	none := &[]virtualmachineruncommands.RunCommandInputParameter{}
	err = c.put(ctx, id, virtualmachineruncommands.VirtualMachineRunCommand{
		Location: "westeurope",
		Tags:     &map[string]string{},
		Properties: &virtualmachineruncommands.VirtualMachineRunCommandProperties{
			ErrorBlobUri:  pointer.To(""),
			OutputBlobUri: pointer.To(""),
			Parameters: &[]virtualmachineruncommands.RunCommandInputParameter{
				{Name: "who", Value: "Ada"},
			},
			ProtectedParameters:             none,
			RunAsPassword:                   pointer.To(""),
			RunAsUser:                       pointer.To(""),
			Source:                          sourceOf(script),
			TimeoutInSeconds:                pointer.To(int64(timeout.Seconds())),
			TreatFailureAsDeploymentFailure: pointer.To(true),
			AsyncExecution:                  pointer.To(false),
		},
	})
	if err != nil {
		return nil, err
	}
	return c.expanded(ctx, id)
}

// replace sends the whole resource that it has read, including read-only members.
func (c clients) replace(ctx context.Context, id runCommandID, script string) (any, error) {
	model, err := c.expanded(ctx, id)
	if err != nil {
		return nil, err
	}
	model.Properties.Source = sourceOf(script)
	if err := c.put(ctx, id, *model); err != nil {
		return nil, err
	}
	return c.expanded(ctx, id)
}

func (c clients) update(ctx context.Context, id runCommandID, script string) (any, error) {
	err := c.runCommands.UpdateThenPoll(ctx, id, virtualmachineruncommands.VirtualMachineRunCommandUpdate{
		Properties: &virtualmachineruncommands.VirtualMachineRunCommandProperties{
			TreatFailureAsDeploymentFailure: pointer.To(true),
			AsyncExecution:                  pointer.To(false),
			TimeoutInSeconds:                pointer.To(int64(timeout.Seconds())),
			Source:                          sourceOf(script),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("updating %s: %w", id, err)
	}
	return c.expanded(ctx, id)
}

func (c clients) delete(ctx context.Context, id runCommandID) (any, error) {
	if err := c.runCommands.DeleteThenPoll(ctx, id); err != nil {
		return nil, fmt.Errorf("deleting %s: %w", id, err)
	}
	return map[string]bool{"deleted": true}, nil
}

func (c clients) put(
	ctx context.Context, id runCommandID, model virtualmachineruncommands.VirtualMachineRunCommand,
) error {
	result, err := c.runCommands.CreateOrUpdate(ctx, id, model)
	if err != nil {
		return fmt.Errorf("creating %s: %w", id, err)
	}
	if err := result.Poller.PollUntilDone(ctx); err != nil {
		return fmt.Errorf("running the command: %w", err)
	}
	return nil
}

func (c clients) expanded(
	ctx context.Context, id runCommandID,
) (*virtualmachineruncommands.VirtualMachineRunCommand, error) {
	result, err := c.runCommands.GetByVirtualMachine(ctx, id,
		virtualmachineruncommands.GetByVirtualMachineOperationOptions{Expand: pointer.To("instanceView")})
	if err != nil {
		return nil, fmt.Errorf("retrieving %s: %w", id, err)
	}
	return result.Model, nil
}

func sourceOf(script string) *virtualmachineruncommands.VirtualMachineRunCommandScriptSource {
	return &virtualmachineruncommands.VirtualMachineRunCommandScriptSource{Script: &script}
}
