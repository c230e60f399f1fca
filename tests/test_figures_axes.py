"""Numbers, words and names stand where they belong: by size, in order, and apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from lab.present.figures import marks
from lab.present.figures.axis_scale import scale_of
from lab.present.figures.curves import sweep_of
from lab.present.figures.page import share_of


def test_numbers_stand_by_size_and_words_after_them_on_a_scale_that_may_be_logarithmic():
    plain = sweep_of("n", ["1", "2", "4"])
    assert plain.positions == {"1": 1, "2": 2, "4": 4} and plain.label == "n"
    wide = sweep_of("n", ["1", "8", "all", "most"])
    assert wide.positions == pytest.approx({"1": 1, "8": 8, "all": 8**1.14, "most": 8**1.28})
    assert wide.label == "n, logarithmic" and wide.scale.logarithmic
    assert sweep_of("guard", ["none", "lock", "queue"]).positions == {"none": 0, "lock": 1, "queue": 2}
    assert sweep_of("n", ["4", "all"]).positions == {"4": 4, "all": 5}
    with_zero = sweep_of("gap_us", ["0", "1", "1000"])
    assert with_zero.scale.zero and with_zero.scale.low == 1
    assert with_zero.label == "gap (µs), logarithmic" and sweep_of("n", ["0", "1", "4"]).label == "n"


def test_the_swept_axis_says_its_values_as_people_do():
    sizes = sweep_of("size_bytes", ["16", "65536", "67108864"])
    assert [sizes.name(size) for size in sizes.positions] == ["16 B", "64 KiB", "64 MiB"]
    assert [sweep_of("task_ms", ["0.1", "all"]).name(value) for value in ("0.1", "all")] == ["0.1", "all"]
    assert sweep_of("in_flight", ["1", "10000"]).name("10000") == "10,000"


def drawn_at(scale, numbers):
    """Return where numbers are drawn on an axis of this scale, as shares of its length."""
    axes = Figure().add_axes((0, 0, 1, 1))
    scale.apply(axes, "x")
    return [share_of(axes, number, 0)[0] for number in numbers]


@settings(deadline=None)  # the first figure loads fonts
@given(st.lists(st.just(0.0) | st.floats(1e-9, 1e6), min_size=1, max_size=9))
def test_a_scale_keeps_the_order_of_numbers_and_all_of_them_on_the_axis(numbers):
    scale = scale_of(numbers)
    shares = drawn_at(scale, sorted(numbers))
    assert all(before <= after + 1e-9 for before, after in pairwise(shares))
    assert shares[0] >= -1e-9 and shares[-1] < 1
    assert len(scale.ticks()) <= 9


def test_zero_has_a_place_of_its_own_a_tenth_of_the_span_below_the_smallest_number():
    scale = scale_of([0, 1, 1000])
    zero, one, thousand = drawn_at(scale, [0, 1, 1000])
    assert one - zero == pytest.approx((thousand - one) / 10) and zero > 0
    assert scale.ticks()[0] == (0, "0") and scale.ticks()[-1] == (pytest.approx(1000), "1,000")
    assert scale_of([1, 10]).logarithmic is False and scale_of([-1, 1000]).logarithmic is False


def test_room_beyond_the_largest_number_is_a_share_of_the_axis():
    for scale in (scale_of([1, 5]), scale_of([1, 1000]), scale_of([0, 1, 1000])):
        axes = Figure().add_axes((0, 0, 1, 1))
        scale.apply(axes, "y", room=0.25)
        # The margin beyond the largest number is not part of the room.
        assert 0.70 < share_of(axes, 0, scale.high)[1] < 0.75


def test_ticks_are_few_and_round_and_small_ones_are_powers_of_ten():
    assert [name for _, name in scale_of([1e-8, 1e-3, 2]).ticks()] == [
        "10⁻⁸",
        "10⁻⁶",
        "0.0001",
        "0.01",
        "1",
    ]
    assert [name for _, name in scale_of([2e-6, 7e-5]).ticks()] == [
        "2×10⁻⁶",
        "5×10⁻⁶",
        "10⁻⁵",
        "2×10⁻⁵",
        "5×10⁻⁵",
    ]
    assert [name for _, name in scale_of([0, 3]).ticks()] == ["0", "1", "2", "3"]
    assert [name for _, name in scale_of([0, 2500.5]).ticks()][-1] == "2,500"


heights = st.lists(st.tuples(st.floats(-1, 4), st.sampled_from([0.165, 0.285])), min_size=1, max_size=9)


@given(heights)
def test_names_keep_the_order_of_their_lines_and_never_touch(wished):
    wanted, tall = zip(*wished, strict=True)
    places = marks.spread(wanted, tall, 0.0, 4.0)
    order = sorted(range(len(places)), key=lambda n: places[n])
    gaps = [places[b] - places[a] - (tall[a] + tall[b]) / 2 for a, b in pairwise(order)]
    assert all(gap > -1e-9 for gap in gaps)
    assert all(wanted[a] <= wanted[b] for a, b in pairwise(order))
    assert all(t / 2 - 1e-9 <= place <= 4 - t / 2 + 1e-9 for place, t in zip(places, tall, strict=True))


def test_a_name_that_nothing_crowds_stands_at_its_line():
    assert marks.spread([1.0, 3.0, 3.1], [0.2] * 3, 0.0, 4.0) == pytest.approx([1.0, 2.95, 3.15])
