using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

/// <summary>
/// Compiles C#: OUTPUT SOURCE... The sources can use all libraries of azmcp, and NUnit.
///
/// @autorest/csharp has the compiler, Roslyn, only as a library.
///
/// Mono's compiler compiles this file. It cannot read the libraries of .NET 9, so no type of Roslyn is named here.
/// </summary>
internal static class StartupHook
{
    private const string Core = "Microsoft.CodeAnalysis";
    private const string CSharp = "Microsoft.CodeAnalysis.CSharp";
    private static readonly string[] Options = { "-target:library", "-nullable:enable", "-nowarn:CS1701,CS1702" };
    private static readonly string Roslyn = Path.Combine(AppContext.BaseDirectory, "../../../@autorest/csharp");

    public static void Initialize()
    {
        string[] args = Environment.GetCommandLineArgs();
        Environment.Exit(Compile(args[1], args.Skip(2)) ? 0 : 1);
    }

    private static bool Compile(string output, IEnumerable<string> sources)
    {
        IList trees = ListOf("SyntaxTree");
        foreach (string source in sources)
        {
            trees.Add(Call(CSharp, "CSharpSyntaxTree", "ParseText", File.ReadAllText(source), null, source));
        }
        IList references = ListOf("MetadataReference");
        string libraries = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES");
        foreach (string file in libraries.Split(':').Append(LibraryOf("nunit.framework")))
        {
            references.Add(Call(Core, "MetadataReference", "CreateFromFile", file));
        }
        string name = Path.GetFileNameWithoutExtension(output);
        dynamic parser = TypeOf(CSharp, "CSharpCommandLineParser").GetProperty("Default").GetValue(null);
        string folder = Directory.GetCurrentDirectory();
        object options = parser.Parse(Options.Concat(sources), folder, null).CompilationOptions;
        dynamic compilation = Call(CSharp, "CSharpCompilation", "Create", name, trees, references, options);
        using (FileStream stream = File.Create(output))
        {
            dynamic result = compilation.Emit(stream);
            foreach (object diagnostic in result.Diagnostics) Report(diagnostic.ToString());
            return result.Success;
        }
    }

    private static void Report(string diagnostic)
    {
        if (!diagnostic.Contains(": hidden ")) Console.Error.WriteLine(diagnostic);
    }

    private static Type TypeOf(string library, string name)
    {
        return Assembly.LoadFrom(LibraryOf(library)).GetType(library + "." + name);
    }

    private static string LibraryOf(string name)
    {
        return Path.GetFullPath(Path.Combine(Roslyn, name + ".dll"));
    }

    private static IList ListOf(string type)
    {
        return (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(TypeOf(Core, type)));
    }

    /// <summary>Calls the shortest overload of a static method, with its defaults for missing arguments.</summary>
    private static object Call(string library, string type, string name, params object[] args)
    {
        MethodInfo method = TypeOf(library, type).GetMethods()
            .Where(each => each.Name == name && each.GetParameters()[0].ParameterType == typeof(string))
            .OrderBy(each => each.GetParameters().Length).First();
        int missing = method.GetParameters().Length - args.Length;
        return method.Invoke(null, args.Concat(Enumerable.Repeat(Type.Missing, missing)).ToArray());
    }
}
