"""Are predictions right where nothing was fitted? `fetch` and `cpu`, predicted from the other experiments.

python benchmarks/predictions.py [RESULTS]
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from lab.analysis.predict.forecast import forecast
from lab.analysis.predict.measured_costs import Constants, constants
from lab.analysis.predict.models import law_of
from lab.analysis.predict.question import Question, Room
from lab.analysis.stats.intervals import median
from lab.analysis.stats.rounds import Axes, Rounds, by_round
from lab.core.work import SEQUENTIAL
from lab.store.reading import read

REFERENCE = Path(__file__).parents[1] / "results" / "reference"
WAIT_S, SEARCHES = 0.05, 8  # what fetch waits for, and how many tasks cpu has
ANY = Room(float("inf"))


def measured(rounds: Rounds) -> Iterator[tuple[Axes, int, float]]:
    """Yield each case that can be predicted: its axes, its workers, its median makespan."""
    for index, case in enumerate(rounds.cases):
        if law_of(str(case["model"])):
            tasks = int(case.get("tasks") or SEARCHES)
            workers = case.get("workers")
            number = tasks if workers in (None, "all") else int(workers)
            yield case, number, float(median(rounds.values["makespan_s"][index]))


def questions(results: Path, known: Constants) -> Iterator[tuple[str, Question, str, float]]:
    """Yield each question with its experiment, its model and what was measured."""
    cores = known.cores
    for case, workers, makespan_s in measured(by_round(read(results / "fetch"))):
        question = Question(int(case["tasks"] or 1), WAIT_S, 0.0, cores, workers)
        yield "fetch", question, case["model"], makespan_s
    searches = list(measured(by_round(read(results / "cpu"))))
    alone_s = next(seconds for case, _, seconds in searches if case["model"] == SEQUENTIAL) / SEARCHES
    for case, workers, makespan_s in searches:
        if case["model"] != SEQUENTIAL:  # a task's computing is taken from it
            yield "cpu", Question(SEARCHES, 0.0, alone_s, cores, workers), case["model"], makespan_s


def main() -> None:
    """Print each prediction beside what was measured, and how many hold."""
    results = Path(sys.argv[1]) if sys.argv[1:] else REFERENCE
    known = constants(results, REFERENCE)
    held, errors = 0, []
    for name, question, model, there in questions(results, known):
        predicted = forecast(model, question, known, ANY).makespan_s
        held += predicted.low <= there <= predicted.high
        errors.append(predicted.value / there - 1)
        value, low, high = (1000 * each for each in (predicted.value, predicted.low, predicted.high))
        case = f"{question.tasks} tasks, {question.in_flight} at once"
        print(
            f"{name:6} {model:18} {case:22} predicted {f'{value:.0f} ({low:.0f}-{high:.0f})':15} ms,"
            f" measured {1000 * there:4.0f} ms, {errors[-1]:+.0%}"
        )
    print(f"{held} of {len(errors)} in their interval; the farthest {max(map(abs, errors)):.0%} off")


if __name__ == "__main__":
    main()
