"""Whether the lab's statistics keep their promises, on runs whose truth is known.

    python benchmarks/statistics_simulation.py [runs]

Every run is judged by the lab's own functions: rounds → log-ratios → corrected intervals → resolution
→ words. False alarms: runs of equal models in which any is called faster or slower, for one model and
for eleven against one baseline. Coverage: intervals that hold the truth. Found: true differences of 5
and 10 % that get their word, among one and among eleven. Beside them: what other tests say of
one pair of equals, measured on the same machine: Welch's test on all samples pooled, and Welch's and
Mann and Whitney's tests on trials taken in blocks, one case after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from intervals_tried import TRIED
from scipy import stats
from synthetic import TAILS, Array, Machine, samples

from lab.analysis.stats.decision import verdict
from lab.analysis.stats.holm import family_intervals
from lab.analysis.stats.intervals import mean, median_interval, resolution_of_pairs

SEED = 20220204
ROUNDS = (5, 7, 10)
FAMILIES = (1, 11)
HEADS = (
    "                 false alarms  beside covers   found 5 %    found 10 %    ties    others' alarms",
    "noise  shared rounds of 1  11     11     1      1     11      1     11     11 pooled  Welch  ranks",
)
CORRELATIONS = (0.0, 0.4, 0.8)


@dataclass(frozen=True)
class Judged:
    """The lab's verdicts on runs in which the first of a family's models differs by a known effect.

    alarms: runs in which any model that equals the baseline was called faster or slower.
    intervals_beside: runs in which any corrected interval leaves 1 out, whatever was called.
    found: runs in which the first model was called slower; coverage: in which its interval held.
    ties: verdicts that are ties. All are parts of one.
    """

    alarms: float
    intervals_beside: float
    found: float
    coverage: float
    ties: float


def judge(logs: Array, effect: float = 0.0) -> Judged:
    """Return what the lab says of runs of shape [runs, cases, rounds].

    The first case is the baseline, the second the baseline again, the others are a family.
    """
    ratios = logs[:, 2:] - logs[:, :1]
    ratios[:, 0] += np.log1p(effect)
    low, high = family_intervals(ratios)
    words = np.array(list(_words(mean(ratios), low, high, logs[:, 1:2] - logs[:, :1])))
    called = (words == "faster") | (words == "slower")
    equal = called if effect == 0 else called[:, 1:]
    truth = np.log1p(effect)
    return Judged(
        alarms=float(equal.any(axis=-1).mean()),
        intervals_beside=float(((low > 0) | (high < 0)).any(axis=-1).mean()),
        found=float((words[:, 0] == "slower").mean()),
        coverage=float(((low[:, 0] <= truth) & (truth <= high[:, 0])).mean()),
        ties=float((words == "tie").mean()),
    )


def _words(centre: Array, low: Array, high: Array, again: Array) -> Iterator[list[str]]:
    bounds = np.exp(np.stack([centre, low, high], axis=-1))
    for members, pairs in zip(bounds, again, strict=True):
        resolution = resolution_of_pairs(pairs)
        yield [verdict(ratio, least, most, resolution) for ratio, least, most in members.tolist()]


def pooled_alarms(runs: Array) -> float:
    """Return how often Welch's test on all samples of two equal cases says that they differ."""
    flat = runs[:, :2].reshape(len(runs), 2, -1)
    return float((stats.ttest_ind(flat[:, 0], flat[:, 1], axis=-1, equal_var=False).pvalue < 0.05).mean())


def blocked_alarms(runs: Array) -> tuple[float, float]:
    """Return how often Welch's, and Mann and Whitney's, test on trials says that two equals differ."""
    one, other = np.median(runs[:, 0], axis=-1), np.median(runs[:, 1], axis=-1)
    welch = stats.ttest_ind(one, other, axis=-1, equal_var=False).pvalue
    ranks = stats.mannwhitneyu(one, other, axis=-1, method="exact").pvalue
    return float((welch < 0.05).mean()), float((ranks < 0.05).mean())


def machines() -> Iterator[Machine]:
    for tails in TAILS:
        for correlation in CORRELATIONS:
            yield Machine(tails=tails, correlation=correlation)


def print_verdicts(runs: int) -> None:
    print(*HEADS, sep="\n")
    for machine in machines():
        for rounds in ROUNDS:
            print(_line(machine, rounds, runs), flush=True)


def _line(machine: Machine, rounds: int, runs: int) -> str:
    rng = np.random.default_rng([SEED, rounds])
    data = {family: samples(rng, machine, runs, family + 2, rounds) for family in FAMILIES}
    judged = {
        (family, effect): judge(np.median(data[family], axis=-1), effect)
        for family in FAMILIES
        for effect in (0.0, 0.05, 0.1)
    }
    welch, ranks = blocked_alarms(samples(rng, machine, runs, 2, rounds, blocked=True))
    one, many = judged[1, 0.0], judged[11, 0.0]
    cells = [one.alarms, many.alarms, many.intervals_beside, judged[1, 0.05].coverage]
    cells += [judged[family, effect].found for effect in (0.05, 0.1) for family in FAMILIES]
    cells += [many.ties, pooled_alarms(data[1]), welch, ranks]
    figures = "".join(f"{100 * cell:7.1f}" for cell in cells)
    return f"{machine.tails:9s}{machine.correlation:3.1f}{rounds:4d}{figures}"


def print_tried(runs: int) -> None:
    print("\nintervals of a mean of log-ratios: coverage in % (width in true standard errors)")
    print("noise     rounds  " + "".join(f"{name:>20s}" for name in TRIED))
    for tails in TAILS:
        for rounds in ROUNDS:
            rng = np.random.default_rng([SEED, rounds])
            machine = Machine(tails=tails)
            logs = np.median(samples(rng, machine, runs, 2, rounds), axis=-1)
            ratios = logs[:, 1] - logs[:, 0]
            error = ratios.std() / np.sqrt(rounds)
            cells = []
            for interval in TRIED.values():
                low, high = interval(rng, ratios)
                held = (low <= 0) & (high >= 0)
                cells.append(f"{100 * held.mean():12.1f} ({np.median(high - low) / error:4.1f})")
            print(f"{tails:9s} {rounds:6d}  " + " ".join(cells), flush=True)


def print_medians(runs: int) -> None:
    print("\ninterval of a median over rounds: coverage in %, without drift")
    for rounds in ROUNDS:
        rng = np.random.default_rng([SEED, rounds])
        still = replace(Machine(), trend=0.0, walk=0.0)
        low, high = median_interval(np.median(samples(rng, still, runs, 1, rounds), axis=-1)[:, 0])
        print(f"{rounds:6d} rounds {100 * ((low <= 0) & (high >= 0)).mean():6.1f}")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    start = time.perf_counter()
    print_verdicts(runs)
    print_tried(runs)
    print_medians(runs)
    print(f"\n{runs} runs a row, seed {SEED}, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
