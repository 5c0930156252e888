using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

/// <summary>
/// Compiles C# with Roslyn, which has no command in @autorest/csharp: OUTPUT SOURCE...
///
/// Mono's compiler compiles this file. It cannot read the libraries of .NET 9, so no type of Roslyn is named here.
/// </summary>
internal static class StartupHook
{
    private static readonly string Roslyn = Path.GetFullPath("node_modules/@autorest/csharp");

    public static void Initialize()
    {
        string[] args = Environment.GetCommandLineArgs();
        Environment.Exit(Compile(args[1], args.Skip(2)) ? 0 : 1);
    }

    private static bool Compile(string output, IEnumerable<string> sources)
    {
        Type parser = TypeOf("Microsoft.CodeAnalysis.CSharp", "CSharpCommandLineParser");
        dynamic arguments = ((dynamic)parser.GetProperty("Default").GetValue(null))
            .Parse(new[] { "-target:library", "-nullable:enable", "-nowarn:CS1701,CS1702" }.Concat(sources), Directory.GetCurrentDirectory(), null);
        IList trees = ListOf("SyntaxTree");
        foreach (string source in sources)
        {
            trees.Add(Call("Microsoft.CodeAnalysis.CSharp", "CSharpSyntaxTree", "ParseText", File.ReadAllText(source), null, source));
        }
        IList references = ListOf("MetadataReference");
        foreach (string file in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(':'))
        {
            references.Add(Call("Microsoft.CodeAnalysis", "MetadataReference", "CreateFromFile", file));
        }
        dynamic compilation = Call("Microsoft.CodeAnalysis.CSharp", "CSharpCompilation", "Create",
            Path.GetFileNameWithoutExtension(output), trees, references, arguments.CompilationOptions);
        using (FileStream stream = File.Create(output))
        {
            dynamic result = compilation.Emit(stream);
            foreach (object diagnostic in result.Diagnostics)
            {
                string text = diagnostic.ToString();
                if (!text.Contains(": hidden ")) Console.Error.WriteLine(text);
            }
            return result.Success;
        }
    }

    private static Type TypeOf(string library, string name)
    {
        return Assembly.LoadFrom(Path.Combine(Roslyn, library + ".dll")).GetType(library + "." + name);
    }

    private static IList ListOf(string type)
    {
        return (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(TypeOf("Microsoft.CodeAnalysis", type)));
    }

    /// <summary>Calls the shortest overload of a static method, with defaults for the arguments that are missing.</summary>
    private static object Call(string library, string type, string name, params object[] args)
    {
        MethodInfo method = TypeOf(library, type).GetMethods()
            .Where(each => each.Name == name && each.GetParameters()[0].ParameterType == typeof(string))
            .OrderBy(each => each.GetParameters().Length).First();
        int missing = method.GetParameters().Length - args.Length;
        return method.Invoke(null, args.Concat(Enumerable.Repeat(Type.Missing, missing)).ToArray());
    }
}
