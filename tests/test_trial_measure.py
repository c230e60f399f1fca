"""One trial of an experiment that measures itself: what `measure` may return, and how it fails."""

import math

import pytest
from runs import measured, written

from lab.core.errors import LabError
from lab.core.work import Span
from lab.trial.__main__ import known_numbers

TAKEN = {"model", "round"}

MEASURES = """
calls = []
def counted():
    calls.append(0)
    return {"calls": len(calls), "even": len(calls) % 2 == 0, "says": "so"}
def spans():
    return Measurement({"makespan_s": 0.5}, [Span(0, 5, 6, 9, "me")])
def raises():
    print("a last word", file=sys.stderr)
    raise ValueError("no luck")
def endless(): return {"x_s": float("nan")}
def mapless(): return 3
def wordy(): raise ValueError("x" * 100_000)
def measure(case): return globals()[case["how"]]()
experiment = Experiment(
    question="?", measure=measure, samples=3, warmups=2,
    grid={"how": ["counted", "spans", "raises", "endless", "mapless", "wordy"]},
)
"""


@pytest.fixture(scope="module")
def measures(tmp_path_factory):
    return measured(written(tmp_path_factory.mktemp("measures"), "measures", MEASURES))


def test_warm_ups_are_run_and_not_recorded(measures):
    samples = measures.samples_of(measures.of(how="counted"))
    assert [sample.metrics["calls"] for sample in samples] == [3, 4, 5]


def test_a_measure_returns_numbers_labels_and_truths(measures):
    first = measures.samples_of(measures.of(how="counted"))[0]
    assert first.metrics == {"calls": 3, "even": False, "says": "so"}


def test_a_measurement_brings_its_spans(measures):
    trial = measures.of(how="spans")
    assert measures.samples_of(trial)[0].metrics == {"makespan_s": 0.5}
    assert measures.spans[trial.trial] == [Span(0, 5, 6, 9, "me")]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raises", "ValueError: no luck"),
        ("endless", "measure: x_s is nan; give a finite number"),
        ("mapless", 'measure: returned 3; return named numbers, like {"makespan_s": 0.1}'),
        ("wordy", "ValueError: " + "x" * 287 + "…"),
    ],
)
def test_a_measure_that_raises_or_returns_what_no_row_can_hold_says_so(measures, how, reason):
    trial = measures.of(how=how)
    assert (trial.status, trial.reason, trial.samples) == ("raised", reason, 0)


def test_the_tail_of_stderr_comes_with_what_was_raised(measures):
    stderr = measures.of(how="raises").stderr
    assert stderr.startswith("a last word\nTraceback") and stderr.endswith("ValueError: no luck\n")


@pytest.mark.parametrize(
    "numbers",
    [{}, [1], None, {"": 1}, {3: 1}, {"a b": 1}, {"../x": 1}, {"round": 1}, {"model": 1}, {"x": None}]
    + [{"x": value} for value in (math.nan, math.inf, -math.inf, 1j, b"", [])],
)
def test_numbers_that_a_row_cannot_hold_are_refused(numbers):
    with pytest.raises(LabError, match="measure: "):
        known_numbers(numbers, TAKEN)


def test_numbers_that_a_row_can_hold_pass():
    numbers = {"makespan_s": 0.1, "lost": 3, "hung": False, "first": "eur"}
    assert known_numbers(numbers, TAKEN) == numbers


def test_a_number_that_cannot_be_known_here_is_none_and_left_out():
    assert known_numbers({"cpu_s": None, "makespan_s": 0.1}, TAKEN) == {"makespan_s": 0.1}
