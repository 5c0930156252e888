using System;
using System.Linq;

/// <summary>.NET calls this before the process's own program, which then does not run. See the script dotnet.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        string[] args = Environment.GetCommandLineArgs().Skip(1).ToArray();
        Environment.Exit(args.FirstOrDefault() switch
        {
            "machines" => Machines.Run(args[1]),
            "named" => Named.Run(args[1..]),
            _ => RunCommand.Run(args)
        });
    }
}
