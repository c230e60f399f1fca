"""The constants of a machine are read from results, and what was not measured is said."""

from __future__ import annotations

import numpy as np
import pytest
from made_results import made
from predict_results import exactly, write_all

from lab.analysis.predict.clients import USUAL
from lab.analysis.predict.constants import constants, pace
from lab.analysis.predict.estimate import Estimate
from lab.analysis.stats.rounds import by_round
from lab.core.errors import LabError


def test_constants_are_read_from_results(tmp_path) -> None:
    write_all(tmp_path / "out")
    found = constants(tmp_path / "out", tmp_path / "nowhere")
    assert found.of_each["asyncio"].at("begin_s", 10).value == pytest.approx(2e-4)
    assert found.of_each["threads"].at("unit_bytes", 10).value == pytest.approx(28e3)
    assert found.of_each["threads"].at("peak_unit_bytes", 10).value == pytest.approx(56e3)
    assert found.worker_bytes == exactly(2e6)
    assert (found.thread_cpu_s, found.thread_bytes) == (exactly(2e-4), exactly(16e3))
    assert (found.task_cpu_s, found.task_bytes) == (exactly(1e-5), exactly(2e3))
    assert found.cores == 2
    assert found.latency_s.value == pytest.approx(0.0, abs=1e-9)
    assert found.handing_s["process_executor"].value == pytest.approx(1e-4)
    assert found.handing_s["asyncio_processes"].value == pytest.approx(3e-4)
    assert found.laws["thread_pool"]["Amdahl"].values["serial"] == pytest.approx(1.0, abs=1e-4)
    assert found.laws["process_executor"]["USL"].values["contention"] == pytest.approx(0.0, abs=1e-6)
    assert found.sources["in_flight"] == tmp_path / "out" / "in_flight"


def test_what_was_not_measured_here_comes_from_the_reference_and_what_nowhere_is_said(tmp_path) -> None:
    write_all(tmp_path / "reference")
    found = constants(tmp_path / "out", tmp_path / "reference")
    assert found.sources["start_cost"] == tmp_path / "reference" / "start_cost"
    with pytest.raises(LabError, match="in_flight: not measured, so nothing can be predicted; lab run"):
        constants(tmp_path / "out", tmp_path / "nowhere")


def test_what_a_client_takes_is_read_beyond_the_minimal_codec(tmp_path) -> None:
    write_all(tmp_path / "out")
    usual = constants(tmp_path / "out", tmp_path / "nowhere", USUAL)
    assert usual.extra_of("thread_pool").value == pytest.approx(5e-4)
    assert usual.extra_of("asyncio").value == pytest.approx(1e-4)
    assert usual.blocking_s.value == pytest.approx(8e-4)
    minimal = constants(tmp_path / "out", tmp_path / "nowhere")
    assert minimal.extra_of("asyncio") == exactly(0.0)
    assert minimal.blocking_s.value == pytest.approx(3e-4)


def test_a_client_that_was_not_measured_is_refused_with_those_that_were(tmp_path) -> None:
    write_all(tmp_path / "out")
    says = "clients: client 'urllib3' was not measured; there are minimal codec, requests/aiohttp; lab run"
    with pytest.raises(LabError, match=says):
        constants(tmp_path / "out", tmp_path / "nowhere", "urllib3")


def test_the_pace_is_how_much_one_after_another_varied() -> None:
    seconds = [1.0, 1.1, 0.9, 1.0, 1.0]
    found = pace(by_round(made({"sequential 10": seconds}, ("model", "task_ms"))))
    assert found.value == pytest.approx(1.0)
    assert found == Estimate.over(np.array(seconds))
    assert pace(by_round(made({"asyncio 10": seconds}, ("model", "task_ms")))) == exactly(1.0)
