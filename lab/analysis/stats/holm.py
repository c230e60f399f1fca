"""Holm's correction: several comparisons with one baseline are several chances of a false alarm."""

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from lab.analysis.stats.intervals import ERROR_RATE, Array, Mask, count, mean, mean_interval, standard_error


def p_values(logs: Array) -> Array:
    """Return Student's two-sided p of a mean of zero; NaN for fewer than FEWEST_ROUNDS."""
    error, distance = standard_error(logs), np.abs(mean(logs))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(distance > 0, distance / error, 0.0)
    p = 2 * special.stdtr(np.maximum(count(logs) - 1, 1), -t)
    return np.where(np.isnan(error), np.nan, p)


def rejects(p: Array) -> Mask:
    """Return which members of a family Holm's procedure sets apart from zero.

    `p` has the members on its last axis; a NaN is no member. The i-th smallest p of m has to reach
    ERROR_RATE / (m - i + 1), and so have all that are smaller; the family then raises a false alarm
    at most at ERROR_RATE, however its members depend on each other.
    (S. Holm, Scandinavian Journal of Statistics 6, 1979.)
    """
    order = np.argsort(p, axis=-1, kind="stable")  # NaN comes last
    members = np.isfinite(p).sum(axis=-1, keepdims=True)
    rate = ERROR_RATE / np.maximum(members - np.arange(p.shape[-1]), 1)
    reached = np.logical_and.accumulate(np.take_along_axis(p, order, axis=-1) <= rate, axis=-1)
    result = np.empty(p.shape, dtype=np.bool_)
    np.put_along_axis(result, order, reached, axis=-1)
    return result


def family_intervals(logs: Array) -> tuple[Array, Array]:
    """Return the 95 % intervals of a family's means, corrected so that they agree with Holm.

    `logs` has shape [..., members, rounds]: each member's log-ratios to what all are compared with.
    Each interval by itself keeps 95 %. One that leaves zero out though Holm does not is stretched to
    zero, so that a family without differences has an interval beside zero at most at ERROR_RATE.
    """
    _, low, high = mean_interval(logs)
    apart = rejects(p_values(logs))
    return np.where(apart, low, np.minimum(low, 0.0)), np.where(apart, high, np.maximum(high, 0.0))
