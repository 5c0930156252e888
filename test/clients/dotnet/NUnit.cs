using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

/// <summary>Runs the tests of an assembly: FILE</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        // .NET looks for NUnit in the folder of azmcp only.
        AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) => Load(new AssemblyName(wanted.Name).Name);
        Environment.Exit(Run(Path.GetFullPath(Environment.GetCommandLineArgs()[1])));
    }

    private static Assembly? Load(string? name)
    {
        string file = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, $"../../../@autorest/csharp/{name}.dll"));
        return File.Exists(file) ? Assembly.LoadFrom(file) : null;
    }

    private static int Run(string file)
    {
        NUnitTestAssemblyRunner runner = new(new DefaultTestAssemblyBuilder());
        runner.Load(Assembly.LoadFrom(file), new Dictionary<string, object>());
        ITestResult result = runner.Run(new Listener(Console.Out), TestFilter.Empty);
        Console.WriteLine($"{result.PassCount} passed, {result.FailCount} failed");
        return result.ResultState.Status == TestStatus.Passed ? 0 : 1;
    }

    private sealed class Listener : ITestListener
    {
        private readonly TextWriter output;

        /// <summary>NUnit replaces the console's output while a test runs.</summary>
        public Listener(TextWriter output) => this.output = output;

        public void TestStarted(ITest test)
        {
        }

        public void TestFinished(ITestResult result)
        {
            if (result.ResultState.Status != TestStatus.Failed) return;
            output.WriteLine($"{result.FullName}: {result.Message}\n{result.StackTrace}");
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
