import com.azure.core.exception.HttpResponseException;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.core.util.Context;
import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import com.azure.resourcemanager.compute.ComputeManager;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachineRunCommandsClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachineScaleSetVMRunCommandsClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachineScaleSetVMsClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachineScaleSetsClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachinesClient;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineRunCommandInner;
import com.azure.resourcemanager.compute.models.InstanceViewTypes;
import com.azure.resourcemanager.compute.models.RunCommandInput;
import com.azure.resourcemanager.compute.models.RunCommandInputParameter;
import com.azure.resourcemanager.compute.models.VirtualMachineRunCommandScriptSource;
import com.azure.resourcemanager.compute.models.VirtualMachineRunCommandUpdate;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetVMInstanceIDs;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs the steps of ../machines/steps.ts with azure-resourcemanager-compute, and prints what a user sees of each as one
 * line of JSON: Machines FILE
 */
public final class Machines {
    private final VirtualMachinesClient vms;
    private final VirtualMachineScaleSetsClient sets;
    private final VirtualMachineScaleSetVMsClient instances;
    private final VirtualMachineRunCommandsClient commands;
    private final VirtualMachineScaleSetVMRunCommandsClient instanceCommands;

    private Machines(ComputeManagementClient client) {
        vms = client.getVirtualMachines();
        sets = client.getVirtualMachineScaleSets();
        instances = client.getVirtualMachineScaleSetVMs();
        commands = client.getVirtualMachineRunCommands();
        instanceCommands = client.getVirtualMachineScaleSetVMRunCommands();
    }

    public static void main(String[] args) throws Exception {
        var manager = ComputeManager.authenticate(Connection.secret(), new AzureProfile(AzureEnvironment.AZURE));
        Machines program = new Machines(manager.serviceClient());
        List<Object> seen = new ArrayList<>();
        for (Object step : (List<?>) read(Path.of(args[0]))) {
            seen.add(program.take(new Step(as(step))));
        }
        StringWriter text = new StringWriter();
        try (JsonWriter json = JsonProviders.createWriter(text)) {
            json.writeUntyped(seen);
        }
        System.out.println(text);
        System.exit(0); // the SDK's threads would keep the process for a while
    }

    private static Object read(Path file) throws IOException {
        try (JsonReader json = JsonProviders.createReader(Files.readString(file))) {
            return json.readUntyped();
        }
    }

    private Map<String, Object> take(Step step) throws Exception {
        Map<String, Object> result = new HashMap<>();
        try {
            result.put("value", call(step));
        } catch (HttpResponseException error) {
            result.put("error", Views.of(error));
        }
        return result;
    }

    private Object call(Step step) throws Exception {
        String action = step.text("call").split("\\.")[1];
        return switch (step.text("call").split("\\.")[0]) {
            case "vm" -> onMachine(action, step, step.text("vm"));
            case "set" -> onSet(action, step, step.text("set"));
            case "instance" -> onInstance(action, step, step.text("set"), step.text("instance"));
            default -> step.has("vm") ? onCommand(action, step, step.text("vm"), step.text("name"))
                : onInstanceCommand(action, step, step.text("set"), step.text("instance"), step.text("name"));
        };
    }

    private Object onMachine(String action, Step step, String vm) {
        return switch (action) {
            case "get" -> Views.of(vms.getByResourceGroupWithResponse("rg", vm, step.expand(), Context.NONE).getValue());
            case "list" -> vms.listByResourceGroup("rg").stream().map(Views::of).toList();
            case "instanceView" -> Views.of(vms.instanceView("rg", vm));
            case "start" -> done(() -> vms.start("rg", vm));
            case "powerOff" -> done(() -> vms.powerOff("rg", vm, step.skipShutdown(), Context.NONE));
            case "restart" -> done(() -> vms.restart("rg", vm));
            case "redeploy" -> done(() -> vms.redeploy("rg", vm));
            case "deallocate" -> done(() -> vms.deallocate("rg", vm));
            default -> Views.messages(vms.runCommand("rg", vm, step.input()).value());
        };
    }

    private Object onSet(String action, Step step, String set) throws Exception {
        return switch (action) {
            case "get" -> Views.of(sets.getByResourceGroup("rg", set));
            case "list" -> sets.listByResourceGroup("rg").stream().map(Views::of).toList();
            case "instanceView" -> Views.of(sets.getInstanceView("rg", set));
            default -> power(action, set, step.ids());
        };
    }

    /** Depending on the release, a method takes the ids as a list or as an object, and another option before them. */
    private Object power(String action, String set, List<String> ids) throws Exception {
        Method method = Arrays.stream(VirtualMachineScaleSetsClient.class.getMethods())
            .filter(each -> each.getName().equals(action) && each.getParameterTypes().length > 3
                && each.getParameterTypes()[each.getParameterCount() - 1] == Context.class)
            .findFirst().orElseThrow();
        List<Object> args = new ArrayList<>(List.of("rg", set));
        for (Class<?> type : Arrays.asList(method.getParameterTypes()).subList(2, method.getParameterCount() - 1)) {
            args.add(type == List.class ? ids
                : type == VirtualMachineScaleSetVMInstanceIDs.class && ids != null
                    ? new VirtualMachineScaleSetVMInstanceIDs().withInstanceIds(ids) : null);
        }
        args.add(Context.NONE);
        try {
            return method.invoke(sets, args.toArray());
        } catch (InvocationTargetException thrown) {
            throw (RuntimeException) thrown.getCause();
        }
    }

