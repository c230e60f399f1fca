"""Are forecasts right where nothing was fitted? `fetch` and `cpu`, foretold from the other experiments.

python benchmarks/predictions.py [RESULTS]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from lab.analysis.predict.clients import USUAL
from lab.analysis.predict.constants import Constants, constants
from lab.analysis.predict.forecast import forecast
from lab.analysis.predict.loads import LOADS
from lab.analysis.predict.question import Question
from lab.analysis.predict.room import Room
from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import Axes, Rounds, by_round
from lab.store.reading import read

REFERENCE = Path(__file__).parents[1] / "results" / "reference"
WAIT_S, SEARCHES = 0.05, 8  # what fetch waits for, and how many tasks cpu has
ANY = Room(float("inf"))


def measured(rounds: Rounds) -> Iterator[tuple[Axes, int, float]]:
    """Yield each case that can be foretold: its axes, its workers, its median makespan."""
    for place, case in enumerate(rounds.cases):
        if case["model"] in LOADS:
            tasks = int(case.get("tasks") or SEARCHES)
            workers = case.get("workers")
            number = tasks if workers in (None, "all") else int(workers)
            yield case, number, float(median(rounds.values["makespan_s"][place]))


def asked(results: Path, known: Constants) -> Iterator[tuple[str, Question, str, float]]:
    """Yield each question with its experiment, its model and what was measured."""
    cores = known.cores
    for case, workers, there in measured(by_round(read(results / "fetch"))):
        yield "fetch", Question(int(case["tasks"] or 1), WAIT_S, 0.0, cores, workers), case["model"], there
    searches = list(measured(by_round(read(results / "cpu"))))
    alone_s = next(there for case, _, there in searches if case["model"] == "sequential") / SEARCHES
    for case, workers, there in searches:
        if case["model"] != "sequential":  # that is what a task's computing is taken from
            yield "cpu", Question(SEARCHES, 0.0, alone_s, cores, workers), case["model"], there


def main() -> None:
    """Print each forecast beside what was measured, and how many hold."""
    results = Path(sys.argv[1]) if sys.argv[1:] else REFERENCE
    known = constants(results, REFERENCE, USUAL)
    held, errors = 0, []
    for name, question, model, there in asked(results, known):
        foretold = forecast(model, question, known, ANY).makespan_s
        held += foretold.low <= there <= foretold.high
        errors.append(foretold.value / there - 1)
        interval = f"{1000 * foretold.value:.0f} ({1000 * foretold.low:.0f}-{1000 * foretold.high:.0f})"
        case = f"{question.tasks} tasks, {question.in_flight} at once"
        print(
            f"{name:6} {model:18} {case:22} foretold {interval:15} ms,"
            f" measured {1000 * there:4.0f} ms, {errors[-1]:+.0%}"
        )
    print(f"{held} of {len(errors)} in their interval; the farthest {max(map(abs, errors)):.0%} off")


if __name__ == "__main__":
    main()
