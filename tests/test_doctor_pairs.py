"""How the doctor judges pairs of equals, and how many rounds it says a difference needs."""

from __future__ import annotations

import json
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.stats import summarise
from lab.doctor.pairs import MOST_ROUNDS, judge, plan, resolution_after, rounds_to_resolve, spread
from tests.made_results import made
from tests.runs import contained


def test_five_rounds_of_equals_five_per_cent_apart_resolve_what_a_table_of_t_says() -> None:
    # Student's t with four degrees of freedom: 2.7764 at 97.5 %, 0.9410 at 80 %.
    assert resolution_after(5, 0.05) == pytest.approx(exp((2.7764 + 0.9410) * 0.05 / 5**0.5), rel=1e-5)


def test_the_rounds_to_resolve_2_5_and_10_per_cent_are_those_worked_out_by_hand() -> None:
    # Equals 3 % apart. n = 20: (2.0930 + 0.8610) x 0.03 / sqrt(20) = 0.01982 > log 1.02 = 0.01980;
    # n = 21: 0.01929. n = 5: 0.04987 > log 1.05 = 0.04879; n = 6: 0.04274.
    assert [rounds_to_resolve(difference, 0.03) for difference in (0.02, 0.05, 0.10)] == [21, 6, 5]


def test_equals_that_never_differ_take_the_fewest_rounds_and_wild_ones_too_many() -> None:
    assert rounds_to_resolve(0.02, 0.0) == 5
    assert rounds_to_resolve(0.02, 0.5) is None


@given(st.floats(0.001, 0.3), st.floats(0.01, 0.2))
def test_the_rounds_are_the_first_that_resolve(deviation: float, difference: float) -> None:
    rounds = rounds_to_resolve(difference, deviation)
    if rounds is None:
        assert resolution_after(MOST_ROUNDS, deviation) > 1 + difference
    else:
        assert resolution_after(rounds, deviation) <= 1 + difference
        assert rounds == 5 or resolution_after(rounds - 1, deviation) > 1 + difference


def judged_of(cases):
    results = made(cases, axes=("model", "pair"))
    return judge(results, summarise(results))


def test_the_spread_is_about_zero_and_the_middle_pair_s() -> None:
    pairs = np.array([[0.03, -0.03] * 3, [0.01] * 6, [0.5] * 6, [np.nan] * 2 + [9.0] * 4])
    assert spread(pairs) == pytest.approx(0.03)
    assert spread(pairs[:, :4]) is None


def test_pairs_of_equals_are_judged_by_the_lab() -> None:
    up_and_down = [exp(0.03), exp(-0.03)] * 3
    one_way = [exp(0.031), exp(0.029)] * 3
    cases = {"asyncio 1": [2.0] * 6, "asyncio_aa 1": [2 * each for each in up_and_down]}
    cases |= {"asyncio 2": [2.0] * 6, "asyncio_aa 2": [2 * each for each in one_way]}
    cases |= {"asyncio 3": [2.0] * 6, "asyncio_aa 3": [3.0, 3.01, 2.99] * 2}
    judged = judged_of(cases)
    assert [row["verdict"] for row in judged["pairs"]] == ["tie", "tie", "slower"]
    assert [row["pair"] for row in judged["pairs"]] == ["1", "2", "3"]
    assert (judged["called_different"], judged["intervals_beside_1"]) == (1, 2)
    assert (judged["rounds"], judged["failed"], round(judged["median_s"], 2)) == (6, 0, 2.0)
    assert judged["spread"] == pytest.approx(0.03, rel=1e-2)
    assert judged["resolution"] == pytest.approx(resolution_after(6, judged["spread"]))
    assert judged["rounds_to_resolve"] == {"0.02": 21, "0.05": 6, "0.1": 5}
    json.dumps(judged)


def test_pairs_of_too_few_rounds_have_no_verdict_and_failed_trials_are_counted() -> None:
    judged = judged_of({"asyncio 1": [1.0, 1.1], "asyncio_aa 1": [1.0, "killed"]})
    assert judged["failed"] == 1
    assert judged["pairs"][0]["verdict"] == ""
    assert judged["pairs"][0]["ratio"] == pytest.approx(1.0)
    for name in ("resolution", "spread", "rounds_to_resolve"):
        assert judged[name] is None


def test_a_plan_has_each_side_of_each_pair_once_a_round() -> None:
    with contained():
        planned = plan("waiting", 24, 5, seed=1)
    trials = planned.trials()
    sides = {(each.case["model"], each.case["pair"]) for each in trials}
    assert sides == {(model, pair) for model in ("asyncio", "asyncio (A/A)") for pair in range(1, 25)}
    for number in range(1, 6):
        assert {(each.case["model"], each.case["pair"]) for each in trials if each.round == number} == sides
    assert len(trials) == 2 * 24 * 5
