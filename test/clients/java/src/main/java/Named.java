import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.core.util.HttpClientOptions;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.json.JsonProviders;
import com.azure.json.JsonWriter;
import com.azure.resourcemanager.compute.ComputeManager;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import com.azure.resourcemanager.compute.models.RunCommandInput;
import com.azure.resourcemanager.compute.models.RunCommandResult;
import com.azure.resourcemanager.resources.fluentcore.utils.ResourceManagerUtils.InternalRuntimeContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs named scenarios with azure-resourcemanager-compute, and prints what a user sees as one line of JSON for each:
 * --timeout SECONDS --explicit URL NAME...
 *
 * <p>Each run is on the machine with the name of its scenario, all at the same time. Runs that last longer than the
 * timeout are abandoned. {@code --login URL NAME} is for a scenario that affects azure-identity.
 */
public final class Named {
    /** Instead of 60 s. */
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /** Instead of 30 s between polls without a Retry-After. */
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    /** System.out would have the encoding of the environment. */
    private static final PrintStream OUTPUT =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final String url;
    private final TokenCredential credential;

    private Named(String url, TokenCredential credential) {
        this.url = url;
        this.credential = credential;
    }

    public static void main(String[] args) throws Exception {
        InternalRuntimeContext.setDelayProvider(interval -> POLL_INTERVAL);
        if (args[0].equals("--login")) {
            print(logIn(args[1], args[2]));
        } else {
            runAll(Long.parseLong(args[1]), args[3], List.of(args).subList(4, args.length));
        }
        System.exit(0); // the SDK's threads would keep the process for a while
    }

    private static Map<String, Object> logIn(String url, String name) {
        TokenCredential credential = name.equals("identity-not-ready")
            ? new ManagedIdentityCredentialBuilder().build()
            : Connection.secretAt(url);
        return seen(() -> {
            if (name.equals("token-expires-while-polling")) {
                Named program = new Named(url, credential);
                return program.act(program.manager(), name);
            }
            credential.getToken(new TokenRequestContext().addScopes("https://management.azure.com/.default")).block();
            return "a token";
        });
    }

    private static void runAll(long timeout, String url, List<String> names) throws Exception {
        Named program = new Named(url, Connection.secretAt(url));
        ComputeManager manager = program.manager();
        List<Callable<Map<String, Object>>> runs = new ArrayList<>();
        for (String name : names) {
            runs.add(() -> seen(() -> program.act(manager, name)));
        }
        var ended = Executors.newFixedThreadPool(names.size()).invokeAll(runs, timeout, TimeUnit.SECONDS).iterator();
        for (String name : names) {
            Future<Map<String, Object>> run = ended.next();
            Map<String, Object> row = new LinkedHashMap<>(Map.of("name", name));
            row.putAll(run.isCancelled() ? Map.of("error", "still waits after " + timeout + " s") : run.get());
            print(row);
        }
    }

    private String act(ComputeManager manager, String name) {
        if (name.equals("list-lags")) {
            return manager.virtualMachines().listByResourceGroup("rg").stream().map(vm -> '"' + vm.name() + '"')
                .collect(Collectors.joining(",", "[", "]"));
        }
        String command = name.equals("windows-error-stream") ? "RunPowerShellScript" : "RunShellScript";
        RunCommandInput input = new RunCommandInput().withCommandId(command).withScript(List.of("echo hi"));
        ComputeManager used = name.equals("stalls") ? impatientManager() : manager;
        return textOf(used.virtualMachines().runCommand("rg", name, input));
    }

    private ComputeManager manager() {
        return ComputeManager.authenticate(credential, new AzureProfile(Connection.cloudAt(url)));
    }

    private ComputeManager impatientManager() {
        HttpClient client = HttpClient.createDefault(new HttpClientOptions().setResponseTimeout(RESPONSE_TIMEOUT));
        return ComputeManager.configure().withHttpClient(client)
            .authenticate(credential, new AzureProfile(Connection.cloudAt(url)));
    }

    private static String textOf(RunCommandResult result) {
        if (result == null || result.value() == null) {
            return "an empty result";
        }
        return cut(result.value().stream().map(InstanceViewStatus::message).collect(Collectors.joining(" | ")));
    }

    private static String cut(String text) {
        return text.length() <= 120 ? text : text.substring(0, 80) + "…" + text.substring(text.length() - 30);
    }

    private static Map<String, Object> seen(Supplier<String> use) {
        try {
            return Map.of("returns", use.get());
        } catch (RuntimeException error) {
            Stream<Object> words = Stream.of(error.getClass().getSimpleName(), statusOf(error), codeOf(error));
            return Map.of("error", words.filter(Objects::nonNull).map(Object::toString).collect(Collectors.joining(" ")));
        }
    }

    private static Integer statusOf(RuntimeException error) {
        HttpResponse response = error instanceof HttpResponseException http ? http.getResponse() : null;
        return response == null ? null : response.getStatusCode();
    }

    /** The code, or the start of the message if there is none. */
    private static String codeOf(RuntimeException error) {
        ManagementError value = error instanceof ManagementException managed ? managed.getValue() : null;
        return value == null || value.getCode() == null ? firstLine(error) : value.getCode();
    }

    private static String firstLine(Exception error) {
        String line = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        return line.length() <= 100 ? line : line.substring(0, 100);
    }

    private static void print(Map<String, Object> row) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = JsonProviders.createWriter(text)) {
            json.writeUntyped(row);
        }
        OUTPUT.println(text);
    }
}
