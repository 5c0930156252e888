"""Runs a command with az and prints the result as one line of JSON.

Without --explicit nothing here refers to azrun: az uses the public cloud. It keeps its login in AZURE_CONFIG_DIR if that
is set, as by `azrun exec`, and otherwise in a temporary folder. Its subscription is the one of its login, because az
accepts no other.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path

AZ = Path(sys.executable).with_name("az")


class AzError(Exception):
    pass


class OneLineParser(ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")


def main():
    args = parse(sys.argv[1:])
    config_dir = os.environ.get("AZURE_CONFIG_DIR")
    with nullcontext(config_dir) if config_dir else tempfile.TemporaryDirectory() as folder:
        os.environ["AZURE_CONFIG_DIR"] = folder
        # az leaves a process behind that sends telemetry, and writes to the folder during its removal.
        os.environ["AZURE_CORE_COLLECT_TELEMETRY"] = "false"
        print(json.dumps(run(args)))


def run(args):
    try:
        log_in(args)
    except AzError as error:
        return {"error": error.args[0], "milliseconds": []}
    milliseconds = []
    for _ in range(args.times):
        start = time.perf_counter()
        outcome = run_command(args)
        milliseconds.append(round((time.perf_counter() - start) * 1000, 1))
    return {**outcome, "milliseconds": milliseconds}


def log_in(args):
    if args.credential == "managed-identity":
        az("login", "--identity")
        return
    if args.explicit is not None:
        os.environ["AZURE_CORE_INSTANCE_DISCOVERY"] = "false"
        az("cloud", "register", "--name", "azrun", "--endpoint-resource-manager", args.explicit)
        az("cloud", "set", "--name", "azrun")
    elif (Path(os.environ["AZURE_CONFIG_DIR"]) / "azureProfile.json").exists():
        return
    az(
        "login", "--service-principal", "--tenant", os.environ["AZURE_TENANT_ID"],
        "--username", os.environ["AZURE_CLIENT_ID"], "--password", os.environ["AZURE_CLIENT_SECRET"],
    )


def run_command(args):
    command = ["vm", "run-command", "invoke", "--resource-group", args.group, "--name", args.vm]
    command += ["--command-id", args.command]
    if args.script:
        command += ["--scripts", *args.script]
    if args.parameter:
        command += ["--parameters", *args.parameter]
    try:
        result = json.loads(az(*command))
    except AzError as error:
        return {"error": error.args[0]}
    return {"statuses": [to_json(status) for status in result["value"]]}


def az(*command):
    """Returns the output of az. Only the log of --debug has the HTTP status."""
    done = subprocess.run([AZ, *command, "--output", "json", "--debug"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AzError(describe(done.stderr))
    return done.stdout


def describe(log):
    error = re.search(r"^ERROR: cli\.azure\S*: (?:\((?P<code>\w+)\) )?(?P<message>.*)", log, re.MULTILINE)
    statuses = re.findall(r"^DEBUG: cli\.azure\S*: Response status: (\d+)", log, re.MULTILINE)
    return {
        "code": error["code"] if error else None,
        "message": error["message"] if error else log.strip(),
        "status": int(statuses[-1]) if statuses else None,
    }


def to_json(status):
    return {name: status.get(name) for name in ("code", "level", "displayStatus", "message")}


def parse(argv):
    parser = OneLineParser(allow_abbrev=False)
    parser.add_argument("--credential", choices=["secret", "managed-identity", "default"], default="secret")
    parser.add_argument("--explicit", metavar="URL")
    parser.add_argument("--group", metavar="RG", required=True)
    parser.add_argument("--vm", metavar="NAME", required=True)
    parser.add_argument("--command", metavar="ID", default="RunShellScript")
    parser.add_argument("--script", metavar="LINE", action="append", default=[])
    parser.add_argument("--parameter", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("--times", metavar="N", type=int, default=1)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
