"""How long the store takes to write, read and take up again 100,000 rows of samples.

    python benchmarks/store.py

Every trial's rows are flushed to disk before the next trial; that is most of the time of writing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from lab.core.work import Case, Span
from lab.store.environment_file import write_environment
from lab.store.reading import Results, read
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

TRIALS, SAMPLES = 1_000, 100
EXPERIMENT = {
    "name": "speed",
    "question": "?",
    "baseline": "asyncio",
    "axes": ["model", "tasks"],
    "cases": [],
}
VOID = 'task 3 failed: ValueError: a "quoted" word, a \\ and\na second line'


def written(folder: Path) -> None:
    write_environment(folder, {"experiment": EXPERIMENT, "plan": {}, "machine": {"cores": 2}})
    writer = Writer(folder)
    for trial in range(1, TRIALS + 1):
        case = Case("speed", {"model": f"model {trial % 20}", "tasks": 14})
        samples = [
            Sample(
                trial,
                trial,
                number,
                case,
                {"makespan_s": number / 7, "service_s": number / 9, "peak_in_flight": 4, "limit_s": None},
                VOID if number % 10 == 0 else "",
            )
            for number in range(1, SAMPLES + 1)
        ]
        spans = [Span(index, 0, index, 10**9, "worker") for index in range(14)]
        writer.add(Trial(trial, trial, case, "ok", SAMPLES, wall_s=1.0), samples, spans)


def seconds(action: Callable[[Path], object], folder: Path) -> float:
    start = perf_counter()
    action(folder)
    return perf_counter() - start


def rows(folder: Path) -> Results:
    results = read(folder)
    assert results.samples.height == TRIALS * SAMPLES
    assert results.samples["void"][9] == VOID
    return results


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{TRIALS * SAMPLES:,} rows of {TRIALS:,} trials")
        print(f"write     {seconds(written, folder):6.2f} s")
        print(f"read      {min(seconds(rows, folder) for _ in range(3)):6.2f} s")
        print(f"take up   {seconds(Writer, folder):6.2f} s")


if __name__ == "__main__":
    main()
