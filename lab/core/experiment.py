"""An experiment: a question, the grid of cases that answers it, and what each case runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lab.core.claims import Claim
from lab.core.constants import Constant
from lab.core.derived import Derived
from lab.core.figures import Figure
from lab.core.work import Case, Span, Value, Workload


class Measurement(NamedTuple):
    """What a `measure` function returns when it has spans to show beside its named numbers."""

    numbers: Mapping[str, Value]
    spans: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question, the grid of cases that answers it, and what each case runs.

    Either `workload` (a workload, or a function case -> workload) or `measure` (a function
    case -> named numbers, run in the trial) says what a sample is. `samples` and `warmups` are
    batches a trial; `timeout_s` is a trial's deadline.

    constants: costs of the machine that it measures, which `lab predict` calculates with.
    derived: tables besides summary.csv, made from the rows whenever that is.
    keep: params -> whether a cell of the grid earns its time; None keeps all.
    unavailable: case -> why it cannot run here, and the remedy ("" where it can); such a case is
        skipped with that reason. `lab.missing("package")` has the words for a package.
    aa_control: params -> whether the baseline's second measurement, which shows what this machine can
        resolve, is taken of this case too; None takes it of every case of the baseline.
    uses_server: whether `measure` needs the embedded server; `LAB_SERVER` in the environment is
        then its URL, and `LAB_TAG` a tag of the trial's own.
    """

    question: str
    grid: Mapping[str, Sequence[Value]]
    workload: Workload | Callable[[Case], Workload] | None = None
    measure: Callable[[Case], Mapping[str, Value] | Measurement] | None = None
    figures: Sequence[Figure] = ()
    claims: Sequence[Claim] = ()
    derived: Sequence[Derived] = ()
    constants: Sequence[Constant] = ()
    baseline: str = "asyncio"
    samples: int = 3
    warmups: int = 1
    timeout_s: float = 60.0
    keep: Callable[[Mapping[str, Value]], bool] | None = None
    unavailable: Callable[[Case], str] | None = None
    aa_control: Callable[[Mapping[str, Value]], bool] | None = None
    uses_server: bool = False

    def workload_of(self, case: Case) -> Workload | None:
        """Return the workload that a case runs; None for an experiment that has `measure`."""
        if self.workload is None or isinstance(self.workload, Workload):
            return self.workload
        return self.workload(case)
