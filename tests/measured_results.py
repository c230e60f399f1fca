"""Results and their summary from made-up measurements: a function of the case, called once a round."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from random import Random
from typing import Any

import polars as pl
from figure_results import FakeResults, environment, no_samples

from lab.analysis.stats.summary import summarise
from lab.core.work import AA_SUFFIX, Span

Params = dict[str, Any]


def cases_of(**grid: Iterable[Any]) -> list[Params]:
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def measured(
    cases: list[Params],
    measure: Callable[[Params, Random], Any],
    rounds: int = 5,
    aa_control: bool = True,
    spans: Callable[[Params, Random], list[Span]] | None = None,
):
    """Return results in which each trial has the metrics that `measure` gives, or the status it says.

    A status is followed by its reason, after a colon: "skipped: needs aiolimiter".
    """
    random, axes = Random(7), tuple(cases[0])
    text = [{axis: None if value is None else str(value) for axis, value in case.items()} for case in cases]
    pairs = list(zip(cases, text, strict=True))
    if aa_control:
        pairs += [
            (c, {**t, "model": t["model"] + AA_SUFFIX}) for c, t in pairs if c.get("model") == "asyncio"
        ]
    samples, trials = [], []
    for number in range(1, rounds + 1):
        for trial, (case, row) in enumerate(pairs, (number - 1) * len(pairs) + 1):
            numbers = measure(case, random)
            fate, _, reason = ("ok", "", "") if not isinstance(numbers, str) else numbers.partition(": ")
            trials.append({"round": number, "trial": trial, **row, "status": fate, "reason": reason})
            if fate == "ok":
                samples.append({"round": number, "trial": trial, "sample": 1, **row, **numbers, "void": ""})
    results = FakeResults(
        "sweep",
        environment(text, axes, rounds, ()),
        axes,
        pl.DataFrame(samples, infer_schema_length=None) if samples else no_samples(axes),
        pl.DataFrame(trials, infer_schema_length=None),
        _spans(pairs, random, spans),
    )
    return results, summarise(results)


def _spans(pairs, random: Random, spans) -> pl.DataFrame:
    rows = [
        {
            **row,
            "trial": trial,
            "index": span.index,
            "submitted_s": span.submitted_ns / 1e9,
            "started_s": span.started_ns / 1e9,
            "finished_s": span.finished_ns / 1e9,
            "worker": span.worker,
            "error": span.error,
        }
        for trial, (case, row) in enumerate(pairs, 1)
        for span in (spans(case, random) if spans else ())
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
