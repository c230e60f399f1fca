"""What becomes of claims, given rounds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import Made, made

from lab.analysis.claims import judge
from lab.core.claims import Condition, Level, claim, ever, ratio, value
from lab.core.errors import LabError

STEADY = [1.0, 1.01, 1.0, 0.99, 1.0]
TWICE = [2 * second for second in STEADY]
WILD = [1.5, 0.7, 1.5, 0.7, 1.0]
AXES = ("model", "tasks", "workers")


def judged(condition: Condition | Level, results: Made) -> tuple[str, str]:
    (judged_row,) = judge([claim("It holds", condition)], results).rows(named=True)
    assert judged_row["sentence"] == "It holds"
    return judged_row["verdict"], judged_row["evidence"]


def test_a_claim_is_supported_where_every_interval_lies_on_its_side() -> None:
    results = made({"sequential 5": TWICE, "threads 5": [1.0] * 5}, axes=("model", "tasks"))
    assert judged(ratio("threads", to="sequential") < 1, results) == (
        "supported",
        "threads/sequential 0.500 (0.496-0.504) at tasks=5",
    )
    assert judged(ratio("sequential", to="threads") > 1, results)[0] == "supported"


def test_a_claim_is_refuted_where_one_interval_lies_on_the_other_side() -> None:
    cases = {"asyncio 5": STEADY, "threads 5": TWICE, "asyncio 14": [2.0] * 5, "threads 14": [1.9] * 5}
    results = made(cases, axes=("model", "tasks"))
    verdict, evidence = judged(ratio("threads", to="asyncio") < 1, results)
    assert (verdict, evidence) == ("refuted", "threads/asyncio 2.00 (2.00-2.00) at tasks=5, 1 of 2 pairs")


def test_a_claim_is_undecided_where_an_interval_holds_the_bound() -> None:
    verdict, evidence = judged(
        ratio("threads", to="asyncio") < 1, made({"asyncio": STEADY, "threads": WILD})
    )
    assert (verdict, evidence) == ("undecided", "threads/asyncio 1.02 (0.635-1.64)")


def test_a_bound_other_than_1_is_held_against_the_same_interval() -> None:
    results = made({"asyncio": [1.0] * 5, "threads": TWICE})
    assert judged(ratio("threads", to="asyncio") < 2.1, results)[0] == "supported"
    assert judged(ratio("threads", to="asyncio") > 2.1, results)[0] == "refuted"
    assert judged(ratio("threads", to="asyncio") > 2, results)[0] == "undecided"
    assert judged(ratio("threads", to="asyncio") > 0, results)[0] == "supported"


def test_where_keeps_only_the_cases_with_its_values() -> None:
    cases = {"asyncio 5": STEADY, "threads 5": TWICE, "asyncio 14": TWICE, "threads 14": STEADY}
    results = made(cases, axes=("model", "tasks"))
    assert judged(ratio("threads", to="asyncio", tasks=14) < 1, results)[0] == "supported"
    assert judged(ratio("threads", to="asyncio", tasks=5) < 1, results)[0] == "refuted"


def test_true_and_false_are_found_as_the_tables_hold_them() -> None:
    cases = {"asyncio True": STEADY, "threads True": TWICE, "asyncio False": TWICE, "threads False": STEADY}
    results = made(cases, axes=("model", "locked"))
    assert judged(ratio("threads", to="asyncio", locked=False) < 1, results)[0] == "supported"


def test_a_model_without_workers_is_held_against_the_other_at_all_workers() -> None:
    cases = {"sequential 5 -": TWICE, "threads 5 1": [2.5] * 5, "threads 5 4": STEADY}
    results = made(cases, axes=AXES)
    verdict, evidence = judged(ratio("sequential", to="threads") > 1, results)
    assert verdict == "refuted"
    assert evidence.endswith("at tasks=5 workers=1, 1 of 2 pairs")
    assert judged(ratio("sequential", to="threads", workers=4) > 1, results)[0] == "supported"
    assert judged(ratio("threads", to="sequential", workers=4) < 1, results)[0] == "supported"


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (ratio("fork", to="asyncio") < 1, "no like cases of fork and asyncio"),
        (
            ratio("threads", to="asyncio", tasks=9) < 1,
            "no like cases of threads and asyncio at tasks=9",
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
    assert judged(condition, results) == ("undecided", reason)


def test_a_claim_on_too_few_rounds_is_undecided() -> None:
    results = made({"asyncio 5": [1] * 4, "threads 5": [1, 1, 1, "raised"]}, axes=("model", "tasks"))
    reason = "3 rounds measured both at tasks=5; an interval needs 5"
    assert judged(ratio("threads", to="asyncio") < 2, results) == ("undecided", reason)


def test_a_claim_on_a_number_that_is_not_positive_is_undecided() -> None:
    results = made({"asyncio": [0, 1, 1, 1, 1], "threads": [1] * 5}, metric="lost")
    reason = "a value is not positive, so there is no ratio"
    assert judged(ratio("threads", to="asyncio", metric="lost") < 2, results) == ("undecided", reason)


def test_a_pair_that_was_not_measured_keeps_a_claim_from_support_and_not_from_refutation() -> None:
    cases = {
        "asyncio 5": [1.0] * 5,
        "threads 5": TWICE,
        "asyncio 14": [1.0] * 5,
        "threads 14": ["raised"] * 5,
    }
    results = made(cases, axes=("model", "tasks"))
    reason = "0 rounds measured both at tasks=14; an interval needs 5"
    assert judged(ratio("threads", to="asyncio") > 1, results) == ("undecided", reason)
    assert judged(ratio("threads", to="asyncio") < 1, results)[0] == "refuted"


def test_a_difference_that_the_run_does_not_resolve_supports_nothing() -> None:
    cases = {"asyncio": [1.0] * 5, "threads": [0.99, 0.98, 0.99, 0.98, 0.99]}
    condition = ratio("threads", to="asyncio") < 1
    assert judged(condition, made(cases))[0] == "supported"
    blunt = made(cases | {"asyncio_aa": [1.05, 0.95, 1.05, 0.95, 1.0]})
    assert judged(condition, blunt) == ("undecided", "threads/asyncio 0.986 (0.979-1.00)")
    assert judged(ratio("threads", to="asyncio") < 1.1, blunt)[0] == "supported"


def test_one_pair_among_many_needs_more_to_refute_than_it_needs_alone() -> None:
    shaky, even = [1.1, 1.3, 1.5, 1.7, 1.1], [0.9, 1.1, 0.9, 1.1, 1.0]
    cases = {"asyncio 0": [1] * 5, "threads 0": shaky}
    assert judged(ratio("threads", to="asyncio") < 1, made(cases, axes=("model", "tasks")))[0] == "refuted"
    for tasks in range(1, 10):
        cases |= {f"asyncio {tasks}": [1] * 5, f"threads {tasks}": even}
    assert (
        judged(ratio("threads", to="asyncio") < 1, made(cases, axes=("model", "tasks")))[0] == "undecided"
    )


def test_to_support_every_pair_needs_only_its_own_interval() -> None:
    cases = {}
    for tasks in range(10):
        cases |= {f"asyncio {tasks}": [1] * 5, f"threads {tasks}": [1.1, 1.3, 1.5, 1.7, 1.1]}
    assert (
        judged(ratio("threads", to="asyncio") > 1, made(cases, axes=("model", "tasks")))[0] == "supported"
    )


def test_claims_keep_their_order_and_no_claims_give_an_empty_table() -> None:
    results = made({"asyncio": STEADY, "threads": TWICE})
    claims = [claim(name, ratio("threads", to="asyncio") > 1) for name in "cab"]
    assert judge(claims, results)["sentence"].to_list() == ["c", "a", "b"]
    assert judge([], results).schema == judge(claims, results).schema


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
    below = judged(ratio("threads", to="asyncio") < bound, results)[0]
    above = judged(ratio("threads", to="asyncio") > bound, results)[0]
    assert (below, above) in {
        ("supported", "refuted"),
        ("refuted", "supported"),
        ("undecided", "undecided"),
    }


def lost(*cases: tuple[str, list[float]]) -> Made:
    return made(dict(cases), axes=("model", "guard"), metric="lost_percent")


def test_a_level_is_supported_where_every_cases_interval_lies_on_its_side() -> None:
    results = lost(("threads lock", [0.0] * 5), ("asyncio lock", [0.0] * 5), ("threads none", [3.0] * 5))
    assert judged(value("lost_percent", guard="lock") < 0.001, results) == (
        "supported",
        "lost_percent 0 (0-0) at model=threads guard=lock, 2 of 2 cases",
    )
    assert judged(value("lost_percent", guard="none") > 0, results)[0] == "supported"


def test_a_level_is_refuted_where_one_cases_interval_lies_on_the_other_side() -> None:
    results = lost(("threads none", [2.0, 3.0, 4.0, 5.0, 6.0]), ("asyncio none", [0.0] * 5))
    assert judged(value("lost_percent", guard="none") < 1, results) == (
        "refuted",
        "lost_percent 4.00 (2.00-6.00) at model=threads guard=none, 1 of 2 cases",
    )


def test_a_level_is_undecided_where_rounds_differ_about_it_or_are_too_few() -> None:
    results = lost(("threads none", [0.0, 3.0, 4.0, 5.0, 6.0]), ("threads lock", [0.0] * 4))
    assert judged(value("lost_percent", guard="none") > 1, results) == (
        "undecided",
        "lost_percent 4.00 (0-6.00) at model=threads guard=none",
    )
    assert judged(value("lost_percent", guard="lock") < 1, results) == (
        "undecided",
        "4 rounds measured it at model=threads guard=lock; an interval needs 5",
    )


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        (value("losses") > 0, "losses was not measured"),
        (value("lost_percent", guards="lock") > 0, "there is no axis guards"),
        (value("lost_percent", guard="key") > 0, "no case was measured at guard=key"),
    ],
)
def test_a_level_without_data_is_undecided_with_the_reason(condition: Level, reason: str) -> None:
    assert judged(condition, lost(("threads lock", [0.0] * 5))) == ("undecided", reason)


def test_a_sought_fact_is_supported_by_one_sighting_and_never_refuted() -> None:
    results = lost(("threads none", [0.0, 0.0, 2.0, 0.0, 0.0]), ("asyncio none", [0.0] * 5))
    assert judged(ever("lost_percent") > 0, results) == (
        "supported",
        "lost_percent 0 (0-2.00) at model=threads guard=none, seen in 1 of 5 rounds and in 1 of 2 cases",
    )
    assert judged(ever("lost_percent", model="asyncio") > 0, results) == (
        "undecided",
        "not seen in 5 rounds of 1 case, which does not make it impossible",
    )


def test_values_of_another_axis_than_the_model_can_be_compared() -> None:
    results = made({"fork 8": STEADY, "spawn 8": TWICE}, axes=("method", "workers"))
    assert judged(ratio("spawn", to="fork", axis="method") > 1, results) == (
        "supported",
        "spawn/fork 2.00 (2.00-2.00) at workers=8",
    )


def test_two_values_of_another_axis_are_compared_within_one_model() -> None:
    cases = {"threads lock": TWICE, "threads none": STEADY, "asyncio lock": STEADY, "asyncio none": TWICE}
    results = made(cases, axes=("model", "guard"))
    assert judged(ratio("lock", to="none", axis="guard", model="threads") > 1, results)[0] == "supported"
    assert judged(ratio("lock", to="none", axis="guard", model="asyncio") > 1, results)[0] == "refuted"
    assert judged(ratio("lock", to="none", axis="guard") > 1, results)[0] == "refuted"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.9, 1.1, "refuted"),
        (1.9, 2.1, "supported"),
        (2.1, 3.0, "refuted"),
        (1.0, 2.0, "undecided"),
        (0, 9, "supported"),
    ],
)
def test_a_condition_with_two_bounds_holds_between_them(low: float, high: float, verdict: str) -> None:
    results = made({"asyncio": [1.0] * 5, "threads": TWICE})
    evidence = "threads/asyncio 2.00 (1.98-2.02)"
    assert judged(ratio("threads", to="asyncio").between(low, high), results) == (verdict, evidence)
    levels = judged(value("makespan_s", model="threads").between(low, high), results)
    assert levels[0] == verdict
    assert levels[1] == "makespan_s 2.00 (1.98-2.02) at model=threads"


def test_two_bounds_are_refuted_by_one_pair_that_lies_outside_and_the_evidence_is_that_one() -> None:
    cases = {"asyncio 5": [1.0] * 5, "threads 5": [1.0] * 5, "asyncio 14": [1.0] * 5, "threads 14": TWICE}
    judged_row = judged(
        ratio("threads", to="asyncio").between(0.9, 1.1), made(cases, axes=("model", "tasks"))
    )
    assert judged_row == ("refuted", "threads/asyncio 2.00 (1.98-2.02) at tasks=14, 1 of 2 pairs")


def test_a_fact_sought_between_two_bounds_has_to_be_seen_between_them_in_one_round() -> None:
    results = lost(("threads none", [0.0, 0.0, 9.0, 0.0, 0.0]))
    assert judged(ever("lost_percent").between(1, 5), results)[0] == "undecided"
    assert judged(ever("lost_percent").between(1, 10), results)[0] == "supported"


@pytest.mark.parametrize(
    "compared", [ratio("threads", to="asyncio"), value("makespan_s"), ever("makespan_s")], ids=repr
)
def test_a_chained_comparison_is_refused_with_the_way_to_write_it(compared) -> None:
    with pytest.raises(LabError) as raised:
        claim("As fast, more or less", 0.9 < compared < 1.1)
    assert str(raised.value) == (
        "claim: a condition has no truth value, so `low < ... < high` would lose a bound; "
        "write .between(low, high)"
    )
