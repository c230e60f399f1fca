"""What `lab run` shows on stderr while it measures: a bar on a terminal, else a line a round."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lab.runner.jobs import Job
from lab.store.records import Trial

CASE_WIDTH = 34


@contextmanager
def progress(total: int) -> Iterator[Progress]:
    """Show a bar over all trials of a run; nothing where stderr is no terminal."""
    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(
        *columns, console=console, disable=not console.is_terminal, transient=True, expand=True
    ) as bar:
        bar.add_task("", total=total)
        yield bar


def watched(trials: Iterable[Trial], job: Job, bar: Progress) -> Iterator[Trial]:
    """Yield the trials as they come and show each: in the bar, or a line for every round that is full."""
    task = bar.task_ids[0]
    rounds = job.settings.rounds
    for trial in trials:
        yield trial
        case = str(trial.case)[:CASE_WIDTH]
        said = f"{job.name} {trial.round}/{rounds} {case}"
        bar.update(task, advance=1, description=escape(said))
        if not bar.console.is_terminal and trial.trial % len(job.cases) == 0:
            bar.console.print(f"{job.name}: round {trial.round} of {rounds}", markup=False)
        if trial.status not in ("ok", "skipped"):
            words = f"{job.name}: {trial.status}: {trial.case}: {trial.reason}"
            bar.console.print(words, markup=False, soft_wrap=True)
