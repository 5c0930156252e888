"""Runs the steps of ../machines/steps.ts with azure-mgmt-compute, and prints what a user sees of each as one line of
JSON: machines.py FILE
"""

import inspect
import json
import os
import sys
import time

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient, models

SNAKE = {
    "timeoutInSeconds": "timeout_in_seconds",
    "asyncExecution": "async_execution",
    "treatFailureAsDeploymentFailure": "treat_failure_as_deployment_failure",
}


def main():
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
    )
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)
    with ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"]) as client:
        print(json.dumps([take(client, step) for step in steps]))


def take(client, step):
    kind, action = step["call"].split(".")
    try:
        return {"value": KINDS[kind](client, action, step)}
    except AzureError as error:
        return {"error": describe(error)}


def on_machine(client, action, step):
    vms = client.virtual_machines
    if action == "list":
        return [to_machine(vm) for vm in vms.list("rg")]
    if action == "get":
        return to_machine(vms.get(*id_of(step), expand=step.get("expand")))
    if action == "instanceView":
        return to_view(vms.instance_view(*id_of(step)))
    return act(vms, action, step)


def on_set(client, action, step):
    sets = client.virtual_machine_scale_sets
    if action == "list":
        return [to_set(each) for each in sets.list("rg")]
    if action == "get":
        return to_set(sets.get(*id_of(step)))
    if action == "instanceView":
        return to_summary(sets.get_instance_view(*id_of(step)))
    return act(sets, action, step)


def on_instance(client, action, step):
    instances = client.virtual_machine_scale_set_vms
    if action == "list":
        return [to_instance(each) for each in instances.list("rg", step["set"])]
    if action == "get":
        return to_instance(instances.get(*id_of(step), expand=step.get("expand")))
    if action == "instanceView":
        return to_view(instances.get_instance_view(*id_of(step)))
    return act(instances, action, step)


def act(operations, action, step):
    """Changes the power, or runs a command."""
    if action == "run":
        body = step["body"]
        command = models.RunCommandInput(command_id=body["commandId"], script=body["script"])
        result = operations.begin_run_command(*id_of(step), command).result()
        return [f"{code}: {each.message}" for code, each in zip(to_codes(result.value), result.value)]
    begin = getattr(operations, {"powerOff": "begin_power_off"}.get(action, f"begin_{action}"))
    options = {}
    if "skipShutdown" in step:
        options["skip_shutdown"] = step["skipShutdown"]
    if "ids" in step:
        ids = models.VirtualMachineScaleSetVMInstanceIDs(instance_ids=step["ids"])
        options[next(name for name in inspect.signature(begin).parameters if name.startswith("vm_instance"))] = ids
    return begin(*id_of(step), **options).result()


def on_command(client, action, step):
    if "vm" in step:
        commands = client.virtual_machine_run_commands
        get, items = commands.get_by_virtual_machine, commands.list_by_virtual_machine
    else:
        commands = client.virtual_machine_scale_set_vm_run_commands
        get, items = commands.get, commands.list
    if action == "create":
        command = models.VirtualMachineRunCommand(**to_properties(step["body"]))
        return to_command(commands.begin_create_or_update(*id_of(step), command).result())
    if action == "update":
        command = models.VirtualMachineRunCommandUpdate(**to_properties(step["body"]))
        return to_command(commands.begin_update(*id_of(step), command).result())
    if action == "list":
        return [to_command(each) for each in items(*id_of(step))]
    if action == "delete":
        return commands.begin_delete(*id_of(step)).result()
    command = to_command(get(*id_of(step), expand=step.get("expand")))
    while action == "ended" and command["executionState"] == "Running":
        time.sleep(0.01)
        command = to_command(get(*id_of(step), expand=step["expand"]))
    return command


KINDS = {"vm": on_machine, "set": on_set, "instance": on_instance, "command": on_command}


def id_of(step):
    return ["rg", *(step[name] for name in ("vm", "set", "instance", "name") if name in step)]


def to_properties(body):
    properties = {name: body[name] for name in ("location", "tags") if name in body}
    properties["source"] = models.VirtualMachineRunCommandScriptSource(script=body["source"]["script"])
    for name, ours in (("parameters", "parameters"), ("protectedParameters", "protected_parameters")):
        if name in body:
            properties[ours] = [models.RunCommandInputParameter(**parameter) for parameter in body[name]]
    return {**properties, **{ours: body[name] for name, ours in SNAKE.items() if name in body}}


def to_machine(vm):
    return {
        "name": vm.name,
        "location": vm.location,
        "provisioningState": vm.provisioning_state,
        "vmSize": vm.hardware_profile.vm_size,
        "osType": vm.storage_profile.os_disk.os_type,
        **to_view(vm.instance_view),
    }


def to_instance(instance):
    return {
        "name": instance.name,
        "instanceId": instance.instance_id,
        "location": instance.location,
        "provisioningState": instance.provisioning_state,
        "latestModelApplied": instance.latest_model_applied,
        **to_view(instance.instance_view),
    }


def to_view(view):
    if view is None:
        return {}
    return {
        "statuses": to_codes(view.statuses),
        "changed": to_milliseconds(view.statuses[0].time),
        "agent": view.vm_agent.statuses[0].display_status if view.vm_agent else None,
    }


def to_set(scale_set):
    return {
        "name": scale_set.name,
        "location": scale_set.location,
        "provisioningState": scale_set.provisioning_state,
        "capacity": scale_set.sku.capacity,
        "orchestrationMode": getattr(scale_set, "orchestration_mode", None),  # 18 lacks it
    }


def to_summary(view):
    counts = [f"{each.count} {each.code}" for each in view.virtual_machine.statuses_summary]
    return {"counts": counts, "statuses": to_codes(view.statuses)}


def to_codes(statuses):
    return [f"{models.StatusLevelTypes(each.level).value} {each.code}" for each in statuses]


def to_command(command):
    seen = {
        "name": command.name,
        "location": command.location,
        "tags": command.tags,
        "provisioningState": command.provisioning_state,
        "script": command.source.script,
        "parameters": [f"{each.name}={each.value}" for each in command.parameters] if command.parameters else None,
        **{name: getattr(command, ours, None) for name, ours in SNAKE.items()},
    }
    view = command.instance_view
    if view is None:
        return seen
    return {
        **seen,
        "executionState": models.ExecutionState(view.execution_state).value,
        "executionMessage": view.execution_message,
        "exitCode": view.exit_code,
        "output": view.output,
        "error": view.error,
        "startTime": to_milliseconds(view.start_time),
        "endTime": to_milliseconds(view.end_time),
    }


def to_milliseconds(time):
    return time and time.timestamp() * 1000


def describe(error):
    detail = getattr(error, "error", None)
    return {
        "type": type(error).__name__,
        "code": detail.code if detail else None,
        "status": getattr(error, "status_code", None),
        "message": detail.message if detail else error.message,
    }


if __name__ == "__main__":
    main()
