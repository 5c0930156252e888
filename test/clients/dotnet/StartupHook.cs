using System;
using System.Linq;

/// <summary>.NET calls this before the program of the process, which then does not run: see the script dotnet.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        string[] args = Environment.GetCommandLineArgs().Skip(1).ToArray();
        Environment.Exit(args.FirstOrDefault() == "machines" ? Machines.Run(args[1]) : Action.Run(args));
    }
}
