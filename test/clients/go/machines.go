package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
)

// step is a step of ../machines/steps.ts, and object is what a user sees of it.
type (
	step struct {
		Call, VM, Set, Instance, Name string
		IDs                           []*string
		Expand                        *string
		SkipShutdown                  *bool
		Body                          json.RawMessage
	}
	object = map[string]any
	calls  map[string]func(step) (any, error)
)

var ctx = context.Background()

// takeSteps runs the steps of a file with armcompute, and returns what a user sees of each.
func takeSteps(file string) ([]object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var steps []step
	if err := json.Unmarshal(text, &steps); err != nil {
		return nil, err
	}
	credential, err := newCredential(arguments{}, azcore.ClientOptions{})
	if err != nil {
		return nil, err
	}
	subscription := os.Getenv("AZURE_SUBSCRIPTION_ID")
	known := calls{}
	known.ofMachines(newOf(newVirtualMachinesClient, subscription, credential))
	known.ofSets(newOf(newScaleSetsClient, subscription, credential))
	known.ofInstances(newOf(newInstancesClient, subscription, credential))
	known.ofCommands(newOf(newCommandsClient, subscription, credential))
	known.ofInstanceCommands(newOf(newInstanceCommandsClient, subscription, credential))
	seen := []object{}
	for _, each := range steps {
		name := each.Call
		if each.VM == "" {
			name = strings.Replace(name, "command.", "instanceCommand.", 1)
		}
		seen = append(seen, resultOf(known[name](each)))
	}
	return seen, nil
}

// newOf creates a client. It fails only for wrong options.
func newOf[C any](
	create func(string, azcore.TokenCredential, *arm.ClientOptions) (C, error), subscription string, credential azcore.TokenCredential,
) C {
	client, err := create(subscription, credential, nil)
	if err != nil {
		panic(err)
	}
	return client
}

func resultOf(value any, err error) object {
	if err == nil {
		return object{"value": value}
	}
	var answered *azcore.ResponseError
	if !errors.As(err, &answered) {
		return object{"error": object{"type": fmt.Sprintf("%T", err), "message": err.Error()}}
	}
	return object{"error": object{
		"type": "ResponseError", "code": answered.ErrorCode, "status": answered.StatusCode, "message": err.Error(),
	}}
}

func (c calls) ofMachines(client *virtualMachinesClient) {
	c["vm.get"] = func(s step) (any, error) {
		vm, err := client.Get(ctx, "rg", s.VM, &machineGetOptions{Expand: (*instanceViewTypes)(s.Expand)})
		return seen(&vm.VirtualMachine, err, toMachine)
	}
	c["vm.list"] = func(step) (any, error) {
		return listed(client.NewListPager("rg", nil), func(page machinePage) []object { return each(page.Value, toMachine) })
	}
	c["vm.instanceView"] = func(s step) (any, error) {
		view, err := client.InstanceView(ctx, "rg", s.VM, nil)
		return seen(&view.VirtualMachineInstanceView, err, toView)
	}
	c["vm.powerOff"] = func(s step) (any, error) {
		return acted(client.BeginPowerOff(ctx, "rg", s.VM, &machinePowerOffOptions{SkipShutdown: s.SkipShutdown}))
	}
	c["vm.start"] = func(s step) (any, error) { return acted(client.BeginStart(ctx, "rg", s.VM, nil)) }
	c["vm.restart"] = func(s step) (any, error) { return acted(client.BeginRestart(ctx, "rg", s.VM, nil)) }
	c["vm.redeploy"] = func(s step) (any, error) { return acted(client.BeginRedeploy(ctx, "rg", s.VM, nil)) }
	c["vm.deallocate"] = func(s step) (any, error) { return acted(client.BeginDeallocate(ctx, "rg", s.VM, nil)) }
	c["vm.run"] = func(s step) (any, error) {
		result, err := done(client.BeginRunCommand(ctx, "rg", s.VM, parsed[runCommandInput](s.Body), nil))
		return each(result.Value, toMessage), err
	}
}

