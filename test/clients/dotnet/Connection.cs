using System;
using Azure.Core;
using Azure.Identity;
using Azure.ResourceManager;

/// <summary>Credentials and clients, from the variables of the environment.</summary>
internal static class Connection
{
    public static string Subscription => Variable("AZURE_SUBSCRIPTION_ID");

    public static ClientSecretCredential Secret() => Secret(new());

    /// <summary>A client of the public cloud.</summary>
    public static ArmClient ToCloud(TokenCredential credential) => new(credential, Subscription);

    /// <summary>A client with this endpoint.</summary>
    public static ArmClient To(string url, TokenCredential credential, ArmClientOptions? options = null)
    {
        options ??= new();
        options.Environment = new ArmEnvironment(new Uri(url), "https://management.azure.com");
        return new ArmClient(credential, Subscription, options);
    }

    /// <summary>A credential that logs in at this authority.</summary>
    public static ClientSecretCredential SecretAt(string url) => Secret(new()
    {
        AuthorityHost = new Uri(url),
        DisableInstanceDiscovery = true
    });

    private static ClientSecretCredential Secret(ClientSecretCredentialOptions options) =>
        new(Variable("AZURE_TENANT_ID"), Variable("AZURE_CLIENT_ID"), Variable("AZURE_CLIENT_SECRET"), options);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name)!;
}
