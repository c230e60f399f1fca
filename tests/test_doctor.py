"""What the doctor reads, works out and says."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from math import exp
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from lab.cli.doctor import doctor
from lab.core import LabError
from lab.doctor import ceiling, facts
from lab.doctor.enough import MOST_ROUNDS, resolution_after, rounds_to_resolve, spread
from lab.doctor.load import CONNECTIONS, Load
from lab.doctor.page import page
from lab.doctor.pairs import judge, plan
from lab.doctor.remedies import remedies
from lab.server.launch import serving
from tests.made_results import made
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
    "packages": {"aiohttp": "3.14", "requests": "2.34", "uvloop": "0.23", "pyperf": "2.10"},
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
    assert page(report())[-1] == "Nothing here needs mending."


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (changed("machine", "load_1min", to=2.1), "The machine is busy: load 2.1 on 4 cores. Wait, or"),
        (changed("machine", "governors", to=["powersave"]), "`sudo cpupower frequency-set -g performance`"),
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
        (changed("packages", "pyperf", to=None), "`pip install pyperf`"),
    ],
)
def test_what_can_be_mended_is_named_with_its_remedy(known: dict[str, Any], words: str) -> None:
    (sentence,) = remedies(known)
    assert words in sentence


def test_a_load_of_half_the_cores_is_not_busy() -> None:
    assert remedies(changed("machine", "load_1min", to=2.0)) == []
    assert remedies(changed("machine", "load_1min", to=None)) == []


def test_five_rounds_of_equals_five_per_cent_apart_resolve_what_a_table_of_t_says() -> None:
    # Student's t with four degrees of freedom: 2.7764 at 97.5 %, 0.9410 at 80 %.
    assert resolution_after(5, 0.05) == pytest.approx(exp((2.7764 + 0.9410) * 0.05 / 5**0.5), rel=1e-5)


def test_the_rounds_to_resolve_2_5_and_10_per_cent_are_those_worked_out_by_hand() -> None:
    # Equals 3 % apart. n = 20: (2.0930 + 0.8610) x 0.03 / sqrt(20) = 0.01982 > log 1.02 = 0.01980;
    # n = 21: 0.01929. n = 5: 0.04987 > log 1.05 = 0.04879; n = 6: 0.04274.
    assert [rounds_to_resolve(difference, 0.03) for difference in (0.02, 0.05, 0.10)] == [21, 6, 5]


def test_equals_that_never_differ_take_the_fewest_rounds_and_wild_ones_too_many() -> None:
    assert rounds_to_resolve(0.02, 0.0) == 5
    assert rounds_to_resolve(0.02, 0.5) is None


@given(st.floats(0.001, 0.3), st.floats(0.01, 0.2))
def test_the_rounds_are_the_first_that_resolve(deviation: float, difference: float) -> None:
    rounds = rounds_to_resolve(difference, deviation)
    if rounds is None:
        assert resolution_after(MOST_ROUNDS, deviation) > 1 + difference
    else:
        assert resolution_after(rounds, deviation) <= 1 + difference
        assert rounds == 5 or resolution_after(rounds - 1, deviation) > 1 + difference


def test_the_spread_is_about_zero_and_the_middle_pair_s() -> None:
    pairs = np.array([[0.03, -0.03] * 3, [0.01] * 6, [0.5] * 6, [np.nan] * 2 + [9.0] * 4])
    assert spread(pairs) == pytest.approx(0.03)
    assert spread(pairs[:, :4]) is None


def test_pairs_of_equals_are_judged_by_the_lab() -> None:
    up_and_down = [exp(0.03), exp(-0.03)] * 3
    one_way = [exp(0.031), exp(0.029)] * 3
    cases = {"asyncio 1": [2.0] * 6, "asyncio_again 1": [2 * each for each in up_and_down]}
    cases |= {"asyncio 2": [2.0] * 6, "asyncio_again 2": [2 * each for each in one_way]}
    cases |= {"asyncio 3": [2.0] * 6, "asyncio_again 3": [3.0, 3.01, 2.99] * 2}
    judged = judge(made(cases, axes=("model", "pair")))
    assert [row["verdict"] for row in judged["pairs"]] == ["tie", "tie", "slower"]
    assert [row["pair"] for row in judged["pairs"]] == ["1", "2", "3"]
    assert (judged["called_different"], judged["intervals_beside_1"]) == (1, 2)
    assert (judged["rounds"], judged["failed"], round(judged["median_s"], 2)) == (6, 0, 2.0)
    assert judged["spread"] == pytest.approx(0.03, rel=1e-2)
    assert judged["resolution"] == pytest.approx(resolution_after(6, judged["spread"]))
    assert judged["rounds_to_resolve"] == {"0.02": 21, "0.05": 6, "0.1": 5}
    json.dumps(judged)


def test_pairs_of_too_few_rounds_have_no_verdict_and_failed_trials_are_counted() -> None:
    judged = judge(
        made({"asyncio 1": [1.0, 1.1], "asyncio_again 1": [1.0, "killed"]}, axes=("model", "pair"))
    )
    assert judged["failed"] == 1
    assert judged["pairs"][0]["verdict"] == ""
    assert judged["pairs"][0]["ratio"] == pytest.approx(1.0)
    for name in ("resolution", "spread", "rounds_to_resolve"):
        assert judged[name] is None


def test_a_plan_has_each_side_of_each_pair_once_a_round() -> None:
    with contained():
        planned = plan("waiting", 24, 5, seed=1)
    trials = planned.trials()
    sides = {(each.case["model"], each.case["pair"]) for each in trials}
    assert sides == {(model, pair) for model in ("asyncio", "asyncio (again)") for pair in range(1, 25)}
    for number in range(1, 6):
        assert {(each.case["model"], each.case["pair"]) for each in trials if each.round == number} == sides
    assert len(trials) == 2 * 24 * 5


def test_the_page_says_what_the_machine_resolves() -> None:
    lines = page(report())
    assert "  cores       4, all usable, no quota on their time" in lines
    assert "  clock       governor performance, now 0-3=2600 MHz" in lines
    assert "  processes   any number may run at once" in lines
    assert "  resolves    4.2 % with 5 rounds: a difference as large is found four times out" in lines
    assert "  noise       equals lie 3.0 % apart from one round to the next" in lines
    assert "  needs       21 rounds for 2 %, 6 rounds for 5 %, more than 1,000 rounds for" in lines
    assert "              10 %" in lines
    assert "     1  1.012    0.990-1.040  tie" in lines
    assert "     2                        none" in lines
    assert "  kept        21,749 requests/s over kept connections, 46 µs of CPU each" in lines
    assert "  new         not known: too short a load" in lines


def test_the_page_says_when_nothing_can_be_resolved_yet() -> None:
    text = "\n".join(page(report(rounds=3, resolution=None, spread=None, failed=2)))
    assert "  resolves    nothing yet: 3 of the 5 rounds that a verdict needs" in text
    assert "  failed      2 trials, which do not count" in text
    assert "noise" not in text


def test_no_line_of_the_page_is_wider_than_80_columns_and_no_command_is_broken() -> None:
    known = changed("machine", "load_1min", to=9.0)
    known["machine"] |= {"governors": ["powersave"], "quota_cores": 1.5, "affinity": [0, 2, 5]}
    known["limits"] = {"open_files": [1024, 1_048_576], "processes": [100, None]}
    known["python"]["debug_modes"] = ["a debug build", "development mode", "tracemalloc"]
    known["packages"] |= {"uvloop": None, "pyperf": None}
    known["models"] = {f"model_{n}": "not installed: dask; pip install dask" for n in range(6)}
    lines = page(report(known))
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    for command in ("`sudo cpupower frequency-set -g performance`", "`ulimit -n 4096`", "`ulimit -u 1024`"):
        assert command in text
    assert "usable: 0, 2, 5, a quota of 1.5 cores' worth of time" in text
    assert "1,024 may be open at once; 1,048,576 when asked for" in text
    assert "\N{NO-BREAK SPACE}" not in text


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
        answered = Load(f"{server.url}/daily/eur.json", kept=kept).run(0.1)
        counted = counts(server.url)
    assert answered > 0
    assert answered + 1 <= counted["requests"] <= answered + 1 + CONNECTIONS
    connections = CONNECTIONS + 1 if kept else counted["requests"]
    assert counted["new_connections"] == connections


def test_a_load_that_is_refused_says_so() -> None:
    with serving() as server, pytest.raises(LabError, match=r"the server answers .HTTP/1\.1 404"):
        Load(f"{server.url}/daily/nothing.json", kept=True)


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
