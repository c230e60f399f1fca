"""What a fetch costs through each client, as `clients` measured it: a number a round for either model."""

from __future__ import annotations

import numpy as np

from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds
from lab.core.errors import LabError

MINIMAL = "minimal codec"
USUAL = "requests/aiohttp"
"""What `fetch` uses."""
MODELS = ("thread_pool", "asyncio")


def cpu_of(rounds: Rounds, client: str) -> dict[str, Array]:
    """Return model -> CPU seconds of each fetch, with a new connection for each, a number a round.

    Raises LabError where the client was not measured.
    """
    found = {}
    for place, case in enumerate(rounds.cases):
        asked = (case.get("client"), case.get("connections")) == (client, "new")
        if asked and case["model"] in MODELS and np.isfinite(rounds.values["cpu_of_each_s"][place]).any():
            found[str(case["model"])] = rounds.values["cpu_of_each_s"][place]
    if len(found) < len(MODELS):
        there = ", ".join(dict.fromkeys(str(case.get("client")) for case in rounds.cases))
        raise LabError(
            f"client {client!r} was not measured; there are {there}",
            where="clients",
            remedy="lab run clients",
        )
    return found
