"""What happens in a run, as data: the command line shows each event, or prints it as a line of JSON.

The line of JSON has `event`, the event's name in snake case; `line`, what a log says of it ("" for
nothing); and the fields of its class below. Numbers are in the unit that ends the field's name, paths are
text, a case is its axes with their values, and tables are lists of rows. docs/commands.md has their order.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from lab.core.work import Case
from lab.present.findings import Findings

LONG_S = 90  # a run that may take so long says so when it begins


class Event:
    """Something that happened in a run."""


@dataclass(frozen=True, slots=True)
class RunBegan(Event):
    """A run began: how many trials it has, how many are measured already, how long the others may take."""

    experiments: Sequence[str]
    trials: int
    measured: int
    estimated_s: float


@dataclass(frozen=True, slots=True)
class TrialBegan(Event):
    """A trial began: its round, the number of rounds, and its number among the experiment's trials."""

    experiment: str
    round: int
    rounds: int
    trial: int
    case: Case


@dataclass(frozen=True, slots=True)
class TrialEnded(Event):
    """A trial ended and its row is on disk; `reason` says why its status is not ok."""

    experiment: str
    round: int
    trial: int
    case: Case
    status: str
    reason: str
    wall_s: float | None


@dataclass(frozen=True, slots=True)
class RoundEnded(Event):
    """Every case had its trial in this round."""

    experiment: str
    round: int
    rounds: int


@dataclass(frozen=True, slots=True)
class ExperimentEnded(Event):
    """An experiment was measured to its end; `findings`, in JSON, are its `summary` and its `claims`.

    folder: where its result is now. failed: how many of its trials are neither ok nor skipped.
    """

    experiment: str
    folder: Path
    failed: int
    findings: Findings


@dataclass(frozen=True, slots=True)
class FiguresDrawn(Event):
    """An experiment's figures were drawn; each has two files, PNG and SVG."""

    experiment: str
    paths: Sequence[Path]


@dataclass(frozen=True, slots=True)
class PageWritten(Event):
    """The page over all results was written."""

    path: Path


@dataclass(frozen=True, slots=True)
class Warned(Event):
    """Something went wrong. If it is only `advice`, the run goes on; trust its numbers less."""

    text: str
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Interrupted(Event):
    """A Ctrl-C ended the run; `resume` is the command that finishes it, empty if all was measured."""

    folder: Path
    resume: str


@dataclass(frozen=True, slots=True)
class Done(Event):
    """The run is over. The exit code is 0, 1 if something failed, or 130 after an interruption."""

    exit_code: int


def line(event: Event) -> str:
    """Return what a log says of an event; two lines for an interruption, and "" for nothing."""
    match event:
        case RunBegan(trials=trials, estimated_s=seconds) if seconds >= LONG_S:
            return f"{trials:,} trials, about {seconds / 60:.0f} min"
        case TrialEnded() if event.status not in ("ok", "skipped"):
            return f"{event.experiment}: {event.status}: {event.case}: {event.reason}"
        case RoundEnded():
            return f"{event.experiment}: round {event.round} of {event.rounds}"
        case FiguresDrawn(paths=paths):
            return f"Figures: {', '.join(str(path) for path in paths if path.suffix == '.png')}"
        case PageWritten(path=path):
            return f"Report: {path}"
        case Warned(text=text, advice=advice):
            return f"careful: {text}" if advice else text
        case Interrupted(folder=folder, resume=""):
            return f"interrupted; everything was measured and is in {folder}"
        case Interrupted(folder=folder, resume=resume):
            return f"interrupted; what was measured is kept in {folder}\nto finish: {resume}"
    return ""


def as_json(event: Event) -> str:
    """Return an event as a line of JSON."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    values = {each.name: getattr(event, each.name) for each in fields(event)}  # type: ignore[arg-type]
    return json.dumps({"event": name, "line": line(event), **values}, default=plain)


def plain(value: Any) -> Any:
    """Return what JSON holds of a value that it does not know."""
    if isinstance(value, Case):
        return dict(value.params)
    if isinstance(value, Findings):
        return {"summary": value.summary.to_dicts(), "claims": value.claims.to_dicts()}
    return str(value)
