"""The intervals that were tried before one was chosen: [runs, rounds] of log-ratios → low, high."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats
from synthetic import Array, Generator

from lab.analysis.stats.intervals import half_width, mean, median_interval

RESAMPLES = 999
Interval = Callable[[Generator, Array], tuple[Array, Array]]


def student(_: Generator, logs: Array) -> tuple[Array, Array]:
    """The lab's own."""
    return mean(logs) - half_width(logs), mean(logs) + half_width(logs)


def percentile(rng: Generator, logs: Array) -> tuple[Array, Array]:
    return _bootstrap(rng, logs, "percentile")


def corrected(rng: Generator, logs: Array) -> tuple[Array, Array]:
    """Bias-corrected and accelerated."""
    return _bootstrap(rng, logs, "BCa")


def _bootstrap(rng: Generator, logs: Array, method: str) -> tuple[Array, Array]:
    found = stats.bootstrap(
        (logs,), np.mean, axis=-1, n_resamples=RESAMPLES, method=method, rng=rng, batch=50
    ).confidence_interval
    return found.low, found.high


def expanded(rng: Generator, logs: Array) -> tuple[Array, Array]:
    """The percentile bootstrap, widened for few rounds: by t/z and by sqrt(n/(n-1)) (Hesterberg, 2015)."""
    rounds = logs.shape[-1]
    tail = stats.norm.cdf(np.sqrt(rounds / (rounds - 1)) * stats.t.ppf(0.025, rounds - 1))
    means = logs[:, rng.integers(rounds, size=(RESAMPLES, rounds))].mean(axis=-1)
    low, high = np.quantile(means, [tail, 1 - tail], axis=-1)
    return low, high


def studentised(rng: Generator, logs: Array) -> tuple[Array, Array]:
    """Bootstrap of t; by hand, as scipy.stats.bootstrap does not offer it."""
    rounds = logs.shape[-1]
    drawn = logs[:, rng.integers(rounds, size=(RESAMPLES, rounds))]
    centre, error = logs.mean(axis=-1), logs.std(axis=-1, ddof=1) / np.sqrt(rounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (drawn.mean(axis=-1) - centre[:, None]) / (drawn.std(axis=-1, ddof=1) / np.sqrt(rounds))
    t = np.where(np.isnan(t), 0.0, t)
    low, high = np.quantile(t, [0.025, 0.975], axis=-1, method="inverted_cdf")
    return centre - high * error, centre - low * error


def order_statistics(_: Generator, logs: Array) -> tuple[Array, Array]:
    """The interval of the median, which is that of the mean where the noise is even."""
    return median_interval(logs)


def signed_ranks(_: Generator, logs: Array) -> tuple[Array, Array]:
    """Walsh averages cut off by Wilcoxon's signed-rank test; exact where the noise is symmetric."""
    rounds = logs.shape[-1]
    first, second = np.triu_indices(rounds)
    averages = np.sort((logs[:, first] + logs[:, second]) / 2, axis=-1)
    sums = np.zeros(averages.shape[-1] + 1)
    sums[0] = 1
    for rank in range(1, rounds + 1):  # how many sets of ranks have each sum
        sums[rank:] += sums[:-rank].copy()
    tail = np.cumsum(sums) / 2**rounds
    skip = max(int(np.searchsorted(tail, 0.025, side="right")) - 1, 0)
    return averages[:, skip], averages[:, -1 - skip]


def trimmed(_: Generator, logs: Array) -> tuple[Array, Array]:
    """Student's of the mean without the least and the greatest fifth (Tukey and McLaughlin, 1963)."""
    rounds = logs.shape[-1]
    cut = rounds // 5
    ranked = np.sort(logs, axis=-1)
    kept = ranked[:, cut : rounds - cut]
    winsorised = np.clip(logs, kept[:, :1], kept[:, -1:])
    spread = winsorised.std(axis=-1, ddof=1) / ((1 - 2 * cut / rounds) * np.sqrt(rounds))
    reach = stats.t.ppf(0.975, rounds - 2 * cut - 1) * spread
    return kept.mean(axis=-1) - reach, kept.mean(axis=-1) + reach


TRIED: dict[str, Interval] = {
    "Student": student,
    "percentile": percentile,
    "BCa": corrected,
    "expanded": expanded,
    "studentised": studentised,
    "order statistics": order_statistics,
    "signed ranks": signed_ranks,
    "trimmed": trimmed,
}
