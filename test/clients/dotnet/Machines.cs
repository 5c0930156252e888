using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Azure;
using Azure.Core;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using static Azure.WaitUntil;

/// <summary>
/// Runs the steps of ../machines/steps.ts with Azure.ResourceManager.Compute, and prints what a user sees of each as
/// one line of JSON: machines FILE
/// </summary>
internal sealed class Machines
{
    private readonly ArmClient client;
    private readonly ResourceGroupResource group;

    private Machines(ArmClient client)
    {
        this.client = client;
        group = client.GetResourceGroupResource(
            ResourceGroupResource.CreateResourceIdentifier(Connection.Subscription, "rg"));
    }

    public static int Run(string file)
    {
        Machines program = new(Connection.ToCloud(Connection.Secret()));
        JsonElement steps = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
        List<object> seen = steps.EnumerateArray().Select(step => program.Take(new Step(step))).ToList();
        Console.WriteLine(JsonSerializer.Serialize(seen));
        return 0;
    }

    private object Take(Step step)
    {
        try
        {
            object? value = Call(step);
            // A list is lazy: the SDK fetches it when it is read.
            return new { value = value is IEnumerable<object> list ? list.ToList() : value };
        }
        catch (RequestFailedException error)
        {
            string type = error.GetType().Name;
            return new { error = new { type, code = error.ErrorCode, status = error.Status, message = error.Message } };
        }
    }

    private object? Call(Step step)
    {
        string[] call = step.Text("call")!.Split('.');
        return call[0] switch
        {
            "vm" => OnMachine(call[1], step),
            "set" => OnSet(call[1], step),
            "instance" => OnInstance(call[1], step),
            _ => step.Has("vm") ? OnCommand(call[1], step) : OnInstanceCommand(call[1], step)
        };
    }

    private object? OnMachine(string action, Step step)
    {
        if (action == "list") return group.GetVirtualMachines().GetAll().Select(each => Views.Of(each.Data));
        VirtualMachineResource vm = Machine(step);
        return action switch
        {
            "get" => Views.Of(vm.Get(step.Expand).Value.Data),
            "instanceView" => Views.Of(vm.InstanceView().Value),
            "start" => Done(vm.PowerOn(Completed)),
            "powerOff" => Done(vm.PowerOff(Completed, step.SkipShutdown)),
            "restart" => Done(vm.Restart(Completed)),
            "redeploy" => Done(vm.Redeploy(Completed)),
            "deallocate" => Done(vm.Deallocate(Completed)),
            _ => Views.Messages(vm.RunCommand(Completed, step.Input()).Value)
        };
    }

    private object? OnSet(string action, Step step)
    {
        if (action == "list") return group.GetVirtualMachineScaleSets().GetAll().Select(each => Views.Of(each.Data));
        VirtualMachineScaleSetResource set = ScaleSet(step);
        return action switch
        {
            "get" => Views.Of(set.Get().Value.Data),
            "instanceView" => Views.Of(set.GetInstanceView().Value),
            "start" => Done(set.PowerOn(Completed, step.Ids)),
            "powerOff" => Done(set.PowerOff(Completed, step.Ids)),
            "restart" => Done(set.Restart(Completed, step.Ids)),
            _ => Done(set.Deallocate(Completed, step.Ids))
        };
    }

    private object? OnInstance(string action, Step step)
    {
        if (action == "list")
        {
            return ScaleSet(step).GetVirtualMachineScaleSetVms().GetAll().Select(each => Views.Of(each.Data));
        }
        VirtualMachineScaleSetVmResource instance = Instance(step);
        return action switch
        {
            "get" => Views.Of(instance.Get(step.Expand).Value.Data),
            "instanceView" => Views.Of(instance.GetInstanceView().Value),
            "start" => Done(instance.PowerOn(Completed)),
            "powerOff" => Done(instance.PowerOff(Completed)),
            "restart" => Done(instance.Restart(Completed)),
            "redeploy" => Done(instance.Redeploy(Completed)),
            "deallocate" => Done(instance.Deallocate(Completed)),
            _ => Views.Messages(instance.RunCommand(Completed, step.Input()).Value)
        };
    }

    private object? OnCommand(string action, Step step)
    {
        VirtualMachineRunCommandCollection commands = Machine(step).GetVirtualMachineRunCommands();
        return action switch
        {
            "create" => Views.Of(commands.CreateOrUpdate(Completed, step.Name, step.Command()).Value.Data),
            "update" => Views.Of(Command(step).Update(Completed, step.Update()).Value.Data),
            "list" => commands.GetAll().Select(each => Views.Of(each.Data)),
            "delete" => Done(Command(step).Delete(Completed)),
            _ => Ended(action, () => commands.Get(step.Name, step.Text("expand")).Value.Data)
        };
    }

    private object? OnInstanceCommand(string action, Step step)
    {
        VirtualMachineScaleSetVmRunCommandCollection commands = Instance(step).GetVirtualMachineScaleSetVmRunCommands();
        return action switch
        {
            "create" => Views.Of(commands.CreateOrUpdate(Completed, step.Name, step.Command()).Value.Data),
            "update" => Views.Of(InstanceCommand(step).Update(Completed, step.Update()).Value.Data),
            "list" => commands.GetAll().Select(each => Views.Of(each.Data)),
            "delete" => Done(InstanceCommand(step).Delete(Completed)),
            _ => Ended(action, () => commands.Get(step.Name, step.Text("expand")).Value.Data)
        };
    }

    private VirtualMachineResource Machine(Step step) =>
        client.GetVirtualMachineResource(Id("virtualMachines", step.Text("vm")!));

    private VirtualMachineScaleSetResource ScaleSet(Step step) =>
        client.GetVirtualMachineScaleSetResource(Id("virtualMachineScaleSets", step.Text("set")!));

    private VirtualMachineScaleSetVmResource Instance(Step step) => client.GetVirtualMachineScaleSetVmResource(
        ScaleSet(step).Id.AppendChildResource("virtualMachines", step.Text("instance")!));

    private VirtualMachineRunCommandResource Command(Step step) => client.GetVirtualMachineRunCommandResource(
        Machine(step).Id.AppendChildResource("runCommands", step.Name));

    private VirtualMachineScaleSetVmRunCommandResource InstanceCommand(Step step) =>
        client.GetVirtualMachineScaleSetVmRunCommandResource(
            Instance(step).Id.AppendChildResource("runCommands", step.Name));

    private ResourceIdentifier Id(string type, string name) =>
        group.Id.AppendProviderResource("Microsoft.Compute", type, name);

    private static object? Done(ArmOperation operation) => null;

    /// <summary>Returns the command. The action `ended` waits until an asynchronous one has ended.</summary>
    private static object Ended(string action, Func<VirtualMachineRunCommandData> get)
    {
        VirtualMachineRunCommandData command = get();
        while (action == "ended" && command.InstanceView.ExecutionState == ExecutionState.Running)
        {
            Thread.Sleep(10);
            command = get();
        }
        return Views.Of(command);
    }
}
