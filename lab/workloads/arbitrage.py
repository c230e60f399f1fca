"""A search for arbitrage: CPU-bound work in pure Python, which holds the GIL.

The market has 150 currencies. Its quotes are the recorded rates, each off by up to half a per cent,
so that some loops of conversions end with more than they began with. A task asks for the best loop
from and to one currency: the shortest path over -log(rate) of at most `legs` conversions, by the
dynamic programme of Bellman and Ford (R. Bellman, "On a routing problem", 1958). It costs
legs x 150 x 150 steps. The right answers are stored beside this file, in arbitrage.json: to find them anew
in every trial would take as long as the work.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from lab.core.work import Workload
from lab.server.rates import codes, rates

CURRENCIES = 150
LEGS = 30
SEED = 20220204
NOISE = 0.005

Loop = tuple[float, tuple[str, ...]]


@dataclass(frozen=True)
class Search:
    """Find the best loop from and to the chunk's currency, of at most `legs` conversions."""

    legs: int
    currencies: int = CURRENCIES  # of the market, its first; fewer take less time

    def __call__(self, chunk: int) -> Loop:
        """Return the loop's gain (1.02: two per cent more), to nine digits, and its currencies."""
        source = chunk % self.currencies
        best = [math.inf] * self.currencies
        best[source] = 0.0
        trail: list[list[int]] = []
        for _ in range(self.legs):
            best, came_from = relaxed(best)
            trail.append(came_from)
        return round(math.exp(-best[source]), 9), walked(trail, source)


def relaxed(best: list[float]) -> tuple[list[float], list[int]]:
    """Return the cheapest ways with one conversion more, or none (staying is free), and their origins."""
    ways: list[float] = []
    came_from: list[int] = []
    for costs in market(len(best)):
        cheapest, through = math.inf, 0
        for origin, cost in enumerate(costs):
            total = best[origin] + cost
            if total < cheapest:
                cheapest, through = total, origin
        ways.append(cheapest)
        came_from.append(through)
    return ways, came_from


def walked(trail: list[list[int]], source: int) -> tuple[str, ...]:
    """Return the codes of the currencies along the trail that ends at `source`, without its stays."""
    stops = [source]
    for came_from in reversed(trail):
        if came_from[stops[-1]] != stops[-1]:
            stops.append(came_from[stops[-1]])
    return tuple(codes()[stop] for stop in reversed(stops))


@cache
def market(currencies: int = CURRENCIES) -> list[list[float]]:
    """Return -log(quote) as `market()[to][origin]`, with 0 on the diagonal."""
    if currencies < CURRENCIES:
        return [costs[:currencies] for costs in market()[:currencies]]
    random = Random(SEED)
    recorded = rates("pln") | {"pln": 1.0}
    worth = [recorded[code] for code in codes()]

    def cost(origin: int, to: int) -> float:
        if to == origin:
            return 0.0
        return -math.log(worth[to] / worth[origin] * random.uniform(1 - NOISE, 1 + NOISE))

    return [[cost(origin, to) for origin in range(len(worth))] for to in range(len(worth))]


@cache
def answers() -> dict[str, Loop]:
    """Return the stored answers for the default number of legs, by the code of the source."""
    stored = json.loads(Path(__file__).with_name("arbitrage.json").read_text("utf-8"))
    return {source: (gain, tuple(loop)) for source, (gain, loop) in stored.items()}


def expect(chunk: int) -> Loop:
    """Return the stored answer of a chunk."""
    return answers()[codes()[chunk % len(codes())]]


def search(legs: int = LEGS) -> Workload:
    """Return a workload whose tasks each search one currency's loops: about 18 ms at 30 legs.

    Answers are stored, and so checked, for 30 legs alone.
    """
    return Workload(Search(legs), expect=expect if legs == LEGS else None, prepare=market)
