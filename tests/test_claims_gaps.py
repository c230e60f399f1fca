"""A gap between two models is split into the model's factor and that of what differs with it."""

from __future__ import annotations

import numpy as np
import pytest
from made_results import Made, made

from lab.analysis.claims import judge
from lab.analysis.stats.rounds import by_round
from lab.analysis.stats.splits import factor as factor_of
from lab.analysis.stats.splits import splits
from lab.core.claims import Gap, Part, claim, factor, ratio

AXES = ("model", "client", "connections")
GAP = Gap("threads", "asyncio", axis="client", of="popular", control="plain")
METRIC = "cpu_of_each_s"
STEADY = np.array([1.0, 1.01, 1.0, 0.99, 1.0])


def results(new: tuple[float, ...], kept: tuple[float, ...] = (), rounds: int = 5) -> Made:
    """Return what threads popular, threads plain, asyncio popular and asyncio plain take."""
    cases = {}
    for connections, numbers in (("new", new), ("kept", kept)):
        names = ("threads popular", "threads plain", "asyncio popular", "asyncio plain")
        for name, number in zip(names, numbers, strict=False):
            cases[f"{name} {connections}"] = (number * STEADY)[:rounds].tolist()
    return made(cases, AXES, METRIC)


def judged(condition: Part, results_of: Made) -> tuple[str, str]:
    (row,) = judge([claim("It holds", condition)], results_of).rows(named=True)
    return row["verdict"], row["evidence"]


def test_the_gap_is_the_product_of_its_factors_in_every_round() -> None:
    (results_of,) = splits(by_round(results((12.0, 4.0, 3.0, 2.0))), GAP, METRIC, {})
    assert np.exp(results_of.gap) == pytest.approx([4.0] * 5)
    assert np.exp(results_of.model) == pytest.approx([2.0] * 5)
    assert np.exp(results_of.rest) == pytest.approx([2.0] * 5)
    assert results_of.where == {"connections": "new"}


def test_rounds_are_paired_so_that_a_slow_round_changes_no_factor() -> None:
    slow = np.array([1.0, 3.0, 1.0, 1.0, 2.0])
    cases = {"threads popular new": 12 * slow, "threads plain new": 4 * slow}
    cases |= {"asyncio popular new": 3 * slow, "asyncio plain new": 2 * slow}
    results_of = made({name: list(numbers) for name, numbers in cases.items()}, AXES, METRIC)
    (only,) = splits(by_round(results_of), GAP, METRIC, {})
    assert factor_of(only.rest) == pytest.approx((2.0, 2.0, 2.0))


def test_the_evidence_states_both_factors_in_every_place() -> None:
    both = results((12.0, 4.0, 3.0, 2.0), (18.0, 6.0, 3.0, 2.0))
    expected = (
        "threads/asyncio 4.00 (4.00-4.00) = 2.00 (2.00-2.00) the model × 2.00 (2.00-2.00) the client"
        " at connections=new; threads/asyncio 6.00 (6.00-6.00) = 3.00 (3.00-3.00) the model"
        " × 2.00 (2.00-2.00) the client at connections=kept"
    )
    assert judged(factor("model", gap=GAP, metric=METRIC) > 1.9, both) == ("supported", expected)
    assert judged(factor("model", gap=GAP, metric=METRIC).between(1.9, 2.5), both)[0] == "refuted"
    assert judged(factor("model", gap=GAP, metric=METRIC).between(1.9, 3.5), both)[0] == "supported"
    assert judged(factor("client", gap=GAP, metric=METRIC) > 1.9, both) == ("supported", expected)


def test_every_place_has_to_agree_and_one_is_enough_to_refute() -> None:
    both = results((12.0, 4.0, 3.0, 2.0), (18.0, 6.0, 3.0, 2.0))
    assert judged(factor("model", gap=GAP, metric=METRIC) > 2.5, both)[0] == "refuted"
    assert judged(factor("model", gap=GAP, metric=METRIC, connections="kept") > 2.5, both)[0] == "supported"
    assert judged(factor("client", gap=GAP, metric=METRIC) < 1.9, both)[0] == "refuted"


def test_without_a_control_there_is_no_split() -> None:
    results_of = results((12.0, 4.0, 3.0))
    assert judged(factor("model", gap=GAP, metric=METRIC) > 1, results_of) == (
        "undecided",
        "no like cases of threads and asyncio with client=popular and client=plain",
    )


def test_few_rounds_and_what_was_not_measured_decide_nothing() -> None:
    few = results((12.0, 4.0, 3.0, 2.0), rounds=3)
    verdict, why = judged(factor("model", gap=GAP, metric=METRIC) > 1, few)
    assert (verdict, why) == (
        "undecided",
        "3 rounds measured all four at connections=new; an interval needs 5",
    )
    five = results((12.0, 4.0, 3.0, 2.0))
    assert (
        judged(factor("model", gap=GAP, metric="held_bytes") > 1, five)[1] == "held_bytes was not measured"
    )
    other = Gap("threads", "asyncio", axis="library", of="popular", control="plain")
    assert judged(factor("model", gap=other, metric=METRIC) > 1, five)[1] == "there is no axis library"


def test_a_factor_that_a_gap_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="a gap's factors are 'model' and 'client', not 'library'"):
        factor("library", gap=GAP, metric=METRIC)


def test_names_with_a_slash_are_not_divided_by_one() -> None:
    results_of = made({"asyncio a/b": [2.0] * 5, "asyncio c": [1.0] * 5}, ("model", "client"))
    (row,) = judge([claim("It", ratio("a/b", to="c", axis="client") > 1)], results_of).rows(named=True)
    assert row["evidence"].startswith("a/b over c 2.00")
