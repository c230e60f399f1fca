"""Numbers, words and names stand where they belong: by size, in order, and apart."""

from __future__ import annotations

from itertools import pairwise
from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.present.figures import end_labels
from lab.present.figures.axis_scale import ruler_of
from lab.present.figures.sweep import sweep_of


def test_numbers_stand_by_size_or_logarithm_and_words_after_them():
    plain = sweep_of("n", ["1", "2", "4"])
    assert plain.places == {"1": 1, "2": 2, "4": 4} and plain.label == "n"
    wide = sweep_of("n", ["1", "8", "all", "most"])
    assert wide.places == pytest.approx(
        {"1": 0, "8": log10(8), "all": log10(8) * 1.14, "most": log10(8) * 1.28}
    )
    assert wide.label == "n, logarithmic"
    assert sweep_of("guard", ["none", "lock", "queue"]).places == {"none": 0, "lock": 1, "queue": 2}
    with_zero = sweep_of("gap_us", ["0", "1", "1000"])
    assert with_zero.places == pytest.approx({"0": -0.3, "1": 0, "1000": 3})
    assert with_zero.label == "gap (µs), logarithmic" and sweep_of("n", ["0", "1", "4"]).label == "n"


def test_the_swept_axis_says_its_values_as_people_do():
    sizes = sweep_of("size_bytes", ["16", "65536", "67108864"])
    assert [sizes.show(float(size)) for size in ("16", "65536", "67108864")] == ["16 B", "64 KiB", "64 MiB"]
    assert sweep_of("task_ms", ["0.1", "100"]).show(1.499) == "1.5 ms"
    assert sweep_of("in_flight", ["1", "10000"]).show(1019.6) == "1,020"


@given(st.lists(st.just(0.0) | st.floats(1e-9, 1e6), min_size=1, max_size=9))
def test_a_ruler_keeps_the_order_of_numbers_and_all_of_them_on_the_axis(numbers):
    ruler = ruler_of(numbers)
    places = [ruler.place(number) for number in sorted(numbers)]
    assert places == sorted(places)
    assert ruler.ends[0] <= places[0] and places[-1] <= ruler.ends[1] and ruler.ends[0] < ruler.ends[1]
    assert len(ruler.ticks()) <= 9


def test_zero_has_a_place_of_its_own_on_a_logarithmic_ruler():
    ruler = ruler_of([0, 1, 1000])
    assert ruler.place(0) == pytest.approx(-0.3) and ruler.place(1) == 0
    assert ruler.ticks()[0] == (pytest.approx(-0.3), "0") and ruler.ticks()[-1] == (3, "1,000")
    assert ruler_of([1, 10]).logarithmic is False and ruler_of([-1, 1000]).logarithmic is False


def test_ticks_are_few_and_round_and_small_ones_are_powers_of_ten():
    assert [name for _, name in ruler_of([1e-8, 1e-3, 2]).ticks()] == [
        "10⁻⁸",
        "10⁻⁶",
        "0.0001",
        "0.01",
        "1",
    ]
    assert [name for _, name in ruler_of([2e-6, 7e-5]).ticks()] == [
        "2×10⁻⁶",
        "5×10⁻⁶",
        "10⁻⁵",
        "2×10⁻⁵",
        "5×10⁻⁵",
    ]
    assert [name for _, name in ruler_of([0, 3]).ticks()] == ["0", "1", "2", "3"]
    assert [name for _, name in ruler_of([0, 2500.5]).ticks()][-1] == "2,500"


heights = st.lists(st.tuples(st.floats(-1, 4), st.sampled_from([0.165, 0.285])), min_size=1, max_size=9)


@given(heights)
def test_names_keep_the_order_of_their_lines_and_never_touch(wished):
    wanted, tall = zip(*wished, strict=True)
    places = end_labels.spread(wanted, tall, 0.0, 4.0)
    order = sorted(range(len(places)), key=lambda n: places[n])
    gaps = [places[b] - places[a] - (tall[a] + tall[b]) / 2 for a, b in pairwise(order)]
    assert all(gap > -1e-9 for gap in gaps)
    assert all(wanted[a] <= wanted[b] for a, b in pairwise(order))
    assert all(t / 2 - 1e-9 <= place <= 4 - t / 2 + 1e-9 for place, t in zip(places, tall, strict=True))


def test_a_name_that_nothing_crowds_stands_at_its_line():
    assert end_labels.spread([1.0, 3.0, 3.1], [0.2] * 3, 0.0, 4.0) == pytest.approx([1.0, 2.95, 3.15])
