"""`python -m lab.server`: the exchange-rate server in the foreground."""

from __future__ import annotations

import argparse
import json
import sys

from lab.core.errors import LabError
from lab.server.app import serve


def main() -> int:
    """Serve until a signal or the end of the input; return the exit code: 0, or 2 without the port."""
    parser = argparse.ArgumentParser(prog="python -m lab.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, is a free one")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    arguments = parser.parse_args()
    try:
        serve(arguments.port, _write_url, arguments.until_eof)
    except LabError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _write_url(url: str) -> None:
    sys.stdout.write(json.dumps({"url": url}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
