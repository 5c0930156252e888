import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.json.JsonProviders;
import com.azure.json.JsonWriter;
import com.azure.resourcemanager.compute.ComputeManager;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import com.azure.resourcemanager.compute.models.RunCommandInput;
import com.azure.resourcemanager.compute.models.RunCommandInputParameter;
import com.azure.resourcemanager.compute.models.RunCommandResult;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs a command with azure-resourcemanager-compute and prints the result as one line of JSON.
 *
 * <p>Without --explicit nothing here refers to azrun: it is a program for the public cloud.
 */
public final class Main {
    private String credential = "secret";
    private String explicit;
    private String group;
    private String vm;
    private int times = 1;
    private String command = "RunShellScript";
    private final List<String> script = new ArrayList<>();
    private final List<RunCommandInputParameter> parameters = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        Main program = new Main();
        try {
            program.parse(args);
        } catch (IllegalArgumentException mistake) {
            System.err.println(mistake.getMessage());
            System.exit(2);
        }
        System.out.println(program.run());
        System.exit(0); // the SDK's threads would keep the process for a while
    }

    private String run() throws IOException {
        List<Double> milliseconds = new ArrayList<>();
        List<InstanceViewStatus> statuses = List.of();
        RuntimeException failure = null;
        try {
            ComputeManager manager = manager();
            for (int i = 0; i < times; i++) {
                long start = System.nanoTime();
                try {
                    statuses = statusesOf(manager.virtualMachines().runCommand(group, vm, input()));
                } finally {
                    milliseconds.add((System.nanoTime() - start) / 1000 / 1000.0);
                }
            }
        } catch (RuntimeException error) {
            failure = error;
        }
        return report(statuses, failure, milliseconds);
    }

    /** The statuses of the result. The SDK can report success without a result, which is no error here. */
    private static List<InstanceViewStatus> statusesOf(RunCommandResult result) {
        return result == null || result.value() == null ? List.of() : result.value();
    }

    private RunCommandInput input() {
        RunCommandInput input = new RunCommandInput().withCommandId(command);
        if (!script.isEmpty()) {
            input.withScript(script);
        }
        return parameters.isEmpty() ? input : input.withParameters(parameters);
    }

    private ComputeManager manager() {
        AzureEnvironment environment = explicit == null ? AzureEnvironment.AZURE : Connection.cloudAt(explicit);
        return ComputeManager.authenticate(credential(), new AzureProfile(environment));
    }

    private TokenCredential credential() {
        switch (credential) {
            case "managed-identity":
                return new ManagedIdentityCredentialBuilder().build();
            case "default":
                DefaultAzureCredentialBuilder builder = new DefaultAzureCredentialBuilder();
                if (explicit != null) {
                    builder.authorityHost(explicit).disableInstanceDiscovery();
                }
                return builder.build();
            default:
                return explicit == null ? Connection.secret() : Connection.secretAt(explicit);
        }
    }

    private static String report(List<InstanceViewStatus> statuses, RuntimeException failure, List<Double> milliseconds)
        throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter json = JsonProviders.createWriter(text)) {
            json.writeStartObject();
            if (failure == null) {
                json.writeArrayField("statuses", statuses, Main::writeStatus);
            } else {
                writeError(json, failure);
            }
            json.writeArrayField("milliseconds", milliseconds, JsonWriter::writeDouble).writeEndObject();
        }
        return text.toString();
    }

    private static void writeStatus(JsonWriter json, InstanceViewStatus status) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", status.code());
        json.writeStringField("level", status.level().toString());
        json.writeStringField("displayStatus", status.displayStatus());
        json.writeStringField("message", status.message()).writeEndObject();
    }

    /** Writes the error of Resource Manager, or else the message of the SDK, such as for a login. */
    private static void writeError(JsonWriter json, RuntimeException failure) throws IOException {
        ManagementError error = failure instanceof ManagementException management ? management.getValue() : null;
        HttpResponse response = failure instanceof HttpResponseException http ? http.getResponse() : null;
        json.writeStartObject("error");
        json.writeFieldName("code").writeString(error == null ? null : error.getCode());
        json.writeStringField("message", error == null ? failure.getMessage() : error.getMessage());
        json.writeFieldName("status").writeNumber(response == null ? null : response.getStatusCode());
        json.writeEndObject();
    }

    private void parse(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " must be followed by a value");
            }
            set(args[i], args[i + 1]);
        }
        if (group == null || vm == null) {
            throw new IllegalArgumentException("--group and --vm must be given");
        }
    }

    private void set(String option, String value) {
        switch (option) {
            case "--credential" -> credential = credential(value);
            case "--explicit" -> explicit = value;
            case "--group" -> group = value;
            case "--vm" -> vm = value;
            case "--command" -> command = value;
            case "--script" -> script.add(value);
            case "--parameter" -> parameters.add(parameter(value));
            case "--times" -> times = positive(value);
            default -> throw new IllegalArgumentException(option + " is no option");
        }
    }

    private static String credential(String value) {
        if (!Set.of("secret", "managed-identity", "default").contains(value)) {
            throw new IllegalArgumentException("--credential must be secret, managed-identity or default: " + value);
        }
        return value;
    }

    private static RunCommandInputParameter parameter(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("--parameter must be NAME=VALUE: " + text);
        }
        return new RunCommandInputParameter().withName(text.substring(0, equals)).withValue(text.substring(equals + 1));
    }

    private static int positive(String value) {
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("--times must be a number from 1: " + value);
        }
        return Integer.parseInt(value);
    }
}
