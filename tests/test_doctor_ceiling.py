"""The load under which the doctor finds what the server can answer."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest

from lab.core.errors import LabError
from lab.doctor import ceiling
from lab.doctor.ceiling import CONNECTIONS, load
from lab.server.launch import serving


def test_the_ceiling_comes_from_the_cpu_time_that_a_request_costs() -> None:
    assert ceiling.figures(1000, busy_s=0.25, wall_s=0.5) == {
        "requests_per_s": 4000.0,
        "cpu_us_per_request": 250.0,
        "answered_per_s": 2000.0,
        "share_of_core": 0.5,
    }
    assert ceiling.figures(10, busy_s=0.0, wall_s=0.5)["requests_per_s"] is None


def counts(url: str) -> dict[str, int]:
    with urlopen(f"{url}/stats/doctor", timeout=10) as answer:
        return dict(json.load(answer))


@pytest.mark.parametrize("kept", [True, False])
def test_every_answer_that_the_load_counts_was_asked_of_the_server(kept: bool) -> None:
    with serving() as server:
        answered = load(f"{server.url}/daily/eur.json", 0.1, kept=kept)
        counted = counts(server.url)
    assert answered > 0
    assert answered + 1 <= counted["requests"] <= answered + 1 + CONNECTIONS
    connections = CONNECTIONS + 1 if kept else counted["requests"]
    assert counted["new_connections"] == connections


def test_a_load_that_is_refused_says_so() -> None:
    with serving() as server, pytest.raises(LabError, match=r"the server answers .HTTP/1\.1 404"):
        load(f"{server.url}/daily/nothing.json", 0.1, kept=True)
