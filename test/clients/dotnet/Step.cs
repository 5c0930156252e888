using System.Collections.Generic;
using System.Text.Json;
using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;

/// <summary>A step of ../machines/steps.ts, as the models of Azure.ResourceManager.Compute.</summary>
internal sealed record Step(JsonElement Members)
{
    public bool Has(string name) => Members.TryGetProperty(name, out _);

    public string? Text(string name) => TextIn(Members, name);

    public string Name => Text("name")!;

    public InstanceViewType? Expand => Has("expand") ? InstanceViewType.InstanceView : null;

    public bool? SkipShutdown => BooleanIn(Members, "skipShutdown");

    public VirtualMachineScaleSetVmInstanceIds? Ids
    {
        get
        {
            if (!Has("ids")) return null;
            VirtualMachineScaleSetVmInstanceIds ids = new();
            foreach (JsonElement id in Members.GetProperty("ids").EnumerateArray()) ids.InstanceIds.Add(id.GetString());
            return ids;
        }
    }

    public RunCommandInput Input()
    {
        RunCommandInput input = new(TextIn(Body, "commandId"));
        foreach (JsonElement line in Body.GetProperty("script").EnumerateArray()) input.Script.Add(line.GetString());
        return input;
    }

    public VirtualMachineRunCommandData Command()
    {
        VirtualMachineRunCommandData command = new(new AzureLocation(TextIn(Body, "location")!))
        {
            Source = Source(),
            TimeoutInSeconds = IntegerIn(Body, "timeoutInSeconds"),
            AsyncExecution = BooleanIn(Body, "asyncExecution"),
            TreatFailureAsDeploymentFailure = BooleanIn(Body, "treatFailureAsDeploymentFailure")
        };
        if (Body.TryGetProperty("tags", out JsonElement tags))
        {
            foreach (JsonProperty tag in tags.EnumerateObject()) command.Tags.Add(tag.Name, tag.Value.GetString());
        }
        AddParameters("parameters", command.Parameters);
        AddParameters("protectedParameters", command.ProtectedParameters);
        return command;
    }

    public VirtualMachineRunCommandUpdate Update() => new() { Source = Source() };

    private JsonElement Body => Members.GetProperty("body");

    private VirtualMachineRunCommandScriptSource Source() => new()
    {
        Script = TextIn(Body.GetProperty("source"), "script")
    };

    private void AddParameters(string name, IList<RunCommandInputParameter> parameters)
    {
        if (!Body.TryGetProperty(name, out JsonElement given)) return;
        foreach (JsonElement each in given.EnumerateArray())
        {
            parameters.Add(new RunCommandInputParameter(TextIn(each, "name"), TextIn(each, "value")));
        }
    }

    private static string? TextIn(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int? IntegerIn(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static bool? BooleanIn(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : null;
}
