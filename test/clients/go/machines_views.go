package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// What a user sees of the models of armcompute. A nil pointer becomes null.

func toMachine(vm *machine) object {
	properties := vm.Properties
	return with(toView(properties.InstanceView), object{
		"name":              vm.Name,
		"location":          vm.Location,
		"provisioningState": properties.ProvisioningState,
		"vmSize":            properties.HardwareProfile.VMSize,
		"osType":            properties.StorageProfile.OSDisk.OSType,
	})
}

func toInstance(instance *scaleSetVM) object {
	properties := instance.Properties
	return with(toViewOfInstance(properties.InstanceView), object{
		"name":               instance.Name,
		"instanceId":         instance.InstanceID,
		"location":           instance.Location,
		"provisioningState":  properties.ProvisioningState,
		"latestModelApplied": properties.LatestModelApplied,
	})
}

func toView(view *machineView) object {
	if view == nil {
		return object{}
	}
	return viewOf(view.Statuses, view.VMAgent)
}

func toViewOfInstance(view *scaleSetVMView) object {
	if view == nil {
		return object{}
	}
	return viewOf(view.Statuses, view.VMAgent)
}

func viewOf(statuses []*instanceViewStatus, agent *machineAgent) object {
	view := object{"statuses": each(statuses, toCode), "changed": toMilliseconds(statuses[0].Time)}
	if agent != nil {
		view["agent"] = agent.Statuses[0].DisplayStatus
	}
	return view
}

func toSet(set *scaleSet) object {
	return object{
		"name":              set.Name,
		"location":          set.Location,
		"provisioningState": set.Properties.ProvisioningState,
		"capacity":          set.SKU.Capacity,
		"orchestrationMode": set.Properties.OrchestrationMode,
	}
}

func toSummary(view *scaleSetView) object {
	counts := []string{}
	for _, each := range view.VirtualMachine.StatusesSummary {
		counts = append(counts, fmt.Sprintf("%d %s", *each.Count, *each.Code))
	}
	return object{"counts": counts, "statuses": each(view.Statuses, toCode)}
}

func toCode(status *instanceViewStatus) string {
	if !slices.Contains(possibleLevels(), *status.Level) {
		return fmt.Sprintf("unknown: %s", *status.Level)
	}
	return fmt.Sprintf("%s %s", *status.Level, *status.Code)
}

func toMessage(status *instanceViewStatus) string {
	return fmt.Sprintf("%s: %s", toCode(status), *status.Message)
}

func toCommand(c *command) object {
	properties := c.Properties
	seen := object{
		"name":              c.Name,
		"location":          c.Location,
		"tags":              c.Tags,
		"provisioningState": properties.ProvisioningState,
		"script":            properties.Source.Script,
		"timeoutInSeconds":  properties.TimeoutInSeconds,
		"asyncExecution":    properties.AsyncExecution,
	}
	if counts := treatsFailure(properties); counts != nil {
		seen["treatFailureAsDeploymentFailure"] = counts
	}
	if properties.Parameters != nil {
		seen["parameters"] = each(properties.Parameters, func(each *runCommandInputParameter) string {
			return *each.Name + "=" + *each.Value
		})
	}
	if view := properties.InstanceView; view != nil {
		return with(seen, toExecution(view))
	}
	return seen
}

func toExecution(view *commandView) object {
	state := string(*view.ExecutionState)
	if !slices.Contains(possibleStates(), *view.ExecutionState) {
		state = "unknown: " + state
	}
	return object{
		"executionState":   state,
		"executionMessage": view.ExecutionMessage,
		"exitCode":         view.ExitCode,
		"output":           view.Output,
		"error":            view.Error,
		"startTime":        toMilliseconds(view.StartTime),
		"endTime":          toMilliseconds(view.EndTime),
	}
}

// treatsFailure returns a member that the oldest release lacks.
func treatsFailure(properties *commandProperties) any {
	text, err := json.Marshal(properties)
	if err != nil {
		panic(err)
	}
	return parsed[object](text)["treatFailureAsDeploymentFailure"]
}

func toMilliseconds(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UnixMilli()
}

func with(one, other object) object {
	for name, value := range other {
		one[name] = value
	}
	return one
}
