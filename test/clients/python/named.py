"""Runs each named scenario through azure-mgmt-compute, and prints what a user sees: one line of JSON for each.

The names are the arguments. Each run is on the machine that is called like its scenario, all at the same time; those
that are not over after --timeout seconds are left alone.
"""

import json
import os
import re
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor, TimeoutError

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.models import RunCommandInput

OWN_COMMANDS = {"windows-error-stream": "RunPowerShellScript"}


def main():
    args = parse(sys.argv[1:])
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"],
        authority=args.explicit, disable_instance_discovery=True,
    )
    client = ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"], base_url=args.explicit)
    pool = ThreadPoolExecutor(len(args.names))
    futures = {name: pool.submit(run, client, name) for name in args.names}
    end = time.monotonic() + args.timeout
    for name, future in futures.items():
        try:
            seen = future.result(max(0, end - time.monotonic()))
        except TimeoutError:
            seen = {"error": f"still waits after {args.timeout} s"}
        print(json.dumps({"name": name, **seen}), flush=True)
    os._exit(0)


def run(client, name):
    try:
        return {"returns": text_of(act(client, name))}
    except AzureError as error:
        code = getattr(getattr(error, "error", None), "code", None)
        return {"error": words(type(error).__name__, getattr(error, "status_code", None), code or first_line(error.message))}
    except Exception as error:
        return {"error": words(type(error).__name__, first_line(str(error)))}


def act(client, name):
    if name == "list-lags":
        return [machine.name for machine in client.virtual_machines.list("rg")]
    command = RunCommandInput(command_id=OWN_COMMANDS.get(name, "RunShellScript"), script=["echo hi"])
    return client.virtual_machines.begin_run_command("rg", name, command).result()


def text_of(result):
    if result is None or isinstance(result, list):
        return json.dumps(result)
    if result.value is None:
        return "an empty result"
    return cut(" | ".join(status.message for status in result.value))


def cut(text):
    return text if len(text) <= 120 else f"{text[:80]}…{text[-30:]}"


def first_line(text):
    """The first line, without what is of one run only."""
    return re.sub(r": line \d.*|0x\w+", "", text.splitlines()[0])[:100]


def words(*parts):
    return " ".join(str(part) for part in parts if part is not None)


def parse(argv):
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("--explicit", metavar="URL", required=True)
    parser.add_argument("--timeout", type=float, required=True)
    parser.add_argument("names", nargs="+")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
