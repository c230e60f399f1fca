"""A beat beside workers that compute: what must hold on every version of Python and every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter_ns as now
from typing import Any

import pytest
from builders import beside
from runs import contained, measured

from lab.catalog.cases import cases
from lab.catalog.experiments import import_file
from lab.core.work import Case

_busy = beside("_busy")
PATH = Path(__file__).parents[1] / "experiments" / "responsiveness.py"
PATIENCE_NS = 20_000_000_000


@pytest.fixture
def beating(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    interval = sys.getswitchinterval()
    with contained():
        module = import_file(PATH)
        beats = beats_of(module)
        monkeypatch.setattr(beats, "BEATS", 10)
        monkeypatch.setattr(module, "WORK_NS", 10 * beats.BEAT_NS)
        yield module
    sys.setswitchinterval(interval)


def beats_of(module: Any) -> Any:
    """Return the helper that the experiment's own timer is in."""
    return sys.modules[module.beat.__module__]


def case(model: str, busy_workers: int = 1, work: str = "python") -> Case:
    params = {"model": model, "busy_workers": busy_workers, "work": work, "interval_us": 5000}
    return Case("responsiveness", params)


def progress_of(beating: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by each beat that the heart turns to."""
    progress: list[int] = []
    all_due: Callable[[int], list[int]] = beats_of(beating).due_beats

    def counted(began: int) -> Iterator[int]:
        for due in all_due(began):
            progress.append(due)
            yield due

    monkeypatch.setattr(beats_of(beating), "due_beats", counted)
    return progress


def test_the_delay_is_from_when_a_beat_was_due(beating: Any) -> None:
    beats = [(0, 0), (1_000_000_000, 2_000_000_000), (2_000_000_000, 6_000_000_000)]
    assert beating.delays(beats) == pytest.approx(
        {"delay_p50_s": 1.0, "delay_p99_s": 3.94, "delay_worst_s": 4.0}
    )


@pytest.mark.parametrize(
    "model", ["threads", "processes", "asyncio", "asyncio_threads", "asyncio_processes"]
)
def test_every_beat_happens_and_is_a_span_from_when_it_was_due(beating: Any, model: str) -> None:
    measurement = beating.measure(case(model, busy_workers=2))
    due = [span.submitted_ns for span in measurement.spans]
    assert [later - due[0] for later in due] == [5_000_000 * number for number in range(10)]
    assert all(span.started_ns == span.finished_ns for span in measurement.spans)
    late = [span.finished_ns - span.submitted_ns for span in measurement.spans]
    assert measurement.numbers["delay_worst_s"] == max(late) / 1e9
    assert min(late) > -1000


def test_a_thread_in_a_loop_of_pure_python_is_interrupted(
    beating: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = progress_of(beating, monkeypatch)
    seen = []

    def until_five_beats(_: int) -> None:
        end = now() + PATIENCE_NS
        while len(progress) < 5 and now() < end:
            pass
        seen.append(len(progress))

    monkeypatch.setitem(beating.WORKS, "python", until_five_beats)
    beating.measure(case("threads"))
    assert seen[0] >= 5


def test_a_task_is_not_interrupted(beating: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = progress_of(beating, monkeypatch)
    seen = []

    def for_a_while(end: int) -> None:
        before = len(progress)
        while now() < end:
            pass
        seen.append(len(progress) - before)

    monkeypatch.setitem(beating.WORKS, "python", for_a_while)
    beating.measure(case("asyncio"))
    assert seen == [0]


def test_a_sum_is_made_as_long_as_the_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 30, 100, 120, 200, 240])
    monkeypatch.setattr(_busy, "now", lambda: next(clock))
    monkeypatch.setattr(_busy, "total", lambda _: None)
    monkeypatch.setattr(_busy, "SUMMED", [1_000_000])
    _busy.calibrate(100)
    assert _busy.SUMMED == [5_000_000]


def test_the_sweep_is_of_every_model_and_each_other_matter_has_a_cell(beating: Any) -> None:
    declared = [dict(each.params) for each in cases("responsiveness", beating.experiment)]
    assert len(declared) == 21
    plain = [each for each in declared if each["work"] == "python" and each["interval_us"] == 5000]
    busy = {
        model: [each["busy_workers"] for each in plain if each["model"] == model]
        for model in beating.experiment.grid["model"]
    }
    assert busy.pop("threads") == busy.pop("asyncio") == [0, 1, 2, 4]
    assert set(map(tuple, busy.values())) == {(1, 2, 4)}
    assert {each["model"] for each in declared if each not in plain} == {"threads"}
    assert {each["busy_workers"] for each in declared if each["interval_us"] == 500} == {1}, (
        "or turns add up"
    )


def test_a_trial_of_it_is_measured() -> None:
    rows = measured(PATH, only={"model": ["asyncio_processes"], "busy_workers": ["2"]})
    assert [(trial.status, trial.stderr) for trial in rows.trials] == [("ok", "")]
    assert len(rows.spans[1]) == 28
