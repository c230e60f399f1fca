"""Numbers in words: three digits, no powers of ten, and what is next to nothing says so."""

from __future__ import annotations

import pytest

from lab.core.words import digits, interval


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.0, "0"),
        (1234.5, "1234"),
        (1.5, "1.50"),
        (100.0, "100"),
        (0.0123, "0.0123"),
        (0.00001234, "0.0000123"),
        (4e-20, "< 0.000001"),
        (-4e-20, "> -0.000001"),
    ],
)
def test_a_number_is_never_all_zeros_but_nothing(number, words):
    assert digits(number) == words


def test_an_interval_that_begins_next_to_nothing_says_so():
    assert interval(0.15, 1e-18, 0.567) == "0.150 (< 0.000001-0.567)"
