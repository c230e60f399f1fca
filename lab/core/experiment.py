"""An experiment: a question, the grid of cases that answers it, what each runs, and what work it is of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lab.core.claims import Claim
from lab.core.constants import Constant
from lab.core.derived import Derived
from lab.core.figures import Figure
from lab.core.work import AA_SUFFIX, Case, Span, Value, Workload


class Measurement(NamedTuple):
    """What a `measure` function returns when it has spans to show beside its named numbers."""

    numbers: Mapping[str, Value | None]
    spans: Sequence[Span] = ()


class Work(NamedTuple):
    """A row of the page's table "Which model for which work": work that people ask about.

    text: the work in words. where: axis -> value, of the cases that do such work; of several, the last one
    counts. rank: where the row stands in the table; the smallest is first.
    """

    text: str
    where: Mapping[str, Value]
    rank: int


def work(text: str, *, rank: int = 1000, **where: Value) -> Work:
    """Declare such a row: `work("14 URLs, all at once", tasks=14, workers="all")`."""
    return Work(text, where, rank)


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question, the grid of cases that answers it, and what each case runs.

    Either `workload` (a workload, or a function case -> workload) or `measure` (a function
    case -> named numbers, run in the trial) says what a sample is. A bool counts, a str is a label, and
    None is a number that cannot be known on this system. `samples` and `warmups` are batches per trial;
    `timeout_s` is a trial's deadline.

    constants: costs of the machine that it measures, which `lab predict` calculates with.
    derived: tables besides summary.csv, made from the rows whenever that is.
    keep: params -> whether a cell of the grid earns its time; None keeps all.
    unavailable: case -> why it cannot run here, and the remedy ("" where it can); such a case is
        skipped with that reason. `lab.missing("package")` has the words for a package.
    aa_control: params -> whether the baseline's second measurement, which shows what this machine can
        resolve, is taken of this case too; None takes it of every case of the baseline.
    uses_server: whether `measure` needs the embedded server; `LAB_SERVER` in the environment is
        then its URL, and `LAB_TAG` a tag of the trial's own.
    advice: kinds of work that people ask about, and which cases answer: `[work("14 URLs", tasks=14)]`.
    besides: what else matters than time, and is measured here: "Memory: who needs a copy of the data."
        The page links from below that table, with the words after the colon.
    in_flight: the axis that asks for a number of tasks in flight at once, and the metric that says how
        many there were. For a `workload` the lab's own columns say so.
    """

    question: str
    grid: Mapping[str, Sequence[Value]]
    workload: Workload | Callable[[Case], Workload] | None = None
    measure: Callable[[Case], Mapping[str, Value | None] | Measurement] | None = None
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
    advice: Sequence[Work] = ()
    besides: str = ""
    in_flight: tuple[str, str] | None = None

    def workload_of(self, case: Case) -> Workload | None:
        """Return the workload that a case runs; None for an experiment that has `measure`."""
        if self.workload is None or isinstance(self.workload, Workload):
            return self.workload
        return self.workload(case)

    def model_of(self, case: Case) -> str:
        """Return the name of the model that runs a case: the baseline's where the grid has no models."""
        return str(case.params.get("model", self.baseline)).removesuffix(AA_SUFFIX)
