"""Appends a trial's rows to the files of a growing result, commits them, and publishes the result."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.core.errors import LabError
from lab.core.work import Case, Span, Value
from lab.store.environment_file import read_environment, write_environment
from lab.store.files import append, replace_file, whole_lines
from lab.store.folders import ResultsFolder
from lab.store.reading import Results, read
from lab.store.records import SAMPLE, SPAN, TRIAL, TRIAL_END, Sample, Trial, lines, unescaped

FILES = ("samples.csv", "spans.csv", "trials.csv")  # the last: where it is, the others are


class Writer:
    """The files of one growing result; `committed` holds the numbers of the trials in them."""

    def __init__(self, folder: Path):
        """Open the files in `folder`, whose environment.json is there; make them, or take them up again.

        Raises LabError where they are damaged.
        """
        self.folder = folder
        self.environment = read_environment(folder)
        self.name: str = self.environment["experiment"]["name"]
        self.axes: list[str] = self.environment["experiment"]["axes"]
        self.metrics: dict[str, str] = self.environment.setdefault("metrics", {})
        self.committed: set[int] = set()
        self._traced: set[tuple[str, ...]] = set()
        if (folder / "trials.csv").exists():
            self._take_up()
        else:
            for name in FILES:
                self._write(name, [])

    def add(self, trial: Trial, samples: Sequence[Sample], spans: Sequence[Span] = ()) -> None:
        """Append a trial's rows and commit them with its own; a case's first good spans are kept."""
        self._make_room(samples)
        append(self.folder / "samples.csv", lines(self._sample_row(sample) for sample in samples))
        if trial.status == "ok" and self._values(trial.case) not in self._traced:
            append(self.folder / "spans.csv", lines(self._span_rows(trial, spans)))
        append(self.folder / "trials.csv", lines([self._trial_row(trial)]))
        self._commit(trial.trial, trial.status, self._values(trial.case))

    def annotate(self, part: str, facts: Mapping[str, Any]) -> None:
        """Note facts in environment.json that are known only now."""
        if self.environment.get(part) != facts:
            self.environment[part] = dict(facts)
            write_environment(self.folder, self.environment)

    def _commit(self, number: int, status: str, values: tuple[str, ...]) -> None:
        self.committed.add(number)
        if status == "ok":
            self._traced.add(values)

    def _values(self, case: Case) -> tuple[str, ...]:
        return tuple(str(case.params.get(axis, "")) for axis in self.axes)

    def _columns(self, name: str) -> list[str]:
        return {
            "samples.csv": [*SAMPLE, *self.axes, *self.metrics, "void"],
            "spans.csv": [*self.axes, *SPAN],
            "trials.csv": [*TRIAL, *self.axes, *TRIAL_END],
        }[name]

    def _sample_row(self, sample: Sample) -> list[object]:
        start = (self.name, sample.round, sample.trial, sample.sample, *self._values(sample.case))
        return [*start, *(sample.metrics.get(metric) for metric in self.metrics), sample.void]

    def _trial_row(self, trial: Trial) -> list[object]:
        end = (getattr(trial, column) for column in TRIAL_END)
        return [self.name, trial.round, trial.trial, *self._values(trial.case), *end]

    def _span_rows(self, trial: Trial, spans: Sequence[Span]) -> Iterator[list[object]]:
        zero = min((span.submitted_ns for span in spans), default=0)
        for span in spans:
            stamps = (span.submitted_ns, span.started_ns, span.finished_ns)
            seconds = [(stamp - zero) / 1e9 for stamp in stamps]
            yield [*self._values(trial.case), trial.trial, span.index, *seconds, span.worker, span.error]

    def _make_room(self, samples: Sequence[Sample]) -> None:
        """Note in environment.json what the metrics hold, and give those that are new a column."""
        seen = dict(self.metrics)
        for name, value in (pair for sample in samples for pair in sample.metrics.items()):
            seen[name] = kind(value, seen.get(name, "unknown"))
        if seen == self.metrics:
            return
        wider = len(seen) > len(self.metrics)
        self.metrics.update(seen)
        write_environment(self.folder, self.environment)
        if wider:
            self._write("samples.csv", self._read("samples.csv"))

    def _take_up(self) -> None:
        """Learn what is committed; cut torn last lines, and rows of trials that were not committed."""
        trials = read(self.folder).trials
        for number, status, *values in trials.select("trial", "status", *self.axes).iter_rows():
            self._commit(number, status, tuple(value or "" for value in values))
        for name in FILES:
            self._write(name, self._read(name))

    def _read(self, name: str) -> Iterator[list[str]]:
        """Yield a file's committed rows, each as wide as its columns are now."""
        content = whole_lines(self.folder / name).decode().split("\n")[:-1]
        columns = self._columns(name)
        trial = columns.index("trial")
        for row in list(csv.reader(content))[1:]:
            if int(row[trial]) in self.committed:
                room = [""] * (len(columns) - len(row))
                yield [unescaped(value) for value in (*row[:-1], *room, row[-1])]

    def _write(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        replace_file(self.folder / name, lines([self._columns(name), *rows]).encode())


def kind(value: Value | None, before: str = "unknown") -> str:
    """Return what a metric holds that held `before` and now `value`; of two kinds, it is a label."""
    if value is None:
        return before
    now = "bool" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "label"
    return now if before in ("unknown", now) else "label"


def publish(store: ResultsFolder, name: str, grown: Results) -> tuple[Path, str]:
    """Publish a grown result; return the folder where it is then, and what became of an earlier one.

    A grown result without a good trial stays where it grew, if there is a finished one. A finished one with
    more good trials, or one that cannot be read, is kept beside it.
    """
    finished, note = store.finished(name), ""
    if finished.exists():
        good = good_trials(grown)
        if not good:
            return store.partial(name), f"nothing that counts was measured; {finished} is left as it was"
        try:
            before = good_trials(read(finished))
        except LabError:
            before = good + 1
        if before > good:
            note = f"the earlier, longer result is kept in {store.set_aside(name)}"
    return store.publish(name), note


def good_trials(results: Results) -> int:
    """Return how many trials of a result were good."""
    return int(results.trials["status"].eq("ok").sum())
