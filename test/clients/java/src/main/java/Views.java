import com.azure.core.exception.HttpResponseException;
import com.azure.core.management.exception.ManagementException;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInstanceViewInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineRunCommandInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInstanceViewInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetVMInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetVMInstanceViewInner;
import com.azure.resourcemanager.compute.models.ExecutionState;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import com.azure.resourcemanager.compute.models.VirtualMachineAgentInstanceView;
import com.azure.resourcemanager.compute.models.VirtualMachineRunCommandInstanceView;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a user sees of the models and errors of azure-resourcemanager-compute. */
final class Views {
    /** The states that the release defines. It adds every value that it reads to its own list. */
    private static final Set<ExecutionState> STATES = Set.copyOf(ExecutionState.values());

    private Views() {
    }

    static Map<String, Object> of(VirtualMachineInner vm) {
        Map<String, Object> seen = vm.instanceView() == null ? new HashMap<>() : of(vm.instanceView());
        seen.put("name", vm.name());
        seen.put("location", vm.location());
        seen.put("provisioningState", vm.provisioningState());
        seen.put("vmSize", vm.hardwareProfile().vmSize().toString());
        seen.put("osType", vm.storageProfile().osDisk().osType().toString());
        return seen;
    }

    static Map<String, Object> of(VirtualMachineScaleSetVMInner instance) {
        Map<String, Object> seen = instance.instanceView() == null ? new HashMap<>() : of(instance.instanceView());
        seen.put("name", instance.name());
        seen.put("instanceId", instance.instanceId());
        seen.put("location", instance.location());
        seen.put("provisioningState", instance.provisioningState());
        seen.put("latestModelApplied", instance.latestModelApplied());
        return seen;
    }

    static Map<String, Object> of(VirtualMachineInstanceViewInner view) {
        return view(view.statuses(), view.vmAgent());
    }

    static Map<String, Object> of(VirtualMachineScaleSetVMInstanceViewInner view) {
        return view(view.statuses(), view.vmAgent());
    }

    private static Map<String, Object> view(List<InstanceViewStatus> statuses, VirtualMachineAgentInstanceView agent) {
        Map<String, Object> seen = new HashMap<>();
        seen.put("statuses", codes(statuses));
        seen.put("changed", milliseconds(statuses.get(0).time()));
        seen.put("agent", agent == null ? null : agent.statuses().get(0).displayStatus());
        return seen;
    }

    static Map<String, Object> of(VirtualMachineScaleSetInner set) {
        return Map.of("name", set.name(), "location", set.location(), "provisioningState", set.provisioningState(),
            "capacity", set.sku().capacity(), "orchestrationMode", set.orchestrationMode().toString());
    }

    static Map<String, Object> of(VirtualMachineScaleSetInstanceViewInner view) {
        List<String> counts = view.virtualMachine().statusesSummary().stream()
            .map(each -> each.count() + " " + each.code()).toList();
        return Map.of("counts", counts, "statuses", codes(view.statuses()));
    }

    private static List<String> codes(List<InstanceViewStatus> statuses) {
        return statuses.stream().map(each -> each.level() + " " + each.code()).toList();
    }

    static List<String> messages(List<InstanceViewStatus> statuses) {
        return statuses.stream().map(each -> each.level() + " " + each.code() + ": " + each.message()).toList();
    }

    static Map<String, Object> of(VirtualMachineRunCommandInner command) {
        Map<String, Object> seen = command.instanceView() == null ? new HashMap<>() : of(command.instanceView());
        seen.put("name", command.name());
        seen.put("location", command.location());
        seen.put("tags", command.tags());
        seen.put("provisioningState", command.provisioningState());
        seen.put("script", command.source().script());
        seen.put("parameters", command.parameters() == null ? null
            : command.parameters().stream().map(each -> each.name() + "=" + each.value()).toList());
        seen.put("timeoutInSeconds", command.timeoutInSeconds());
        seen.put("asyncExecution", command.asyncExecution());
        seen.put("treatFailureAsDeploymentFailure", treatsFailure(command));
        return seen;
    }

    private static Map<String, Object> of(VirtualMachineRunCommandInstanceView view) {
        ExecutionState state = view.executionState();
        Map<String, Object> seen = new HashMap<>();
        seen.put("executionState", STATES.contains(state) ? state.toString() : "unknown: " + state);
        seen.put("executionMessage", view.executionMessage());
        seen.put("exitCode", view.exitCode());
        seen.put("output", view.output());
        seen.put("error", view.error());
        seen.put("startTime", milliseconds(view.startTime()));
        seen.put("endTime", milliseconds(view.endTime()));
        return seen;
    }

    /** Null in the oldest release, which lacks the member. */
    private static Object treatsFailure(VirtualMachineRunCommandInner command) {
        try {
            return command.getClass().getMethod("treatFailureAsDeploymentFailure").invoke(command);
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }

    static Map<String, Object> of(HttpResponseException error) {
        Map<String, Object> seen = new HashMap<>();
        seen.put("status", error.getResponse() == null ? null : error.getResponse().getStatusCode());
        if (error instanceof ManagementException answered) { // newer releases throw a subclass of it
            seen.put("type", "ManagementException");
            seen.put("code", answered.getValue().getCode());
            seen.put("message", answered.getValue().getMessage());
        } else {
            seen.put("type", error.getClass().getSimpleName());
            seen.put("message", error.getMessage());
        }
        return seen;
    }

    private static Long milliseconds(OffsetDateTime time) {
        return time == null ? null : time.toInstant().toEpochMilli();
    }
}
