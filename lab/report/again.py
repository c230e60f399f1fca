"""How to see it again: the command that measures the same, and what has changed since."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import cache
from typing import Any

from lab.environment.code import measuring, sha256
from lab.registry import experiment_names
from lab.report.gathering import Known

CHANGED = "The lab's measuring code has changed since this was measured."


def command(known: Known) -> str:
    """Return the command that measures the same cases in the same order, from environment.json."""
    plan = known.results.environment["plan"]
    experiment = known.results.environment["experiment"]
    name = known.name if known.name in experiment_names() else f"./{experiment.get('file') or known.name}"
    words = ["lab", "run", name, *_options(plan)]
    return shlex.join(words)


def _options(plan: Mapping[str, Any]) -> list[str]:
    if plan.get("live"):
        return ["--live", "--live-url", str(plan["live"])]
    if plan.get("quick"):
        words = ["--quick"]
    else:
        words = [
            word
            for option in ("rounds", "samples", "warmups")
            if plan.get(option) is not None
            for word in (f"--{option}", str(plan[option]))
        ]
    for option, name in (("seed", "--seed"), ("timeout_s", "--timeout")):
        if plan.get(option) is not None:
            words += [name, f"{plan[option]:g}" if option == "timeout_s" else str(plan[option])]
    only = plan.get("only")
    for axis, values in only.items() if isinstance(only, dict) else ():
        words += ["--only", f"{axis}={','.join(map(str, values))}"]
    return words


def changes(known: Known) -> list[str]:
    """Return, in words, what is not as it was when this was measured."""
    then = known.results.environment
    words = []
    if known.found is None:
        words.append("The experiment's file is not here: what follows is from its numbers alone.")
    elif known.found.fault:
        words.append(f"The experiment does not load any more: {known.found.fault}.")
    if known.found and then["experiment"].get("sha256") not in (None, sha256([known.found.path])):
        words.append("The experiment's file has changed since this was measured.")
    if lab_changed(then):
        words.append(CHANGED)
    return words


def lab_changed(environment: Mapping[str, Any]) -> bool:
    """Return whether the lab's code is not that which measured; not known counts as not changed."""
    lab = environment.get("lab")
    then = lab.get("sha256") if isinstance(lab, dict) else None
    return then not in (None, _now())


@cache
def _now() -> str:
    return sha256(measuring())