func (c calls) ofSets(client *scaleSetsClient) {
	c["set.get"] = func(s step) (any, error) {
		set, err := client.Get(ctx, "rg", s.Set, nil)
		return seen(&set.VirtualMachineScaleSet, err, toSet)
	}
	c["set.list"] = func(step) (any, error) {
		return listed(client.NewListPager("rg", nil), func(page setPage) []object { return each(page.Value, toSet) })
	}
	c["set.instanceView"] = func(s step) (any, error) {
		view, err := client.GetInstanceView(ctx, "rg", s.Set, nil)
		return seen(&view.VirtualMachineScaleSetInstanceView, err, toSummary)
	}
	c["set.start"] = func(s step) (any, error) {
		return acted(client.BeginStart(ctx, "rg", s.Set, &setStartOptions{VMInstanceIDs: idsOf(s)}))
	}
	c["set.powerOff"] = func(s step) (any, error) {
		return acted(client.BeginPowerOff(ctx, "rg", s.Set, &setPowerOffOptions{VMInstanceIDs: idsOf(s)}))
	}
	c["set.restart"] = func(s step) (any, error) {
		return acted(client.BeginRestart(ctx, "rg", s.Set, &setRestartOptions{VMInstanceIDs: idsOf(s)}))
	}
	c["set.deallocate"] = func(s step) (any, error) {
		return acted(client.BeginDeallocate(ctx, "rg", s.Set, &setDeallocateOptions{VMInstanceIDs: idsOf(s)}))
	}
}

func (c calls) ofInstances(client *instancesClient) {
	c["instance.get"] = func(s step) (any, error) {
		options := &instanceGetOptions{Expand: (*instanceViewTypes)(s.Expand)}
		instance, err := client.Get(ctx, "rg", s.Set, s.Instance, options)
		return seen(&instance.VirtualMachineScaleSetVM, err, toInstance)
	}
	c["instance.list"] = func(s step) (any, error) {
		return listed(client.NewListPager("rg", s.Set, nil), func(page instancePage) []object { return each(page.Value, toInstance) })
	}
	c["instance.instanceView"] = func(s step) (any, error) {
		view, err := client.GetInstanceView(ctx, "rg", s.Set, s.Instance, nil)
		return seen(&view.VirtualMachineScaleSetVMInstanceView, err, toViewOfInstance)
	}
	c["instance.start"] = func(s step) (any, error) { return acted(client.BeginStart(ctx, "rg", s.Set, s.Instance, nil)) }
	c["instance.powerOff"] = func(s step) (any, error) { return acted(client.BeginPowerOff(ctx, "rg", s.Set, s.Instance, nil)) }
	c["instance.restart"] = func(s step) (any, error) { return acted(client.BeginRestart(ctx, "rg", s.Set, s.Instance, nil)) }
	c["instance.redeploy"] = func(s step) (any, error) { return acted(client.BeginRedeploy(ctx, "rg", s.Set, s.Instance, nil)) }
	c["instance.deallocate"] = func(s step) (any, error) {
		return acted(client.BeginDeallocate(ctx, "rg", s.Set, s.Instance, nil))
	}
	c["instance.run"] = func(s step) (any, error) {
		result, err := done(client.BeginRunCommand(ctx, "rg", s.Set, s.Instance, parsed[runCommandInput](s.Body), nil))
		return each(result.Value, toMessage), err
	}
}

