"""What the doctor reads, works out and says."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from lab.cli.doctor import doctor
from lab.doctor.page import remedies, tables
from lab.present.tables.terminal import drawn, text
from tests.runs import contained

ORDERLY: dict[str, Any] = {
    "started": "2026-01-01T00:00:00+00:00",
    "machine": {
        "system": "Linux 6.1 x86_64",
        "cpu": "A CPU",
        "cores": 4,
        "load_1min": 0.25,
        "cores_present": 4,
        "affinity": [0, 1, 2, 3],
        "quota_cores": None,
        "governors": ["performance"],
    },
    "pyperf": {"cpu_freq": "0-3=2600 MHz", "runnable_threads": 1},
    "limits": {"open_files": [20_000, 20_000], "processes": [None, None]},
    "python": {
        "version": "3.13.1",
        "implementation": "CPython",
        "gil": True,
        "start_method": "forkserver",
        "compiler": "GCC 12.2.0",
        "free_threaded_build": False,
        "optimised_build": True,
        "debug_modes": [],
    },
    "packages": {"aiohttp": "3.14", "requests": "2.34", "uvloop": "0.23"},
    "models": {"asyncio": "", "threads": ""},
}
JUDGED: dict[str, Any] = {
    "median_s": 0.0281,
    "rounds": 5,
    "failed": 0,
    "pairs": [
        {"pair": "1", "ratio": 1.012, "ratio_low": 0.99, "ratio_high": 1.04, "verdict": "tie", "rounds": 5},
        {"pair": "2", "ratio": None, "ratio_low": None, "ratio_high": None, "verdict": "", "rounds": 0},
    ],
    "called_different": 0,
    "intervals_beside_1": 1,
    "resolution": 1.0416,
    "spread": 0.03,
    "rounds_to_resolve": {"0.02": 21, "0.05": 6, "0.1": None},
}
SERVED: dict[str, Any] = {
    "kept": {"requests_per_s": 21_749.4, "cpu_us_per_request": 45.98},
    "new": {"requests_per_s": None, "cpu_us_per_request": None},
}


def changed(*path: str, to: Any) -> dict[str, Any]:
    """Return the facts of an orderly machine but for one."""
    known = deepcopy(ORDERLY)
    part = known
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return known


def report(known: dict[str, Any] = ORDERLY, **judged: Any) -> dict[str, Any]:
    pairs = {"waiting": JUDGED | judged}
    return {"facts": known, "pairs": pairs, "server": SERVED, "remedies": remedies(known)}


def page(of: dict[str, Any]) -> list[str]:
    """Return the report's lines on a terminal of 80 columns."""
    return [line for table in tables(of) for line in text(drawn(table, 80), 80).splitlines()]


def test_an_orderly_machine_needs_no_remedy() -> None:
    assert remedies(ORDERLY) == []


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (changed("machine", "load_1min", to=2.1), "The machine is busy: load 2.1 on 4 cores. Wait, or"),
        (changed("machine", "quota_cores", to=1.5), "allows 1.5 cores' worth of time on 4 cores"),
        (changed("machine", "cores", to=1), "With one core, the server takes its time from"),
        (changed("limits", "open_files", to=[1024, 1_048_576]), "Only 1,024 files may be open at once"),
        (changed("limits", "open_files", to=[1024, 1_048_576]), "`ulimit -n 4096`"),
        (changed("limits", "open_files", to=[1024, None]), "`ulimit -n 4096`"),
        (changed("limits", "open_files", to=[512, 1024]), "`ulimit -n 1024`"),
        (changed("limits", "open_files", to=[256, 256]), "Ask the administrator for more."),
        (changed("limits", "processes", to=[100, 5000]), "`ulimit -u 1024`"),
        (changed("python", "debug_modes", to=["development mode"]), "Python runs with development mode"),
        (changed("packages", "uvloop", to=None), "`pip install uvloop`"),
    ],
)
def test_a_fault_that_can_be_mended_is_named_with_its_remedy(known: dict[str, Any], words: str) -> None:
    (sentence,) = remedies(known)
    assert words in sentence


def test_a_load_of_half_the_cores_is_not_busy() -> None:
    assert remedies(changed("machine", "load_1min", to=2.0)) == []
    assert remedies(changed("machine", "load_1min", to=None)) == []


