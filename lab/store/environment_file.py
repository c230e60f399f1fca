"""environment.json: what a result's rows mean, and where they were measured.

`format` says which names the rows use:
    1, or none  The control is "asyncio (again)", the axis `workers` is `crew`, and `in_process`, a value of
                the axis `how`, is `home`; `experiment.sha256` is over the experiment's file alone.
    2           These have the names of today; the hash is over the file and the helpers that it imports.

`lab.store.first_format` gives a result of the first format the names of today.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab.core.errors import LabError
from lab.store.files import replace_file

FORMAT = 2  # the format that this lab writes; it reads this one and all before it
DAMAGED = 4
NAME = "environment.json"
KINDS = ("number", "bool", "label", "unknown")
"""What a metric holds; unknown: it never had a value."""


def write_environment(folder: Path, environment: Mapping[str, Any]) -> None:
    """Write environment.json, or replace it whole."""
    replace_file(folder / NAME, json.dumps(environment, indent=1).encode())


def read_environment(folder: Path) -> dict[str, Any]:
    """Return what environment.json says; LabError where it is missing or damaged (exit code 4)."""
    path = folder / NAME
    try:
        environment = json.loads(path.read_bytes())
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        raise LabError(reason, where=str(path), remedy="measure again", exit_code=DAMAGED) from None
    except ValueError as error:
        raise damaged(path, str(error)) from error
    match environment:
        case {"format": int(newer)} if newer > FORMAT:
            remedy = "read it with the lab that wrote it, or a newer one"
            what = f"has format {newer}, and this lab reads up to {FORMAT}"
            raise LabError(what, where=str(path), remedy=remedy, exit_code=DAMAGED)
        case {
            "experiment": {
                "name": str(),
                "question": str(),
                "baseline": str(),
                "axes": axes,
                "cases": cases,
            },
            "plan": dict(),
            "machine": {"cores": int()},
        } if all_are(str, axes) and all_are(dict, cases) and knows(environment.get("metrics", {})):
            return dict(environment)
    raise damaged(path, "it does not describe an experiment")


def all_are(kind: type, values: object) -> bool:
    """Return whether `values` is a list of nothing but `kind`."""
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def knows(metrics: object) -> bool:
    """Return whether `metrics` says of each metric what it holds."""
    return isinstance(metrics, dict) and all(kind in KINDS for kind in metrics.values())


def damaged(path: Path, what: str, line: int | None = None) -> LabError:
    """Return the error for a damaged file, or for one of its lines."""
    what = f"line {line} is damaged: {what}" if line else f"is damaged: {what}"
    remedy = "restore the file, or measure again"
    return LabError(what, where=str(path), remedy=remedy, exit_code=DAMAGED)
