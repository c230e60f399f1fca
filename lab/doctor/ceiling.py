"""How many requests a second the embedded server answers before its one core is busy."""

from __future__ import annotations

from time import monotonic
from typing import Any

import psutil

from lab.doctor.load import load
from lab.server.launch import Server, serving

LOAD_S = 0.7
WARM_UP_S = 0.1


def measure(load_s: float = LOAD_S) -> dict[str, dict[str, Any]]:
    """Return the server's ceiling for kept connections and for new ones, as JSON can hold it."""
    with serving() as server:
        return {name: loaded(server, name == "kept", load_s) for name in ("kept", "new")}


def loaded(server: Server, kept: bool, load_s: float) -> dict[str, Any]:
    """Return what the server did under a load of so many seconds."""
    url = f"{server.url}/daily/eur.json"
    load(url, WARM_UP_S, kept=kept)
    before_s, began = cpu_s(server.pid), monotonic()
    answered = load(url, load_s, kept=kept)
    return figures(answered, cpu_s(server.pid) - before_s, monotonic() - began)


def figures(answered: int, busy_s: float, wall_s: float) -> dict[str, Any]:
    """Return the ceiling: the requests a second at which the server would be busy all the time.

    It is taken from the CPU time that a request costs the server, not from the clock on the wall: a client
    or another program may hold the server up, which is no limit of the server.
    Where the load was too short for any CPU time to be seen, the ceiling is not known.
    """
    return {
        "requests_per_s": answered / busy_s if answered and busy_s else None,
        "cpu_us_per_request": busy_s / answered * 1e6 if answered and busy_s else None,
        "answered_per_s": answered / wall_s,
        "share_of_core": busy_s / wall_s,
    }


def cpu_s(pid: int) -> float:
    """Return the CPU seconds a process has had."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
