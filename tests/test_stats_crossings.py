"""Where a sweep turns: crossings and knees are those of the rounds, to the digit."""

from __future__ import annotations

from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.analysis.stats.crossings import crossing, knee, knee_of, median_position, position_interval

SWEPT = np.array([1.0, 10.0, 100.0, 1000.0])


def flat_and_falling(*crossings: float):
    """Return a level line, and one falling as 1/x: a round for each position where they cross."""
    level = np.ones((4, len(crossings)))
    falling = np.array([[at / x for at in crossings] for x in SWEPT])
    return level, falling


def test_power_laws_cross_where_they_do_and_the_interval_holds_all_rounds_however_joined():
    crossed = crossing(SWEPT, *flat_and_falling(20, 50, 30, 40, 200))
    assert crossed is not None and crossed.below and crossed.significant
    # Straight from 100 to 1000, the last of the rounds falls from 2 to 0.2, and is 1 at 600.
    assert (crossed.at, crossed.low, crossed.high) == pytest.approx((40, 20, 600))
    assert (crossed.last, crossed.ratio) == (
        1000,
        pytest.approx(240_000_000**0.2 / 1000),
    )  # the geometric mean
    assert (crossed.ratio_low, crossed.ratio_high) == pytest.approx((0.0160152, 0.1404600), abs=1e-7)


def test_the_other_way_round_it_is_the_level_line_that_is_above():
    level, falling = flat_and_falling(20, 50, 30, 40, 200)
    crossed = crossing(SWEPT, falling, level)
    assert crossed is not None and not crossed.below and crossed.at == pytest.approx(40)


def test_to_be_ahead_by_a_factor_takes_until_the_lead_is_that():
    level, falling = flat_and_falling(20, 50, 30, 40, 200)
    crossed = crossing(SWEPT, falling, level, by=2.0)
    assert crossed is not None and not crossed.below
    assert (crossed.at, crossed.low, crossed.high) == pytest.approx((80, 40, 850))
    below = crossing(SWEPT, level, falling, by=2.0)
    assert below is not None and below.below and below.at == pytest.approx(80)


@pytest.mark.parametrize("by", [1.0, 1.05])
@pytest.mark.parametrize("cost", [lambda x: 0.5 + x / 700, lambda x: 0.5 + 20 / x])
def test_the_interval_holds_the_crossing_of_costs_for_each_and_of_costs_shared_out(cost, by):
    lines = np.ones((4, 5)), np.repeat(cost(SWEPT)[:, None], 5, axis=1)
    exact = {True: (by - 0.5) * 700, False: 20 / (1 / by - 0.5)}[bool(cost(1000) > 1)]
    crossed = crossing(SWEPT, *lines, by=by)
    assert crossed is not None and crossed.low <= exact * (1 + 1e-9) and exact * (1 - 1e-9) <= crossed.high
    assert exact in (pytest.approx(crossed.low), pytest.approx(crossed.high))
    assert crossed.low < crossed.at < crossed.high


def test_rounds_in_which_it_lies_before_or_after_the_sweep_count_as_such():
    crossed = crossing(SWEPT, *flat_and_falling(0.5, 50, 30, 40, 5000))
    assert crossed is not None
    assert (crossed.at, crossed.low, crossed.high) == (pytest.approx(40), -inf, inf)
    throughout = crossing(SWEPT, *flat_and_falling(0.5, 0.1, 0.2, 0.3, 0.4))
    assert throughout is not None and throughout.at == -inf


def test_of_several_crossings_the_last_counts():
    wavy = np.array([[0.5], [2.0], [0.5], [0.25]])
    crossed = crossing(SWEPT, np.ones((4, 1)), wavy)
    assert crossed is not None and crossed.at == pytest.approx(10**1.5)
    assert isnan(crossed.low) and isnan(crossed.ratio_low)  # one round has no interval


def test_lines_whose_last_ratio_may_be_one_do_not_differ_significantly():
    level, falling = flat_and_falling(20, 50, 30, 40, 5000)
    crossed = crossing(SWEPT, level, falling)
    assert crossed is not None and not crossed.significant


def test_a_round_without_a_number_is_left_out_and_lines_never_side_by_side_have_no_crossing():
    level, falling = flat_and_falling(20, 50, 30, 40, 200)
    falling[:, 4] = nan
    crossed = crossing(SWEPT, level, falling)
    assert crossed is not None and crossed.at == pytest.approx((30 * 40) ** 0.5) and isnan(crossed.low)
    assert crossing(SWEPT, level, np.full((4, 5), nan)) is None


@given(st.lists(st.floats(1.5, 900), min_size=1, max_size=9))
def test_the_crossing_does_not_depend_on_the_units(positions):
    level, falling = flat_and_falling(*positions)
    once, again = crossing(SWEPT, level, falling), crossing(SWEPT, 1000 * level, 1000 * falling)
    assert once is not None and again is not None
    assert (once.at, once.ratio) == (pytest.approx(again.at), pytest.approx(again.ratio))


WORKERS = np.array([1.0, 2.0, 4.0, 8.0, 16.0])


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ([16, 8, 4, 3.9, 3.9], 4),
        ([16, 8, 4, 2, 1], inf),
        ([1, 1, 1, 1, 1], 1),
        ([16, 16, 8, 8, 8], 4),  # what first stands still and then gains is not over its knee
        ([10, 9, 9, 9, 9], 2),  # a tenth is worth it
        ([10, 9.01, 9, 9, 9], 1),
        ([16, 8, nan, 7.9, 7.9], 2),
        ([nan, nan, nan, nan, 4], inf),
        ([4, 3.9, 3.9, 8, 9], 1),
    ],
)
def test_the_knee_is_the_first_value_beyond_which_no_doubling_gains_a_tenth(values, at):
    assert knee(WORKERS, np.array(values, dtype=float)) == at


def test_a_step_of_two_doublings_has_to_gain_twice():
    swept = np.array([1.0, 4.0])
    assert knee(np.array([1.0, 4.0, 16.0]), np.array([10.0, 8.2, 8.2])) == 1  # 9.4 % for each
    assert knee(np.array([1.0, 4.0, 16.0]), np.array([10.0, 8.0, 8.0])) == 4  # 10.6 %
    assert knee(swept, np.array([10.0, 5.0])) == inf


def test_where_more_is_better_growth_is_the_gain():
    assert knee(WORKERS, np.array([1.0, 2, 4, 4.1, 4.2]), more_is_better=True) == 4


def test_the_knee_of_rounds_is_a_swept_value_with_an_interval():
    rounds = np.array([[16, 16, 16, 16, 16], [8] * 5, [4] * 5, [2, 4, 4, 4, 2], [2, 4, 4, 4, 1.0]])
    crossed = knee_of(WORKERS, rounds)
    assert crossed is not None and (crossed.at, crossed.low, crossed.high) == (4, 4, inf)
    assert knee_of(WORKERS, np.full((5, 5), nan)) is None


def test_positions_that_are_infinite_keep_their_rank():
    assert position_interval(np.array([3, -inf, 5, inf, 4])) == (-inf, inf)
    assert median_position(np.array([3.0, inf])) == 3 and median_position(np.array([3.0, 5.0])) == 4
