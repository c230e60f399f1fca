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
from lab.doctor import facts
from lab.doctor.page import page
from lab.doctor.remedies import remedies
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
    place = known
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return known


def report(known: dict[str, Any] = ORDERLY, **judged: Any) -> dict[str, Any]:
    pairs = {"waiting": JUDGED | judged}
    return {"facts": known, "pairs": pairs, "server": SERVED, "remedies": remedies(known)}


def test_the_facts_are_those_of_this_machine_and_can_be_written_as_json() -> None:
    known = json.loads(json.dumps(facts.collect()))
    assert set(known) >= {*ORDERLY, "lab"}
    for part in ("machine", "python", "limits", "packages"):
        assert set(known[part]) >= set(ORDERLY[part])
    assert len(known["machine"]["affinity"]) == known["machine"]["cores"]
    assert known["models"]["sequential"] == ""
    assert known["python"]["version"] == ".".join(map(str, sys.version_info[:3]))


def test_an_orderly_machine_needs_no_remedy() -> None:
    assert remedies(ORDERLY) == []
    careful = page(report())[page(report()).index("Careful") :]
    assert careful[1] == "  - The CPU's clock, interrupts and isolated cores:"
    assert "`python -m pyperf system show`" in " ".join(careful) and len(careful) == 4


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
        (changed("python", "free_threaded_build", to=True), "`export PYTHON_GIL=0`"),
        (changed("packages", "uvloop", to=None), "`pip install uvloop`"),
    ],
)
def test_what_can_be_mended_is_named_with_its_remedy(known: dict[str, Any], words: str) -> None:
    (sentence,) = remedies(known)
    assert words in sentence


def test_a_load_of_half_the_cores_is_not_busy() -> None:
    assert remedies(changed("machine", "load_1min", to=2.0)) == []
    assert remedies(changed("machine", "load_1min", to=None)) == []


def test_the_page_says_what_the_machine_resolves() -> None:
    lines = page(report())
    assert "  cores       4, all usable, no quota on their time" in lines
    assert "  processes   any number may run at once" in lines
    assert "  resolves    4.2 % with 5 rounds: a difference of that size is found four times" in lines
    assert "  noise       identical cases differ by 3.0 % from round to round" in lines
    assert "  needs       21 rounds for 2 %, 6 rounds for 5 %, more than 1,000 rounds for" in lines
    assert "              10 %" in lines
    assert "     1 1.012 0.990-1.040 tie" in lines
    assert "     2                   none" in lines
    assert "  kept        21,749 requests/s over kept connections, 46 µs of CPU each" in lines
    assert "  new         not known: too short a load" in lines


def test_the_page_says_when_nothing_can_be_resolved_yet() -> None:
    text = "\n".join(page(report(rounds=3, resolution=None, spread=None, failed=2)))
    assert "  resolves    nothing yet: 3 of the 5 rounds that a verdict needs" in text
    assert "  failed      2 trials, which do not count" in text
    assert "noise" not in text


def test_no_line_of_the_page_is_wider_than_80_columns_and_no_command_is_broken() -> None:
    known = changed("machine", "load_1min", to=9.0)
    known["machine"] |= {"quota_cores": 1.5, "affinity": [0, 2, 5]}
    known["limits"] = {"open_files": [1024, 1_048_576], "processes": [100, None]}
    known["python"]["debug_modes"] = ["a debug build", "development mode", "tracemalloc"]
    known["packages"] |= {"uvloop": None}
    known["models"] = {f"model_{n}": "not installed: dask; pip install dask" for n in range(6)}
    lines = page(report(known))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    for command in ("`python -m pyperf system tune`", "`ulimit -n 4096`", "`ulimit -u 1024`"):
        assert command in text
    assert "usable: 0, 2, 5, a quota of 1.5 cores' worth of time" in text
    assert "1,024 may be open at once; 1,048,576 when asked for" in text
    assert "\N{NO-BREAK SPACE}" not in text


def test_the_doctor_measures_and_prints_what_a_program_can_read() -> None:
    app = typer.Typer()
    app.command()(doctor)
    with contained():
        ran = CliRunner().invoke(app, ["--pairs", "1", "--rounds", "1", "--json"])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert set(found) == {"facts", "seed", "pairs", "server", "remedies"}
    assert set(found["pairs"]) == {"waiting", "computing"}
    for judged in found["pairs"].values():
        assert set(judged) == set(JUDGED)
        assert (judged["rounds"], judged["failed"], len(judged["pairs"])) == (1, 0, 1)
        assert judged["pairs"][0]["ratio"] > 0
    assert found["server"]["kept"]["requests_per_s"] > 0
    assert max(map(len, page(found))) <= 80
