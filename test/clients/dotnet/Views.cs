using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;

/// <summary>What a user sees of the models of Azure.ResourceManager.Compute.</summary>
internal static class Views
{
    /// <summary>The states that the release defines. The type accepts any other text, too.</summary>
    private static readonly HashSet<ExecutionState> States = typeof(ExecutionState)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Select(each => (ExecutionState)each.GetValue(null)!).ToHashSet();

    public static object Of(VirtualMachineData vm) => new
    {
        name = vm.Name,
        location = vm.Location.ToString(),
        provisioningState = vm.ProvisioningState,
        vmSize = vm.HardwareProfile.VmSize.ToString(),
        osType = vm.StorageProfile.OSDisk.OSType.ToString(),
        statuses = Codes(vm.InstanceView?.Statuses),
        changed = Changed(vm.InstanceView?.Statuses),
        agent = Agent(vm.InstanceView?.VmAgent)
    };

    public static object Of(VirtualMachineScaleSetVmData instance) => new
    {
        name = instance.Name,
        instanceId = instance.InstanceId,
        location = instance.Location.ToString(),
        provisioningState = instance.ProvisioningState,
        latestModelApplied = instance.LatestModelApplied,
        statuses = Codes(instance.InstanceView?.Statuses),
        changed = Changed(instance.InstanceView?.Statuses),
        agent = Agent(instance.InstanceView?.VmAgent)
    };

    public static object Of(VirtualMachineInstanceView view) => new
    {
        statuses = Codes(view.Statuses),
        changed = Changed(view.Statuses),
        agent = Agent(view.VmAgent)
    };

    public static object Of(VirtualMachineScaleSetVmInstanceView view) => new
    {
        statuses = Codes(view.Statuses),
        changed = Changed(view.Statuses),
        agent = Agent(view.VmAgent)
    };

    public static object Of(VirtualMachineScaleSetData set) => new
    {
        name = set.Name,
        location = set.Location.ToString(),
        provisioningState = set.ProvisioningState,
        capacity = set.Sku.Capacity,
        orchestrationMode = set.OrchestrationMode.ToString()
    };

    public static object Of(VirtualMachineScaleSetInstanceView view) => new
    {
        counts = view.VirtualMachineStatusesSummary.Select(each => $"{each.Count} {each.Code}"),
        statuses = Codes(view.Statuses)
    };

    public static object Messages(VirtualMachineRunCommandResult result) =>
        result.Value.Select(each => $"{each.Level} {each.Code}: {each.Message}");

    public static object Of(VirtualMachineRunCommandData command) => new
    {
        name = command.Name,
        location = command.Location.ToString(),
        tags = command.Tags.Count == 0 ? null : command.Tags,
        provisioningState = command.ProvisioningState,
        script = command.Source.Script,
        parameters = command.Parameters.Count == 0
            ? null
            : command.Parameters.Select(each => $"{each.Name}={each.Value}"),
        timeoutInSeconds = command.TimeoutInSeconds,
        asyncExecution = command.AsyncExecution,
        treatFailureAsDeploymentFailure = command.TreatFailureAsDeploymentFailure,
        executionState = command.InstanceView?.ExecutionState is { } state ? Known(state) : null,
        executionMessage = command.InstanceView?.ExecutionMessage,
        exitCode = command.InstanceView?.ExitCode,
        output = command.InstanceView?.Output,
        error = command.InstanceView?.Error,
        startTime = command.InstanceView?.StartOn?.ToUnixTimeMilliseconds(),
        endTime = command.InstanceView?.EndOn?.ToUnixTimeMilliseconds()
    };

    private static string Known(ExecutionState state) =>
        States.Contains(state) ? state.ToString() : $"unknown: {state}";

    private static IEnumerable<string>? Codes(IReadOnlyList<InstanceViewStatus>? statuses) =>
        statuses?.Select(each => $"{each.Level} {each.Code}");

    private static long? Changed(IReadOnlyList<InstanceViewStatus>? statuses) =>
        statuses?[0].Time?.ToUnixTimeMilliseconds();

    private static string? Agent(VirtualMachineAgentInstanceView? agent) => agent?.Statuses[0].DisplayStatus;
}
