using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;

/// <summary>
/// Runs a command with Azure.ResourceManager.Compute and prints the result as one line of JSON.
///
/// Without --explicit nothing here refers to azrun: it is a program for the public cloud.
/// </summary>
internal sealed class RunCommand
{
    private string credential = "secret";
    private string? explicitUrl;
    private string? group;
    private string? vm;
    private int times = 1;
    private string command = "RunShellScript";
    private readonly List<string> script = new();
    private readonly List<RunCommandInputParameter> parameters = new();

    public static int Run(string[] args)
    {
        RunCommand program = new();
        try
        {
            program.Parse(args);
        }
        catch (ArgumentException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            return 2;
        }
        program.Run();
        return 0;
    }

    private void Run()
    {
        List<double> milliseconds = new();
        object? statuses = null, error = null;
        try
        {
            VirtualMachineResource machine = Client().GetVirtualMachineResource(
                VirtualMachineResource.CreateResourceIdentifier(Connection.Subscription, group, vm));
            for (int run = 0; run < times; run++)
            {
                Stopwatch watch = Stopwatch.StartNew();
                VirtualMachineRunCommandResult result = machine.RunCommand(WaitUntil.Completed, Input()).Value;
                milliseconds.Add(Math.Round(watch.Elapsed.TotalMilliseconds, 1));
                statuses = result.Value.Select(StatusOf);
            }
        }
        catch (RequestFailedException failure)
        {
            error = new { code = failure.ErrorCode, message = failure.Message, status = failure.Status };
        }
        catch (AuthenticationFailedException failure)
        {
            error = new { code = (string?)null, message = failure.Message, status = (int?)null };
        }
        Console.WriteLine(error == null
            ? JsonSerializer.Serialize(new { statuses, milliseconds })
            : JsonSerializer.Serialize(new { error, milliseconds }));
    }

    private ArmClient Client() => explicitUrl == null
        ? Connection.ToCloud(Credential())
        : Connection.To(explicitUrl, Connection.SecretAt(explicitUrl));

    private TokenCredential Credential() => credential switch
    {
        "managed-identity" => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        "default" => new DefaultAzureCredential(),
        _ => Connection.Secret()
    };

    private RunCommandInput Input()
    {
        RunCommandInput input = new(command);
        foreach (string line in script) input.Script.Add(line);
        foreach (RunCommandInputParameter parameter in parameters) input.Parameters.Add(parameter);
        return input;
    }

    private static object StatusOf(InstanceViewStatus status) => new
    {
        code = status.Code,
        level = status.Level?.ToString(),
        displayStatus = status.DisplayStatus,
        message = status.Message
    };

    private void Parse(string[] args)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) throw new ArgumentException($"{args[i]} must be followed by a value");
            Set(args[i], args[i + 1]);
        }
        if (group == null || vm == null) throw new ArgumentException("--group and --vm must be given");
    }

    private void Set(string option, string value)
    {
        switch (option)
        {
            case "--credential": credential = CredentialName(value); break;
            case "--explicit": explicitUrl = value; break;
            case "--group": group = value; break;
            case "--vm": vm = value; break;
            case "--command": command = value; break;
            case "--script": script.Add(value); break;
            case "--parameter": parameters.Add(Parameter(value)); break;
            case "--times": times = int.Parse(value); break;
            default: throw new ArgumentException($"{option} is no option");
        }
    }

    private static string CredentialName(string value) => value is "secret" or "managed-identity" or "default"
        ? value
        : throw new ArgumentException($"--credential must be secret, managed-identity or default: {value}");

    private static RunCommandInputParameter Parameter(string text)
    {
        string[] parts = text.Split('=', 2);
        return parts.Length == 2
            ? new RunCommandInputParameter(parts[0], parts[1])
            : throw new ArgumentException($"--parameter must be NAME=VALUE: {text}");
    }
}
