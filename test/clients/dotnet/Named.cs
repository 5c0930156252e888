using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;

/// <summary>
/// Runs named scenarios with Azure.ResourceManager.Compute, and prints what a user sees as one line of JSON for each:
/// --timeout SECONDS --explicit URL NAME...
///
/// Each run is on the machine with the name of its scenario, all at the same time. Runs that last longer than the
/// timeout are abandoned. `--login URL NAME` is for a scenario that affects Azure.Identity.
/// </summary>
internal sealed class Named
{
    private readonly string url;

    private Named(string url)
    {
        this.url = url;
    }

    public static int Run(string[] args)
    {
        if (args[0] == "--login")
        {
            Print(Seen(() => new Named(args[1]).LogIn(args[2])).Result);
            return 0;
        }
        TimeSpan timeout = TimeSpan.FromSeconds(double.Parse(args[1]));
        Named program = new(args[3]);
        ClientSecretCredential credential = Connection.SecretAt(program.url);
        ArmClient client = Connection.To(program.url, credential);
        var runs = args.Skip(4).Select(name => (name, seen: Seen(() => program.Act(client, credential, name))))
            .ToList();
        Task.WaitAll(runs.Select(run => (Task)run.seen).ToArray(), timeout);
        foreach ((string name, Task<Dictionary<string, object?>> seen) in runs)
        {
            Dictionary<string, object?> row = seen.IsCompleted
                ? seen.Result
                : new() { ["error"] = $"still waits after {timeout.TotalSeconds} s" };
            row["name"] = name;
            Print(row);
        }
        return 0;
    }

    private async Task<string> LogIn(string name)
    {
        TokenCredential credential = name == "identity-not-ready"
            ? new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned)
            : Connection.SecretAt(url);
        if (name == "token-expires-while-polling") return await Act(Connection.To(url, credential), credential, name);
        TokenRequestContext context = new(new[] { "https://management.azure.com/.default" });
        await credential.GetTokenAsync(context, default);
        return "a token";
    }

    private async Task<string> Act(ArmClient client, TokenCredential credential, string name)
    {
        if (name == "list-lags") return await List(client);
        if (name == "stalls") client = Impatient(credential);
        RunCommandInput input = new(name == "windows-error-stream" ? "RunPowerShellScript" : "RunShellScript");
        input.Script.Add("echo hi");
        VirtualMachineResource machine = client.GetVirtualMachineResource(
            VirtualMachineResource.CreateResourceIdentifier(Connection.Subscription, "rg", name));
        IReadOnlyList<InstanceViewStatus> statuses =
            (await machine.RunCommandAsync(WaitUntil.Completed, input)).Value.Value;
        return statuses.Count == 0 ? "an empty result" : Cut(string.Join(" | ", statuses.Select(each => each.Message)));
    }

    private static async Task<string> List(ArmClient client)
    {
        ResourceGroupResource group = client.GetResourceGroupResource(
            ResourceGroupResource.CreateResourceIdentifier(Connection.Subscription, "rg"));
        List<string> names = new();
        await foreach (VirtualMachineResource machine in group.GetVirtualMachines()) names.Add(machine.Data.Name);
        return JsonSerializer.Serialize(names);
    }

    /// <summary>A client that waits 2 s for a response, instead of 100.</summary>
    private ArmClient Impatient(TokenCredential credential)
    {
        ArmClientOptions options = new();
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        return Connection.To(url, credential, options);
    }

    private static async Task<Dictionary<string, object?>> Seen(Func<Task<string>> use)
    {
        try
        {
            return new() { ["returns"] = await use() };
        }
        catch (RequestFailedException error)
        {
            return new() { ["error"] = $"{error.GetType().Name} {error.Status} {error.ErrorCode ?? FirstLine(error)}" };
        }
        catch (Exception error)
        {
            return new() { ["error"] = $"{error.GetType().Name} {FirstLine(error)}" };
        }
    }

    private static string FirstLine(Exception error)
    {
        string line = error.Message.Split('\n')[0].TrimEnd();
        return line.Length <= 100 ? line : line[..100];
    }

    private static string Cut(string text) => text.Length <= 120 ? text : $"{text[..80]}…{text[^30..]}";

    private static void Print(object row) => Console.WriteLine(JsonSerializer.Serialize(row));
}
