"""Alternates arms round by round and prints the ratio of each to one of them."""

from collections.abc import Callable, Mapping
from statistics import median, quantiles

Arm = Callable[[], float]


def alternate(arms: Mapping[str, Arm], rounds: int) -> dict[str, list[float]]:
    """Call every arm once a round, in turn and in turned order; return arm -> its seconds by round."""
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds):
        order = list(arms) if number % 2 == 0 else list(reversed(arms))
        for name in order:
            seconds[name].append(arms[name]())
    return seconds


def print_ratios(seconds: Mapping[str, list[float]], *, to: str, target: float | None = None) -> None:
    """Print each arm's median and its ratio to the arm `to`, paired by round, with the quartiles."""
    for name, values in seconds.items():
        line = f"{name:44} {median(values) * 1e3:9.1f} ms"
        if name != to:
            ratios = [mine / base for mine, base in zip(values, seconds[to], strict=True)]
            low, middle, high = quantiles(ratios, n=4)
            line += f"   ratio {middle:.3f} (quartiles {low:.3f}-{high:.3f})"
            line += f", target {target}" if target else ""
        print(line)
