"""Starts the lab's child processes: by the same interpreter, and with the same `lab` as here."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
"""The folder that holds the package `lab`."""
INSTALLED = ("site-packages", "dist-packages")
"""Folders in which a child looks for packages anyway."""


def start(
    module: str, *words: str, environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a module of the lab as a child, with a pipe to its standard input.

    The child runs in a session of its own: a Ctrl-C in the terminal reaches this process alone, which then
    ends the child. -P keeps the working directory off its path, so a checkout that is not installed is
    named in PYTHONPATH. `environment` replaces this process's own; `options` are those of `Popen`.
    """
    variables = dict(os.environ if environment is None else environment)
    if ROOT.name not in INSTALLED:
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), variables.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *words],
        stdin=subprocess.PIPE,
        env=variables,
        start_new_session=True,
        **options,
    )
