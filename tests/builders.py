"""Results and experiment files of one's own, small enough to know every number in them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

from lab.analysis.stats import summarise
from lab.core.work import Case, Span
from lab.experiments import package_of, shipped
from lab.store.environment_file import write_environment
from lab.store.reading import read
from lab.store.records import Sample, Trial
from lab.store.writing import Writer


def environment(axes: Sequence[str] = ("model",), **more: Any) -> dict[str, Any]:
    experiment = {
        "name": "made",
        "question": "?",
        "baseline": "asyncio",
        "axes": list(axes),
        "cases": [{"model": "threads"}],
    }
    return {"experiment": experiment, "plan": {"samples": 1, "warmups": 0}, "machine": {"cores": 2}} | more


def new_writer(folder: Path, axes: Sequence[str] = ("model",)) -> Writer:
    folder.mkdir(parents=True, exist_ok=True)
    write_environment(folder, environment(axes))
    return Writer(folder)


def case(**params: Any) -> Case:
    return Case("made", params or {"model": "threads"})


def sample(
    trial: int = 1, number: int = 1, of: Case | None = None, void: str = "", **metrics: Any
) -> Sample:
    return Sample(1, trial, number, of or case(), metrics or {"makespan_s": 0.5}, void)


def trial(
    number: int = 1, status: str = "ok", samples: int = 1, of: Case | None = None, **more: Any
) -> Trial:
    return Trial(1, number, of or case(), status, samples, **more)


def span(index: int, submitted_s: float, started_s: float, finished_s: float, **more: Any) -> Span:
    """Return a span on a clock that started long ago, from seconds of a batch."""
    stamps = (10**15 + round(seconds * 1e9) for seconds in (submitted_s, started_s, finished_s))
    return Span(index, *stamps, more.get("worker", "w"), more.get("error"))


EXPERIMENT = """
    from lab import Experiment
    from lab.workloads import pause

    experiment = Experiment(question="Which?", workload=pause.sleep(), grid={"model": ["threads"]})
"""


def experiment_file(path: Path, source: str = EXPERIMENT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(source), encoding="utf-8")
    return path


def made_columns(folder: Path) -> set[str]:
    """Return the columns of every table that a result of a workload has, but for its axis."""
    of = sample(makespan_s=0.5, queue_wait_s=0.1, service_s=0.4, peak_in_flight=1, limit_s=0.3)
    new_writer(folder).add(trial(), [of], [span(0, 0, 1, 2)])
    results = read(folder)
    frames = (results.samples, results.trials, results.spans, summarise(results))
    return {column for frame in frames for column in frame.columns} - {"model"}


def beside(name: str) -> ModuleType:
    """Return a helper that lies beside the experiments, as they import it."""
    return import_module(f"{package_of(str(shipped))}.{name}")