    private Object onInstance(String action, Step step, String set, String id) {
        return switch (action) {
            case "get" -> Views.of(instances.getWithResponse("rg", set, id, step.expand(), Context.NONE).getValue());
            case "list" -> instances.list("rg", set).stream().map(Views::of).toList();
            case "instanceView" -> Views.of(instances.getInstanceView("rg", set, id));
            case "start" -> done(() -> instances.start("rg", set, id));
            case "powerOff" -> done(() -> instances.powerOff("rg", set, id));
            case "restart" -> done(() -> instances.restart("rg", set, id));
            case "redeploy" -> done(() -> instances.redeploy("rg", set, id));
            case "deallocate" -> done(() -> instances.deallocate("rg", set, id));
            default -> Views.messages(instances.runCommand("rg", set, id, step.input()).value());
        };
    }

    private Object onCommand(String action, Step step, String vm, String name) throws Exception {
        return switch (action) {
            case "create" -> Views.of(commands.createOrUpdate("rg", vm, name, step.command()));
            case "update" -> Views.of(commands.update("rg", vm, name, step.commandUpdate()));
            case "list" -> commands.listByVirtualMachine("rg", vm).stream().map(Views::of).toList();
            case "delete" -> done(() -> commands.delete("rg", vm, name));
            default -> ended(action, () -> Views.of(commands
                .getByVirtualMachineWithResponse("rg", vm, name, step.text("expand"), Context.NONE).getValue()));
        };
    }

    private Object onInstanceCommand(String action, Step step, String set, String id, String name) throws Exception {
        return switch (action) {
            case "create" -> Views.of(instanceCommands.createOrUpdate("rg", set, id, name, step.command()));
            case "update" -> Views.of(instanceCommands.update("rg", set, id, name, step.commandUpdate()));
            case "list" -> instanceCommands.list("rg", set, id).stream().map(Views::of).toList();
            case "delete" -> done(() -> instanceCommands.delete("rg", set, id, name));
            default -> ended(action, () -> Views.of(instanceCommands
                .getWithResponse("rg", set, id, name, step.text("expand"), Context.NONE).getValue()));
        };
    }

    private static Object done(Runnable call) {
        call.run();
        return null;
    }

    /** Returns the command. The action `ended` waits until an asynchronous one has ended. */
    private static Object ended(String action, Supplier<Map<String, Object>> get) throws InterruptedException {
        Map<String, Object> command = get.get();
        while (action.equals("ended") && command.get("executionState").equals("Running")) {
            Thread.sleep(10);
            command = get.get();
        }
        return command;
    }

    /** A step of the file. */
    private record Step(Map<String, Object> members) {
        boolean has(String name) {
            return members.containsKey(name);
        }

        String text(String name) {
            return (String) members.get(name);
        }

        InstanceViewTypes expand() {
            return has("expand") ? InstanceViewTypes.fromString(text("expand")) : null;
        }

        Boolean skipShutdown() {
            return (Boolean) members.get("skipShutdown");
        }

        List<String> ids() {
            return Machines.<List<String>>as(members.get("ids"));
        }

        RunCommandInput input() {
            Map<String, Object> body = body();
            return new RunCommandInput().withCommandId((String) body.get("commandId")).withScript(as(body.get("script")));
        }

        VirtualMachineRunCommandInner command() throws Exception {
            Map<String, Object> body = body();
            VirtualMachineRunCommandInner command = new VirtualMachineRunCommandInner()
                .withLocation((String) body.get("location")).withTags(as(body.get("tags"))).withSource(source(body))
                .withParameters(parameters(body.get("parameters")))
                .withProtectedParameters(parameters(body.get("protectedParameters")))
                .withTimeoutInSeconds((Integer) body.get("timeoutInSeconds"))
                .withAsyncExecution((Boolean) body.get("asyncExecution"));
            if (body.containsKey("treatFailureAsDeploymentFailure")) { // the oldest release lacks it
                command.getClass().getMethod("withTreatFailureAsDeploymentFailure", Boolean.class).invoke(command, true);
            }
            return command;
        }

        VirtualMachineRunCommandUpdate commandUpdate() {
            return new VirtualMachineRunCommandUpdate().withSource(source(body()));
        }

        private static VirtualMachineRunCommandScriptSource source(Map<String, Object> body) {
            Map<String, String> source = as(body.get("source"));
            return new VirtualMachineRunCommandScriptSource().withScript(source.get("script"));
        }

        private static List<RunCommandInputParameter> parameters(Object given) {
            List<Map<String, String>> all = as(given);
            return all == null ? null : all.stream()
                .map(each -> new RunCommandInputParameter().withName(each.get("name")).withValue(each.get("value"))).toList();
        }

        private Map<String, Object> body() {
            return as(members.get("body"));
        }
    }

    /** Casts a value of the JSON to the type that the steps have there. */
    @SuppressWarnings("unchecked")
    private static <T> T as(Object value) {
        return (T) value;
    }
}
