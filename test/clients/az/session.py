"""Runs commands of az in one process, which starts once: each line of stdin is the words of one as JSON, and each line of
stdout what it did: its exit code, and what it printed.

az is that of the public cloud: where it runs and as whom is in its environment, as `azrun exec` sets it.
"""

import json
import os
import sys
import tempfile
from io import StringIO

from azure.cli.core import get_default_cli


def main():
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)


def run(words):
    """Each command has an az of its own, since one keeps the query of a command that fails."""
    out = StringIO()
    with tempfile.TemporaryFile("w+") as log:
        kept = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            code = get_default_cli().invoke(words, out_file=out)
        except SystemExit as end:
            code = end.code
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
        log.seek(0)
        return {"code": code, "stdout": out.getvalue(), "stderr": log.read()}


if __name__ == "__main__":
    main()
