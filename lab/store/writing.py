"""Appends a trial's rows to the files of a growing result, and commits them."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lab.core import Case, Sample, Span, Trial, Value
from lab.store.files import append, drop_torn_line, replace_file
from lab.store.places import read_environment
from lab.store.rows import SAMPLE, SPAN, TRIAL, TRIAL_END, lines


class Writer:
    """The files of one growing result; `committed` holds the numbers of the trials in them."""

    def __init__(self, folder: Path):
        """Open the files in `folder`, whose environment.json is there; make them, or mend their ends."""
        self.folder = folder
        self.environment = read_environment(folder)
        self.name: str = self.environment["experiment"]["name"]
        self.axes: list[str] = self.environment["experiment"]["axes"]
        self.metrics: dict[str, str] = self.environment.setdefault("metrics", {})
        self.committed: set[int] = set()
        self._traced: set[tuple[str, ...]] = set()
        if (folder / "trials.csv").exists():
            self._mend()
        else:
            self._write("samples.csv", [self._sample_columns()])
            self._write("spans.csv", [[*self.axes, *SPAN]])
            self._write("trials.csv", [[*TRIAL, *self.axes, *TRIAL_END]])

    def add(self, trial: Trial, samples: Sequence[Sample], spans: Sequence[Span] = ()) -> None:
        """Append a trial's rows and commit them with its own; a case's first good spans are kept."""
        self._make_room(samples)
        append(self.folder / "samples.csv", lines(self._sample_row(sample) for sample in samples))
        if trial.status == "ok" and self._values(trial.case) not in self._traced:
            append(self.folder / "spans.csv", lines(self._span_rows(trial, spans)))
        append(self.folder / "trials.csv", lines([self._trial_row(trial)]))
        self._commit(trial.trial, trial.status, self._values(trial.case))

    def _commit(self, number: int, status: str, values: tuple[str, ...]) -> None:
        self.committed.add(number)
        if status == "ok":
            self._traced.add(values)

    def _values(self, case: Case) -> tuple[str, ...]:
        return tuple(str(case.params.get(axis, "")) for axis in self.axes)

    def _sample_columns(self) -> list[str]:
        return [*SAMPLE, *self.axes, *self.metrics, "void"]

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
        """Give metrics that were not seen before a column, and note in environment.json what they hold."""
        new = {name: kind(value) for sample in samples for name, value in sample.metrics.items()}
        new = {name: what for name, what in new.items() if name not in self.metrics}
        if not new:
            return
        rows = self._read("samples.csv")
        self.metrics.update(new)
        wider = [[*row[:-1], *("" for _ in new), row[-1]] for row in rows[1:]]
        replace_file(
            self.folder / "environment.json", json.dumps(self.environment, indent=1, default=str).encode()
        )
        self._write("samples.csv", [self._sample_columns(), *wider])

    def _mend(self) -> None:
        """Cut torn last lines, and rows of trials that were not committed."""
        for name in ("samples.csv", "spans.csv", "trials.csv"):
            drop_torn_line(self.folder / name)
        width = len(self.axes)
        for row in self._read("trials.csv")[1:]:
            self._commit(int(row[2]), row[3 + width], tuple(row[3 : 3 + width]))
        committed = {str(number) for number in self.committed}
        for name, column in (("samples.csv", SAMPLE.index("trial")), ("spans.csv", width)):
            header, *rows = self._read(name)
            self._write(name, [header, *(row for row in rows if row[column] in committed)])

    def _read(self, name: str) -> list[list[str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def _write(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        replace_file(self.folder / name, lines(rows).encode())


def kind(value: Value | None) -> str:
    """Return what a metric holds: "number" (also where it is unknown), "bool" or "label"."""
    if isinstance(value, bool):
        return "bool"
    return "label" if isinstance(value, str) else "number"