def test_the_page_says_what_the_machine_resolves() -> None:
    lines = [line.rstrip() for line in page(report())]
    assert "cores     4, all usable, no quota on their time" in lines
    assert "processes any number may run at once" in lines
    assert "Python    CPython 3.13.1, GCC 12.2.0, built with its profile, GIL on, processes" in lines
    assert "          by forkserver, no debug mode" in lines
    assert "models    2 of 2 can run" in lines
    assert "packages  aiohttp 3.14, requests 2.34, uvloop 0.23" in lines
    assert "takes    28.1 ms under asyncio" in lines
    assert "resolves 4.2 % with 5 rounds: a difference of that size is found four times out" in lines
    assert "noise    identical cases differ by 3.0 % from round to round" in lines
    assert "needs    21 rounds for 2 %, 6 rounds for 5 %, more than 1,000 rounds for 10 %" in lines
    assert "found    0 of 2 identical pairs called different; 1 of their intervals leave 1" in lines
    assert "   1 1.01× (0.990-1.04) tie" in lines
    assert "   2                    none" in lines
    assert "kept 21,749 requests/s over kept connections, 46 µs of CPU each" in lines
    assert "new  not known: too short a load" in lines


def test_the_page_says_when_nothing_can_be_resolved_yet() -> None:
    lines = page(report(rounds=3, resolution=None, spread=None, failed=2))
    assert "resolves nothing yet: 3 of the 5 rounds that a verdict needs" in map(str.rstrip, lines)
    assert "failed   2 trials, which do not count" in map(str.rstrip, lines)
    assert "noise" not in "\n".join(lines)


def test_the_page_says_how_the_machine_is_limited_and_what_cannot_run() -> None:
    known = changed("machine", "load_1min", to=None)
    known["machine"] |= {"quota_cores": 1.5, "affinity": [0, 2, 5]}
    known["limits"] = {"open_files": [1024, 1_048_576], "processes": [100, None]}
    known["python"] |= {"debug_modes": ["a debug build", "tracemalloc"], "optimised_build": None}
    known["packages"] |= {"uvloop": None}
    known["models"] = {f"model_{n}": "not installed: dask; pip install dask" for n in range(6)}
    lines = page(report(known))
    assert max(map(len, lines)) <= 80
    shown = " ".join(" ".join(lines).split())
    assert "cores 4, usable: 0, 2, 5, a quota of 1.5 cores' worth of time" in shown
    assert "load unknown on this system" in shown
    assert "1,024 may be open at once; 1,048,576 when asked for" in shown
    assert "100 may run at once; any number when asked for" in shown
    assert "GCC 12.2.0, GIL on, processes by forkserver, a debug build and tracemalloc" in shown
    assert "0 of 6 can run; model_0 cannot (not installed: dask; pip install dask); model_1" in shown
    assert "uvloop missing" in shown


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """What a program reads of a short examination of this machine."""
    app = typer.Typer()
    app.command()(doctor)
    with contained():
        ran = CliRunner().invoke(app, ["--pairs", "1", "--rounds", "1", "--json"])
    assert ran.exit_code == 0, ran.output
    return dict(json.loads(ran.stdout))


def test_the_facts_are_those_of_this_machine(measured: dict[str, Any]) -> None:
    known = measured["facts"]
    assert set(known) >= {*ORDERLY, "lab"}
    for part in ("machine", "python", "limits", "packages"):
        assert set(known[part]) >= set(ORDERLY[part])
    assert len(known["machine"]["affinity"]) == known["machine"]["cores"]
    assert known["models"]["sequential"] == ""
    assert known["python"]["version"] == ".".join(map(str, sys.version_info[:3]))


def test_the_doctor_measures_and_prints_what_a_program_can_read(measured: dict[str, Any]) -> None:
    assert set(measured) == {"facts", "seed", "pairs", "server", "remedies"}
    assert set(measured["pairs"]) == {"waiting", "computing"}
    for judged in measured["pairs"].values():
        assert set(judged) == set(JUDGED)
        assert (judged["rounds"], judged["failed"], len(judged["pairs"])) == (1, 0, 1)
        assert judged["pairs"][0]["ratio"] > 0
    assert measured["server"]["kept"]["requests_per_s"] > 0
    assert page(measured)[0] == "This machine"


def test_a_command_in_a_remedy_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    report_now = report(changed("limits", "open_files", to=[1024, None]))
    monkeypatch.setattr(sys.modules["lab.cli.doctor"], "examine", lambda *_: report_now)
    app = typer.Typer()
    app.command()(doctor)
    lines = CliRunner().invoke(app).stdout.splitlines()
    assert lines[-3] == "Careful"
    assert "`ulimit -n 4096`" in lines[-2]
    assert "`python -m pyperf system show`" in lines[-1] and "`python -m pyperf system tune`" in lines[-1]
