"""What holds of the statistics whatever the numbers are."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import made, row

from lab.analysis.stats import summarise

T4 = 2.7764451  # Student's 97.5 % and 80 % quantiles with 4 degrees of freedom, from a table
T4_FOUND = 0.9409646

times = st.lists(st.floats(0.01, 100), min_size=5, max_size=10)


@settings(max_examples=40)
@given(times, st.floats(0.001, 1000))
def test_a_machine_that_is_slower_throughout_changes_no_ratio(numbers: list[float], factor: float) -> None:
    cases = {"asyncio": numbers, "threads": numbers[::-1]}
    slower = {name: [factor * number for number in column] for name, column in cases.items()}
    here, there = row(made(cases), model="threads"), row(made(slower), model="threads")
    for name in ("ratio", "ratio_low", "ratio_high"):
        assert there[name] == pytest.approx(here[name], rel=1e-6)


@settings(max_examples=40)
@given(times)
def test_a_model_as_fast_as_the_baseline_has_a_ratio_of_1(numbers: list[float]) -> None:
    threads = row(made({"asyncio": numbers, "threads": numbers}), model="threads")
    assert [threads[name] for name in ("ratio", "ratio_low", "ratio_high")] == [1, 1, 1]


@settings(max_examples=40)
@given(times)
def test_swapping_model_and_baseline_inverts_the_ratio(numbers: list[float]) -> None:
    cases = {"asyncio": numbers, "threads": numbers[::-1][1:] + numbers[:1]}
    one = row(made(cases), model="threads")
    other = row(made(cases, baseline="threads"), model="asyncio")
    assert other["ratio"] == pytest.approx(1 / float(str(one["ratio"])))
    assert other["ratio_low"] == pytest.approx(1 / float(str(one["ratio_high"])))
    assert other["ratio_high"] == pytest.approx(1 / float(str(one["ratio_low"])))


@settings(max_examples=40)
@given(st.lists(times, min_size=2, max_size=5), st.integers(0, 2**32))
def test_the_order_of_rows_changes_no_byte_of_the_summary(columns: list[list[float]], seed: int) -> None:
    names = ["asyncio", "asyncio_aa", "threads", "pool", "sequential"]
    results = made(dict(zip(names, columns, strict=False)))
    shuffled = results.shuffled(seed)
    assert summarise(shuffled).write_csv() == summarise(results).write_csv()


@settings(max_examples=40)
@given(st.lists(times, min_size=3, max_size=6))
def test_words_and_intervals_agree(columns: list[list[float]]) -> None:
    names = ["asyncio", "asyncio_aa", "threads", "pool", "sequential", "fork"]
    for each in summarise(made(dict(zip(names, columns, strict=False)))).to_dicts():
        if each["verdict"] == "faster":
            assert each["ratio_low"] <= each["ratio"] <= each["ratio_high"] < 1
        elif each["verdict"] == "slower":
            assert 1 < each["ratio_low"] <= each["ratio"] <= each["ratio_high"]


def test_the_slow_half_of_scipy_is_not_imported() -> None:
    script = "import sys, lab.analysis.stats, lab.analysis.claims; print('scipy.stats' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
