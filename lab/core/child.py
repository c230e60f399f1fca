"""Starts the lab's child processes: by the same interpreter, and with the same `lab` as here."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]  # the folder that holds the package `lab`


def start(
    module: str, *words: str, environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a module of the lab as a child, with a pipe to its standard input.

    The child runs in a session of its own: a Ctrl-C in the terminal reaches this process alone, which then
    ends the child. -P keeps the working directory off its path, so a checkout that is not installed is
    named in PYTHONPATH. `environment` replaces this process's own; `options` are those of `Popen`.
    """
    variables = dict(os.environ if environment is None else environment)
    if ROOT.name not in ("site-packages", "dist-packages"):  # there a child looks anyway
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), variables.get("PYTHONPATH")]))
    command, pipe = [sys.executable, "-P", "-m", module, *words], subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, env=variables, start_new_session=True, **options)
