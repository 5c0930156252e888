"""Runs commands of az in one process. Each line of stdin is the arguments of a command as JSON, and each line of stdout
is its exit code and output.

az uses the public cloud. Its environment, as set by `azrun exec`, has the proxy and the login.
"""

import json
import os
import sys
import tempfile
from io import StringIO

from azure.cli.core import get_default_cli


def main():
    results = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=results, flush=True)


def run(words):
    """Runs a command with its own instance of az, because an instance keeps the query of a failed command."""
    out = StringIO()
    with tempfile.TemporaryFile("w+") as log:
        stderr = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            code = get_default_cli().invoke(words, out_file=out)
        except SystemExit as end:
            code = end.code
        finally:
            sys.stderr.flush()
            os.dup2(stderr, 2)
            os.close(stderr)
        log.seek(0)
        return {"code": code, "stdout": out.getvalue(), "stderr": log.read()}


if __name__ == "__main__":
    main()
