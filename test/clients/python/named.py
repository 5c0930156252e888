"""Runs the named scenarios of the arguments with azure-mgmt-compute, and prints what a user sees as one line of JSON for
each.

Each run is on the machine with the name of its scenario, all at the same time. Runs that last longer than --timeout
seconds are abandoned. With --login the scenario affects azure-identity, and there is only one name.
"""

import json
import os
import re
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor, TimeoutError

from azure.core.exceptions import AzureError
from azure.identity import ClientSecretCredential, ManagedIdentityCredential
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.compute.models import RunCommandInput

OWN_COMMANDS = {"windows-error-stream": "RunPowerShellScript"}

# Seconds, instead of 30 between polls without a Retry-After and 300 for a response.
WAITS = {
    "lro-retry-after-absent": {"polling_interval": 1},
    "lro-retry-after-zero": {"polling_interval": 1},
    "stalls": {"read_timeout": 5},
}


def main():
    args = parse(sys.argv[1:])
    if args.login:
        print(json.dumps(seen_of(lambda: log_in(args.explicit, args.names[0]))), flush=True)
        os._exit(0)
    client = client_of(credential_of(args.explicit), args.explicit)
    pool = ThreadPoolExecutor(len(args.names))
    futures = {name: pool.submit(seen_of, lambda name=name: text_of(act(client, name))) for name in args.names}
    end = time.monotonic() + args.timeout
    for name, future in futures.items():
        try:
            seen = future.result(max(0, end - time.monotonic()))
        except TimeoutError:
            seen = {"error": f"still waits after {args.timeout} s"}
        print(json.dumps({"name": name, **seen}), flush=True)
    os._exit(0)


def credential_of(url):
    return ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"],
        authority=url, disable_instance_discovery=True,
    )


def client_of(credential, url):
    return ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"], base_url=url)


def log_in(url, name):
    credential = ManagedIdentityCredential() if name == "identity-not-ready" else credential_of(url)
    if name == "token-expires-while-polling":
        return text_of(act(client_of(credential, url), name))
    credential.get_token("https://management.azure.com/.default")
    return "a token"


def seen_of(use):
    try:
        return {"returns": use()}
    except AzureError as error:
        code = getattr(getattr(error, "error", None), "code", None)
        return {"error": words(type(error).__name__, getattr(error, "status_code", None), code or first_line(error.message))}
    except Exception as error:
        return {"error": words(type(error).__name__, first_line(str(error)))}


def act(client, name):
    if name == "list-lags":
        return [machine.name for machine in client.virtual_machines.list("rg")]
    command = RunCommandInput(command_id=OWN_COMMANDS.get(name, "RunShellScript"), script=["echo hi"])
    return client.virtual_machines.begin_run_command("rg", name, command, **WAITS.get(name, {})).result()


def text_of(result):
    if result is None or isinstance(result, list):
        return json.dumps(result)
    if result.value is None:
        return "an empty result"
    return cut(" | ".join(status.message for status in result.value))


def cut(text):
    return text if len(text) <= 120 else f"{text[:80]}…{text[-30:]}"


def first_line(text):
    """Returns the first line without the parts that differ between runs."""
    return re.sub(r": line \d.*|0x\w+", "", text.splitlines()[0])[:100]


def words(*parts):
    return " ".join(str(part) for part in parts if part is not None)


def parse(argv):
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("--explicit", metavar="URL", required=True)
    parser.add_argument("--timeout", type=float, required=True)
    parser.add_argument("--login", action="store_true")
    parser.add_argument("names", nargs="+")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
