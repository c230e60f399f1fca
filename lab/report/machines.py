"""Where it was measured, and what speaks against trusting it, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.core.words import many
from lab.report.again import changed
from lab.report.answers import resolved
from lab.report.load import Known
from lab.report.views import Machine


def machines(known: Sequence[Known]) -> list[Machine]:
    """Return each machine and interpreter that something was measured on, and what was."""
    groups: dict[tuple[tuple[str, str], ...], list[Known]] = defaultdict(list)
    for each in known:
        groups[tuple(_facts(each.results.environment))].append(each)
    return [
        Machine([*facts, *_measured(mine)], [each.name for each in mine]) for facts, mine in groups.items()
    ]


def _facts(environment: Mapping[str, Any]) -> list[tuple[str, str]]:
    machine, python = _part(environment, "machine"), _part(environment, "python")
    lock = {"True": "with the global lock", "False": "without the global lock"}.get(
        str(python.get("gil")), ""
    )
    version = [python.get("implementation"), python.get("version"), lock, python.get("start_method")]
    facts = {
        "machine": _words([machine.get("cpu"), many(int(machine["cores"]), "usable core")]),
        "system": str(machine.get("system") or ""),
        "Python": " ".join(str(part) for part in version[:2] if part)
        + "".join(
            f", {part}" for part in (lock, f"start method {version[3]}" if version[3] else "") if part
        ),
    }
    return [(name, words) for name, words in facts.items() if words]


def _measured(known: Sequence[Known]) -> list[tuple[str, str]]:
    starts = sorted(str(each.results.environment.get("started") or "") for each in known)
    days = sorted({start[:16].replace("T", " ") for start in starts if start})
    rounds = sorted({each.results.trials["round"].n_unique() for each in known})
    told = [f"{each.name} {smallest}" for each in known if (smallest := resolved(each))]
    labs = [_part(each.results.environment, "lab") for each in known]
    versions = dict.fromkeys(str(lab["version"]) for lab in labs if lab.get("version"))
    commits = dict.fromkeys(str(lab["commit"]) for lab in labs if lab.get("commit"))
    facts = [("lab", _words([*versions, f"commit {' '.join(commits)}" if commits else ""]))]
    facts.append(("measured", " to ".join(dict.fromkeys((days[0], days[-1]))) + " UTC" if days else ""))
    facts.append(("rounds", " to ".join(str(each) for each in dict.fromkeys((rounds[0], rounds[-1])))))
    facts.append(
        ("smallest difference that can be told", ", ".join(told) or "not known: it needs five rounds")
    )
    return [(name, words) for name, words in facts if words]


def _part(environment: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = environment.get(name)
    return part if isinstance(part, dict) else {}


def _words(parts: Sequence[object]) -> str:
    return ", ".join(str(part) for part in parts if part)


def warnings_of(known: Known) -> list[str]:
    """Return what speaks against trusting an experiment's numbers, a sentence each."""
    environment = known.results.environment
    told = [f"{str(word).rstrip('.')}." for word in environment.get("warnings") or ()]
    told = [word[:1].upper() + word[1:] for word in told]
    plan = environment["plan"]
    rounds = known.results.trials["round"].n_unique()
    if plan.get("live"):
        told.append("Fetched from the live site: what is measured is the network of that minute.")
    elif rounds < FEWEST_ROUNDS:
        told.append(f"{many(rounds, 'round')} only: an interval and a verdict need {FEWEST_ROUNDS}.")
    failed = known.results.trials.filter(~known.results.trials["status"].is_in(["ok", "skipped"])).height
    if failed:
        told.append(f"Failed, and not counted: {many(failed, 'trial')} of {known.results.trials.height}.")
    return told + changed(known)


def warnings(known: Sequence[Known]) -> list[str]:
    """Return the warnings of all experiments, each once, with the experiments it is about."""
    about: dict[str, list[str]] = defaultdict(list)
    for each in known:
        for word in warnings_of(each):
            about[word.partition(": load ")[0].rstrip(".") + "."].append(each.name)
    return [
        word if len(names) == len(known) > 1 else f"{', '.join(names)}: {word}"
        for word, names in about.items()
    ]
