"""The constants of a machine are read from results; an error names the ones that were not measured."""

from __future__ import annotations

import numpy as np
import pytest
from made_results import made
from predict_results import write_all

from lab.analysis.predict.estimate import exactly, over
from lab.analysis.predict.measured_costs import constants, pace
from lab.analysis.predict.which_results import Source
from lab.analysis.stats.rounds import by_round
from lab.core.constants import CostOfComputing
from lab.core.errors import LabError

pytestmark = pytest.mark.usefixtures("unloaded")


def test_constants_are_read_from_results(tmp_path) -> None:
    write_all(tmp_path / "out")
    known = constants(tmp_path / "out", tmp_path / "nowhere")
    assert known.waiting["asyncio"].at("makespan_s", 10).each == pytest.approx(exactly(2e-4))
    assert known.waiting["asyncio"].at("makespan_s", 10).own == pytest.approx(exactly(0.0), abs=1e-9)
    assert known.waiting["threads"].at("waiting_memory_bytes", 10).each == pytest.approx(exactly(28e3))
    assert known.waiting["threads"].at("peak_memory_bytes", 10).each == pytest.approx(exactly(56e3))
    assert [list(each) for each in known.process] == [[3e-3] * 3, [1e-3] * 3, [2e6] * 3]
    assert (list(known.thread.cpu_s), list(known.thread.bytes)) == ([2e-4] * 3, [16e3] * 3)
    assert (list(known.task.cpu_s), list(known.task.bytes)) == ([1e-5] * 3, [2e3] * 3)
    assert (known.cores, known.up_to) == (2, 1_000)
    assert known.handing_s["process_executor"] == pytest.approx(exactly(1e-4))
    assert known.handing_s["asyncio_processes"] == pytest.approx(exactly(3e-4))
    assert known.laws["thread_pool"]["Amdahl"].values["serial"] == pytest.approx(1.0, abs=1e-4)
    assert known.laws["process_executor"]["USL"].values["contention"] == pytest.approx(0.0, abs=1e-6)
    assert known.sources["in_flight"] == tmp_path / "out" / "in_flight"


def test_constants_that_were_not_measured_here_come_from_the_reference_or_are_named(tmp_path) -> None:
    write_all(tmp_path / "reference")
    known = constants(tmp_path / "out", tmp_path / "reference")
    assert known.sources["start_cost"] == tmp_path / "reference" / "start_cost"
    with pytest.raises(LabError, match="in_flight: not measured, so nothing can be predicted; lab run"):
        constants(tmp_path / "out", tmp_path / "nowhere")


def test_the_cost_of_a_client_is_read_beyond_the_minimal_codec(tmp_path) -> None:
    write_all(tmp_path / "out")
    usual = constants(tmp_path / "out", tmp_path / "nowhere")
    assert (usual.client, usual.least_client) == ("requests/aiohttp", "minimal codec")
    assert usual.extra_s["thread_pool"] == pytest.approx(exactly(5e-4))
    assert usual.extra_s["asyncio"] == pytest.approx(exactly(1e-4))
    assert usual.blocking_s == pytest.approx(exactly(8e-4))
    minimal = constants(tmp_path / "out", tmp_path / "nowhere", "minimal codec")
    assert list(minimal.extra_s["asyncio"]) == [0.0] * 3
    assert minimal.blocking_s == pytest.approx(exactly(3e-4))


def test_a_client_that_was_not_measured_is_refused_with_those_that_were(tmp_path) -> None:
    write_all(tmp_path / "out")
    says = "clients: client 'urllib3' was not measured; there are minimal codec, requests/aiohttp; lab run"
    with pytest.raises(LabError, match=says):
        constants(tmp_path / "out", tmp_path / "nowhere", "urllib3")


def test_the_pace_is_how_much_one_after_another_varied(tmp_path) -> None:
    seconds = [1.0, 1.1, 0.9, 1.0, 1.0]
    results = made(
        {"sequential 10 1": seconds, "thread_pool 10 1": [5.0] * 5}, ("model", "task_ms", "chunk")
    )
    known = pace(source_of(results, CostOfComputing("workers", {"task_ms": 10, "chunk": 1}, {}), tmp_path))
    assert known == pytest.approx(over(np.array(seconds)))
    assert known[1] == pytest.approx(1.0)


def source_of(results, declared, folder) -> Source:
    return Source("made", folder, declared, results, by_round(results))
