"""The conditions of a measurement: where and when it was, and what speaks against trusting it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.core.words import many
from lab.report.load import ExperimentView
from lab.report.reproduce import changes, part


def machines(views: Sequence[ExperimentView]) -> list[tuple[dict[str, str], list[ExperimentView]]]:
    """Return the facts of each machine and interpreter, in words, and the experiments measured on it.

    A fact that is not known is empty.
    """
    groups: dict[tuple[tuple[str, str], ...], list[ExperimentView]] = defaultdict(list)
    for view in views:
        groups[tuple(machine_of(view.environment).items())].append(view)
    return [(dict(facts), group) for facts, group in groups.items()]


def machine_of(environment: Mapping[str, Any]) -> dict[str, str]:
    """Return the machine, the system and the interpreter, each in words."""
    machine, python = part(environment, "machine"), part(environment, "python")
    lock = {"True": "with the global lock", "False": "without the global lock"}.get(str(python.get("gil")))
    method = python.get("start_method")
    version = " ".join(str(python[name]) for name in ("implementation", "version") if python.get(name))
    return {
        "machine": _listed(machine.get("cpu"), many(machine["cores"], "usable core")),
        "system": str(machine.get("system") or ""),
        "Python": _listed(version, lock, f"start method {method}" if method else ""),
    }


def _listed(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def caveats_of(view: ExperimentView) -> list[str]:
    """Return what speaks against trusting an experiment's numbers, a sentence each."""
    warnings = [str(warning).rstrip(".") for warning in view.environment.get("warnings") or ()]
    caveats = [f"{warning[:1].upper()}{warning[1:]}." for warning in warnings]
    rounds = view.rounds_run
    if view.environment["plan"].get("live"):
        caveats.append("Fetched from the live site: what is measured is the network of that minute.")
    elif rounds < FEWEST_ROUNDS:
        caveats.append(f"{many(rounds, 'round')} only: an interval and a verdict need {FEWEST_ROUNDS}.")
    if failed := sum(view.rounds.bad):
        caveats.append(f"Failed, and not counted: {many(failed, 'trial')} of {view.trials.height}.")
    return caveats + changes(view)


def summed_up(caveats: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the caveats of all experiments, each once, with the experiments it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for name, texts in caveats.items():
        for text in texts:
            about[f"{text.partition(': load ')[0].rstrip('.')}."].append(name)
    every = len(caveats) if len(caveats) > 1 else 0
    return [text if len(names) == every else f"{', '.join(names)}: {text}" for text, names in about.items()]
