"""Runs a command with azure-mgmt-compute and prints the result as one line of JSON.

Without --explicit nothing here refers to azrun: it is a program for the public cloud.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.models import RunCommandInput, RunCommandInputParameter


class OneLineParser(ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")


def main():
    args = parse(sys.argv[1:])
    milliseconds = []
    with connect(args) as client:
        for _ in range(args.times):
            start = time.perf_counter()
            outcome = run_command(client, args)
            milliseconds.append(round((time.perf_counter() - start) * 1000, 1))
    print(json.dumps({**outcome, "milliseconds": milliseconds}))


def connect(args):
    subscription_id = os.environ["AZURE_SUBSCRIPTION_ID"]
    if args.explicit is None:
        return ComputeManagementClient(credential_of(args.credential), subscription_id)
    credential = secret_credential(authority=args.explicit, disable_instance_discovery=True)
    return ComputeManagementClient(credential, subscription_id, base_url=args.explicit)


def credential_of(name):
    if name == "managed-identity":
        return ManagedIdentityCredential()
    if name == "default":
        return DefaultAzureCredential()
    return secret_credential()


def secret_credential(**options):
    return ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"], **options
    )


def run_command(client, args):
    parameters = RunCommandInput(command_id=args.command, script=args.script, parameters=args.parameter)
    try:
        result = client.virtual_machines.begin_run_command(args.group, args.vm, parameters).result()
    except AzureError as error:
        return {"error": describe(error)}
    # The client can report success without a result, which is no error here.
    return {"statuses": [to_json(status) for status in (result and result.value) or []]}


def describe(error):
    detail = getattr(error, "error", None)
    return {
        "code": detail.code if detail else None,
        "message": detail.message if detail else error.message,
        "status": getattr(error, "status_code", None),
    }


def to_json(status):
    return {
        "code": status.code,
        "level": status.level,
        "displayStatus": status.display_status,
        "message": status.message,
    }


def to_parameter(text):
    name, _, value = text.partition("=")
    return RunCommandInputParameter(name=name, value=value)


def parse(argv):
    parser = OneLineParser(allow_abbrev=False)
    parser.add_argument("--credential", choices=["secret", "managed-identity", "default"], default="secret")
    parser.add_argument("--explicit", metavar="URL")
    parser.add_argument("--group", metavar="RG", required=True)
    parser.add_argument("--vm", metavar="NAME", required=True)
    parser.add_argument("--command", metavar="ID", default="RunShellScript")
    parser.add_argument("--script", metavar="LINE", action="append", default=[])
    parser.add_argument("--parameter", metavar="NAME=VALUE", type=to_parameter, action="append", default=[])
    parser.add_argument("--times", metavar="N", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
