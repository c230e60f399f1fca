"""What a trial says its work cost: CPU time and memory of the whole tree, and the metrics of a batch."""

import pytest
from runs import measured, written

from lab.core.work import Outcome, Span, Workload
from lab.cost.cpu import Cpu
from lab.trial.batch import Batch
from lab.trial.validity import Expected

KNOWN = """
def burn(item):
    held = bytearray(b"x") * (24 << 20)
    end = time.process_time() + 0.04
    while time.process_time() < end:
        pass
    return len(held)

experiment = Experiment(
    question="?", workload=Workload(burn), samples=1, warmups=0, baseline="sequential",
    grid={"model": ["sequential", "threads", "fork", "process_pool"], "tasks": [3]},
)
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return measured(written(tmp_path_factory.mktemp("known"), "known", KNOWN), quick=True)


@pytest.mark.parametrize("model", ["sequential", "threads", "fork", "process_pool"])
def test_the_cost_of_known_work_is_that_of_the_whole_tree(known, model):
    trial = known.of(model=model)
    (sample,) = known.samples_of(trial)
    assert trial.status == "ok", trial.reason
    share = 1 if model == "threads" else 3  # threads share one clock: each burns what the others do
    assert 0.04 * share <= sample.metrics["cpu_s"] < 0.04 * 3 + 0.5
    held = 24 if model == "sequential" else 3 * 24
    assert held << 20 <= trial.peak_memory_bytes < held + 100 << 20


def span(index, submitted=0, started=1, finished=2, error=None):
    return Span(index, submitted, started, finished, "w", error)


def test_a_metric_is_computed_from_the_spans_alone():
    spans = [span(0, 10, 20, 50), span(1, 12, 50, 90), span(2, 14, 24, 60)]
    counts = {"requests": 3, "new_connections": 2, "peak_in_flight": 2, "server_cpu_s": 20e-9}
    outcomes = [Outcome(each) for each in spans]
    batch = Batch(Workload(abs), [0, 1, 2], outcomes, Cpu(120, 40), counts)
    assert batch.metrics(Expected(3, 2), 1.5) == {
        "makespan_s": 80e-9,
        "queue_wait_s": 10e-9,
        "service_s": 36e-9,
        "asked_in_flight": 2,
        "peak_in_flight": 2,
        "limit_s": 1.5,
        "cpu_s": 160e-9,
        "cpu_system_s": 40e-9,
        "cores_busy": 2.0,
        "requests": 3,
        "new_connections": 2,
        "server_peak_in_flight": 2,
        "server_busy": 0.25,
    }


def test_a_number_that_cannot_be_known_of_a_batch_is_left_out():
    batch = Batch(Workload(abs), [0], [Outcome(span(0))], None, None)
    metrics = batch.metrics(Expected(1, 1), None)
    assert metrics["cpu_s"] is metrics["cores_busy"] is metrics["limit_s"] is None
    assert "requests" not in metrics
