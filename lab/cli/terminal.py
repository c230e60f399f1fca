"""Shows a run's events: tables on stdout; on stderr a bar, or a line per round if it is no terminal."""

import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lab.cli.guard import complain, interrupt_again
from lab.cli.options import print_json
from lab.core.errors import INTERRUPTED
from lab.pipeline import Events
from lab.present import events
from lab.present.events import Event, line

CASE_WIDTH = 34


def handled(happening: Events, show: Callable[[Event], None]) -> int:
    """Show each event of a run, and return the run's exit code.

    A Ctrl-C while an event is shown interrupts the run, as one does while it measures.
    """
    exit_code = INTERRUPTED
    event = next(happening, None)
    while event is not None:
        try:
            show(event)
            if isinstance(event, events.Interrupted):
                interrupt_again(once_more=True)  # the page that is written now need not be finished
            elif isinstance(event, events.Done):
                interrupt_again(once_more=False)
                exit_code = event.exit_code
            event = next(happening, None)
        except KeyboardInterrupt as interruption:
            event = happening.throw(interruption)
    return exit_code


def print_event(event: Event) -> None:
    """Print an event on stdout as a line of JSON."""
    print(events.as_json(event), flush=True)


class Terminal:
    """A run as a user sees it: progress, messages, and tables; or, at the end, all rows as JSON."""

    def __init__(self, *, as_json: bool = False) -> None:
        self._console = Console(highlight=False)
        self._rows: list[dict[str, Any]] | None = [] if as_json else None
        log = Console(stderr=True, highlight=False)
        bar, left = BarColumn(bar_width=None), TimeRemainingColumn(compact=True)
        columns = (TextColumn("{task.description}"), bar, MofNCompleteColumn(), left)
        self._bar = Progress(
            *columns, console=log, disable=not log.is_terminal, transient=True, expand=True
        )
        self._task = self._bar.add_task("", total=None)

    def __call__(self, event: Event) -> None:
        """Show an event."""
        self.progress(event)
        match event:
            case events.ExperimentEnded(experiment=name, findings=result) if self._rows is not None:
                self._rows += [{"experiment": name, **row} for row in result.summary.to_dicts()]
            case events.ExperimentEnded():
                self._console.print(event.findings.page.drawn(self._console.width))
            case events.Warned() | events.Interrupted():
                for text in line(event).splitlines():
                    complain(text)
            case events.RunBegan() | events.FiguresDrawn() | events.PageWritten() if text := line(event):
                print(text, file=sys.stderr)
            case events.Done(exit_code=code) if self._rows is not None and code != INTERRUPTED:
                print_json(self._rows)

    def progress(self, event: Event) -> None:
        """Show how far a run is: a bar over all trials, or a line for each round without a terminal."""
        match event:
            case events.RunBegan():
                self._bar.update(self._task, total=event.trials, completed=event.measured)
            case events.TrialBegan():
                case = f"{event.experiment} {event.round}/{event.rounds} {str(event.case)[:CASE_WIDTH]}"
                self._bar.update(self._task, description=escape(case))
                self._bar.start()
            case events.TrialEnded():
                self._bar.advance(self._task)
                if text := line(event):
                    self._bar.console.print(text, markup=False, soft_wrap=True)
            case events.RoundEnded():
                if not self._bar.console.is_terminal:
                    print(line(event), file=sys.stderr)
            case _:  # no trial runs now
                self._bar.stop()

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()
