"""What becomes of claims, given rounds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import Made, made

from lab.claims import judge
from lab.core import Condition
from lab.declare import claim, ratio

STEADY = [1.0, 1.01, 1.0, 0.99, 1.0]
TWICE = [2 * second for second in STEADY]
WILD = [1.5, 0.7, 1.5, 0.7, 1.0]
AXES = ("model", "tasks", "workers")


def said(condition: Condition, results: Made) -> tuple[str, str]:
    (found,) = judge([claim("It holds", condition)], results).rows()
    assert found[0] == "It holds"
    return found[1], found[2]


def test_a_claim_is_supported_where_every_interval_lies_on_its_side() -> None:
    results = made({"sequential 5": TWICE, "threads 5": [1.0] * 5}, axes=("model", "tasks"))
    assert said(ratio("threads", to="sequential") < 1, results) == (
        "supported",
        "threads/sequential 0.500 (0.496-0.504) at tasks=5",
    )
    assert said(ratio("sequential", to="threads") > 1, results)[0] == "supported"


def test_a_claim_is_refuted_where_one_interval_lies_on_the_other_side() -> None:
    cases = {"asyncio 5": STEADY, "threads 5": TWICE, "asyncio 14": [2.0] * 5, "threads 14": [1.9] * 5}
    results = made(cases, axes=("model", "tasks"))
    verdict, evidence = said(ratio("threads", to="asyncio") < 1, results)
    assert (verdict, evidence) == ("refuted", "threads/asyncio 2.00 (2.00-2.00) at tasks=5, 1 of 2 pairs")


def test_a_claim_is_undecided_where_an_interval_holds_the_bound() -> None:
    verdict, evidence = said(ratio("threads", to="asyncio") < 1, made({"asyncio": STEADY, "threads": WILD}))
    assert (verdict, evidence) == ("undecided", "threads/asyncio 1.02 (0.635-1.64)")


def test_a_bound_other_than_1_is_held_against_the_same_interval() -> None:
    results = made({"asyncio": [1.0] * 5, "threads": TWICE})
    assert said(ratio("threads", to="asyncio") < 2.1, results)[0] == "supported"
    assert said(ratio("threads", to="asyncio") > 2.1, results)[0] == "refuted"
    assert said(ratio("threads", to="asyncio") > 2, results)[0] == "undecided"
    assert said(ratio("threads", to="asyncio") > 0, results)[0] == "supported"


def test_where_keeps_only_the_cases_with_its_values() -> None:
    cases = {"asyncio 5": STEADY, "threads 5": TWICE, "asyncio 14": TWICE, "threads 14": STEADY}
    results = made(cases, axes=("model", "tasks"))
    assert said(ratio("threads", to="asyncio", tasks=14) < 1, results)[0] == "supported"
    assert said(ratio("threads", to="asyncio", tasks=5) < 1, results)[0] == "refuted"


def test_true_and_false_are_found_as_the_tables_hold_them() -> None:
    cases = {"asyncio true": STEADY, "threads true": TWICE, "asyncio false": TWICE, "threads false": STEADY}
    results = made(cases, axes=("model", "locked"))
    assert said(ratio("threads", to="asyncio", locked=False) < 1, results)[0] == "supported"


def test_a_model_without_workers_is_held_against_the_other_at_all_workers() -> None:
    cases = {"sequential 5 -": TWICE, "threads 5 1": [2.5] * 5, "threads 5 4": STEADY}
    results = made(cases, axes=AXES)
    verdict, evidence = said(ratio("sequential", to="threads") > 1, results)
    assert verdict == "refuted"
    assert evidence.endswith("at tasks=5 workers=1, 1 of 2 pairs")
    assert said(ratio("sequential", to="threads", workers=4) > 1, results)[0] == "supported"
    assert said(ratio("threads", to="sequential", workers=4) < 1, results)[0] == "supported"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (ratio("fork", to="asyncio") < 1, "no like cases of fork and asyncio"),
        (
            ratio("threads", to="asyncio", tasks=9) < 1,
            "no like cases of threads and asyncio tasks=9",
        ),
        (
            ratio("threads", to="asyncio", task=5) < 1,
            "there is no axis task",
        ),
        (ratio("threads", to="asyncio", metric="lost") < 1, "lost was not measured"),
    ],
)
def test_a_claim_without_data_is_undecided_with_the_reason(condition: Condition, reason: str) -> None:
    results = made({"asyncio 5": STEADY, "threads 5": TWICE}, axes=("model", "tasks"))
    assert said(condition, results) == ("undecided", reason)


def test_a_claim_on_too_few_rounds_is_undecided() -> None:
    results = made({"asyncio 5": [1] * 4, "threads 5": [1, 1, 1, "raised"]}, axes=("model", "tasks"))
    reason = "3 rounds measured both at tasks=5; an interval needs 5"
    assert said(ratio("threads", to="asyncio") < 2, results) == ("undecided", reason)


def test_a_claim_on_a_number_that_is_not_positive_is_undecided() -> None:
    results = made({"asyncio": [0, 1, 1, 1, 1], "threads": [1] * 5}, metric="lost")
    reason = "a value is not positive, so there is no ratio"
    assert said(ratio("threads", to="asyncio", metric="lost") < 2, results) == ("undecided", reason)


def test_a_pair_that_was_not_measured_keeps_a_claim_from_support_and_not_from_refutation() -> None:
    cases = {
        "asyncio 5": [1.0] * 5,
        "threads 5": TWICE,
        "asyncio 14": [1.0] * 5,
        "threads 14": ["raised"] * 5,
    }
    results = made(cases, axes=("model", "tasks"))
    reason = "0 rounds measured both at tasks=14; an interval needs 5"
    assert said(ratio("threads", to="asyncio") > 1, results) == ("undecided", reason)
    assert said(ratio("threads", to="asyncio") < 1, results)[0] == "refuted"


def test_a_difference_that_the_run_does_not_resolve_supports_nothing() -> None:
    cases = {"asyncio": [1.0] * 5, "threads": [0.99, 0.98, 0.99, 0.98, 0.99]}
    condition = ratio("threads", to="asyncio") < 1
    assert said(condition, made(cases))[0] == "supported"
    blunt = made(cases | {"asyncio_again": [1.05, 0.95, 1.05, 0.95, 1.0]})
    assert said(condition, blunt) == ("undecided", "threads/asyncio 0.986 (0.979-1.00)")
    assert said(ratio("threads", to="asyncio") < 1.1, blunt)[0] == "supported"


def test_one_pair_among_many_needs_more_to_refute_than_it_needs_alone() -> None:
    shaky, even = [1.1, 1.3, 1.5, 1.7, 1.1], [0.9, 1.1, 0.9, 1.1, 1.0]
    cases = {"asyncio 0": [1] * 5, "threads 0": shaky}
    assert said(ratio("threads", to="asyncio") < 1, made(cases, axes=("model", "tasks")))[0] == "refuted"
    for tasks in range(1, 10):
        cases |= {f"asyncio {tasks}": [1] * 5, f"threads {tasks}": even}
    assert said(ratio("threads", to="asyncio") < 1, made(cases, axes=("model", "tasks")))[0] == "undecided"


def test_to_support_every_pair_needs_only_its_own_interval() -> None:
    cases = {}
    for tasks in range(10):
        cases |= {f"asyncio {tasks}": [1] * 5, f"threads {tasks}": [1.1, 1.3, 1.5, 1.7, 1.1]}
    assert said(ratio("threads", to="asyncio") > 1, made(cases, axes=("model", "tasks")))[0] == "supported"


def test_claims_keep_their_order_and_no_claims_give_an_empty_table() -> None:
    results = made({"asyncio": STEADY, "threads": TWICE})
    claims = [claim(name, ratio("threads", to="asyncio") > 1) for name in "cab"]
    assert judge(claims, results)["sentence"].to_list() == ["c", "a", "b"]
    assert judge([], results).schema == dict.fromkeys(("sentence", "verdict", "evidence"), pl.String())


@settings(max_examples=40)
@given(
    st.lists(st.floats(0.01, 100), min_size=5, max_size=8),
    st.lists(st.floats(0.01, 100), min_size=5, max_size=8),
    st.floats(0.1, 10),
)
def test_a_claim_and_its_opposite_are_never_both_supported(
    one: list[float], other: list[float], bound: float
) -> None:
    results = made({"asyncio": one, "threads": other})
    below = said(ratio("threads", to="asyncio") < bound, results)[0]
    above = said(ratio("threads", to="asyncio") > bound, results)[0]
    assert (below, above) in {
        ("supported", "refuted"),
        ("refuted", "supported"),
        ("undecided", "undecided"),
    }
