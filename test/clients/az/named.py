"""Runs the named scenarios of the arguments with az, and prints what a user sees as one line of JSON for each.

Each run is on the machine with the name of its scenario, a few at a time. A run that takes longer than --timeout seconds
is ended. With --login the scenario affects the login, and there is only one name.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AZ = Path(sys.executable).with_name("az")
OWN_COMMANDS = {"windows-error-stream": "RunPowerShellScript"}
AT_A_TIME = 4


def main():
    args = parse(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            AZURE_CONFIG_DIR=folder, AZURE_CORE_COLLECT_TELEMETRY="false", AZURE_CORE_INSTANCE_DISCOVERY="false"
        )
        *before, login = logins(args.explicit)
        for command in before:
            subprocess.run([AZ, *command, "--output", "none"], check=True)
        if args.login:
            print(json.dumps(log_in(args.names[0], login, args.timeout)), flush=True)
            return
        subprocess.run([AZ, *login, "--output", "none"], check=True)
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for name, seen in zip(args.names, pool.map(lambda name: run(name, args.timeout), args.names)):
                print(json.dumps({"name": name, **seen}), flush=True)


def logins(url):
    return [
        ["cloud", "register", "--name", "azrun", "--endpoint-resource-manager", url],
        ["cloud", "set", "--name", "azrun"],
        [
            "login", "--service-principal", "--tenant", os.environ["AZURE_TENANT_ID"],
            "--username", os.environ["AZURE_CLIENT_ID"], "--password", os.environ["AZURE_CLIENT_SECRET"],
        ],
    ]


def log_in(name, login, timeout):
    seen = act(["login", "--identity"] if name == "identity-not-ready" else login, timeout)
    if "error" in seen:
        return seen
    return run(name, timeout) if name == "token-expires-while-polling" else {"returns": "a login"}


def run(name, timeout):
    return act(command_of(name), timeout)


def act(words, timeout):
    command = [AZ, *words, "--output", "json", "--only-show-errors"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return {"error": f"still waits after {timeout} s"}
    if done.returncode != 0:
        return {"error": f"exit code {done.returncode}: {error_of(done.stderr)}"}
    return {"returns": text_of(json.loads(done.stdout or "null"))}


def command_of(name):
    if name == "list-lags":
        return ["vm", "list", "--resource-group", "rg"]
    target = ["--resource-group", "rg", "--name", name]
    command = OWN_COMMANDS.get(name, "RunShellScript")
    return ["vm", "run-command", "invoke", *target, "--command-id", command, "--scripts", "echo hi"]


def error_of(log):
    """Returns the code, or else the most specific line without the parts that differ between runs."""
    code = re.search(r"^ERROR: \((\w+)\)", log, re.MULTILINE)
    if code:
        return code[1]
    lines = [line for line in log.splitlines() if line.strip()]
    line = next((line for line in lines if line.startswith("ERROR: ") and "unexpected error" not in line), lines[-1])
    return re.sub(r"^ERROR: |: line \d.*|0x\w+| Trace ID: .*", "", line)[:100]


def text_of(result):
    if not isinstance(result, dict):
        return json.dumps(result)
    if result.get("value") is None:
        return "an empty result"
    text = " | ".join(status["message"] for status in result["value"])
    return text if len(text) <= 120 else f"{text[:80]}…{text[-30:]}"


def parse(argv):
    parser = ArgumentParser(allow_abbrev=False)
    parser.add_argument("--explicit", metavar="URL", required=True)
    parser.add_argument("--timeout", type=float, required=True)
    parser.add_argument("--login", action="store_true")
    parser.add_argument("names", nargs="+")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