func (c calls) ofCommands(client *commandsClient) {
	c["command.create"] = func(s step) (any, error) {
		made, err := done(client.BeginCreateOrUpdate(ctx, "rg", s.VM, s.Name, parsed[command](wireBody(s.Body)), nil))
		return seen(&made.VirtualMachineRunCommand, err, toCommand)
	}
	c["command.update"] = func(s step) (any, error) {
		changed, err := done(client.BeginUpdate(ctx, "rg", s.VM, s.Name, parsed[commandUpdate](wireBody(s.Body)), nil))
		return seen(&changed.VirtualMachineRunCommand, err, toCommand)
	}
	c["command.get"] = func(s step) (any, error) {
		found, err := client.GetByVirtualMachine(ctx, "rg", s.VM, s.Name, &commandGetOptions{Expand: s.Expand})
		return seen(&found.VirtualMachineRunCommand, err, toCommand)
	}
	c["command.ended"] = ended(c["command.get"])
	c["command.list"] = func(s step) (any, error) {
		pager := client.NewListByVirtualMachinePager("rg", s.VM, nil)
		return listed(pager, func(page commandPage) []object { return each(page.Value, toCommand) })
	}
	c["command.delete"] = func(s step) (any, error) { return acted(client.BeginDelete(ctx, "rg", s.VM, s.Name, nil)) }
}

func (c calls) ofInstanceCommands(client *instanceCommandsClient) {
	c["instanceCommand.create"] = func(s step) (any, error) {
		made, err := done(client.BeginCreateOrUpdate(ctx, "rg", s.Set, s.Instance, s.Name, parsed[command](wireBody(s.Body)), nil))
		return seen(&made.VirtualMachineRunCommand, err, toCommand)
	}
	c["instanceCommand.update"] = func(s step) (any, error) {
		changed, err := done(client.BeginUpdate(ctx, "rg", s.Set, s.Instance, s.Name, parsed[commandUpdate](wireBody(s.Body)), nil))
		return seen(&changed.VirtualMachineRunCommand, err, toCommand)
	}
	c["instanceCommand.get"] = func(s step) (any, error) {
		found, err := client.Get(ctx, "rg", s.Set, s.Instance, s.Name, &instanceCommandGetOptions{Expand: s.Expand})
		return seen(&found.VirtualMachineRunCommand, err, toCommand)
	}
	c["instanceCommand.ended"] = ended(c["instanceCommand.get"])
	c["instanceCommand.list"] = func(s step) (any, error) {
		pager := client.NewListPager("rg", s.Set, s.Instance, nil)
		return listed(pager, func(page instanceCommandPage) []object { return each(page.Value, toCommand) })
	}
	c["instanceCommand.delete"] = func(s step) (any, error) {
		return acted(client.BeginDelete(ctx, "rg", s.Set, s.Instance, s.Name, nil))
	}
}

// ended waits until an asynchronous command has ended, and returns it.
func ended(get func(step) (any, error)) func(step) (any, error) {
	return func(s step) (any, error) {
		for {
			found, err := get(s)
			if err != nil || found.(object)["executionState"] != "Running" {
				return found, err
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func idsOf(s step) *instanceIDs {
	if s.IDs == nil {
		return nil
	}
	return &instanceIDs{InstanceIDs: s.IDs}
}

// wireBody moves the members that are specific to the resource type to properties.
func wireBody(body json.RawMessage) json.RawMessage {
	given, wire := parsed[object](body), object{}
	for _, name := range []string{"location", "tags"} {
		if value, has := given[name]; has {
			wire[name] = value
			delete(given, name)
		}
	}
	wire["properties"] = given
	text, err := json.Marshal(wire)
	if err != nil {
		panic(err)
	}
	return text
}

func parsed[T any](body json.RawMessage) (value T) {
	if err := json.Unmarshal(body, &value); err != nil {
		panic(err)
	}
	return value
}

func done[T any](poller *runtime.Poller[T], err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return poller.PollUntilDone(ctx, nil)
}

func acted[T any](poller *runtime.Poller[T], err error) (any, error) {
	_, err = done(poller, err)
	return nil, err
}

func seen[T any](value *T, err error, view func(*T) object) (any, error) {
	if err != nil {
		return nil, err
	}
	return view(value), nil
}

func listed[P any](pager *runtime.Pager[P], items func(P) []object) (any, error) {
	all := []object{}
	for pager.More() {
		page, err := pager.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, items(page)...)
	}
	return all, nil
}

func each[T, V any](items []*T, view func(*T) V) []V {
	views := []V{}
	for _, item := range items {
		views = append(views, view(item))
	}
	return views
}
