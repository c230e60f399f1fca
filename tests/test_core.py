"""The nouns compute only what follows from themselves."""

import pytest
from builders import span
from hypothesis import given
from hypothesis import strategies as st

from lab.core.errors import LabError
from lab.core.work import Case, peak_in_flight


@pytest.mark.parametrize(
    ("started_and_finished", "peak"),
    [
        ([], 0),
        ([(0, 1)], 1),
        ([(0, 1), (1, 2), (2, 3)], 1),  # they touch
        ([(0, 2), (1, 3), (2, 4)], 2),
        ([(0, 9), (1, 2), (3, 4), (3, 5)], 3),
        ([(3, 5), (0, 9), (3, 4), (1, 2)], 3),  # the same in another order
        ([(0, 1), (0, 1), (0, 1)], 3),
    ],
)
def test_the_peak_is_the_most_that_overlap(started_and_finished, peak):
    spans = [span(n, 0, *seconds) for n, seconds in enumerate(started_and_finished)]
    assert peak_in_flight(spans) == peak


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), max_size=12))
def test_the_peak_is_reached_where_some_task_starts(starts_and_lengths):
    spans = [span(n, 0, start, start + length) for n, (start, length) in enumerate(starts_and_lengths)]
    at_starts = [
        sum(other.started_ns <= each.started_ns < other.finished_ns for other in spans) for each in spans
    ]
    assert peak_in_flight(spans) == max(at_starts, default=0)


def test_an_error_says_what_where_and_remedy_in_one_line():
    assert str(LabError("no model 'x'", where="a.py", remedy="write y")) == "a.py: no model 'x'; write y"
    assert str(LabError("no model 'x'")) == "no model 'x'"
    assert LabError("damaged", exit_code=4).exit_code == 4


def test_cases_with_equal_parameters_are_one_case():
    one, same = Case("made", {"model": "threads"}), Case("made", {"model": "threads"})
    assert len({one, same, Case("other", {"model": "threads"}), Case("made", {"model": "fork"})}) == 3
    assert str(one) == "model=threads"
    assert one["model"] == "threads"


def test_cases_are_equal_and_have_one_hash_whatever_the_order_of_their_axes():
    one, other = (Case("made", dict(axes)) for axes in ([("a", 1), ("b", 2)], [("b", 2), ("a", 1)]))
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other, Case("made", {"a": 2, "b": 1})}) == 2
