"""Every question has a sane answer: no wait, no computing, one task, one core, more workers than tasks."""

from __future__ import annotations

from math import inf

import pytest
from predict_results import MODELS, known, of

from lab.analysis.predict.forecast import forecasts
from lab.analysis.predict.question import GIB, Question, Room

NUMBERS = ("in_flight", "makespan_s", "cpu_s", "cores", "memory_bytes", "waiting_bytes", "start_up_s")
EDGES = {
    "everything": Question(1_000_000, 0.05, 0.0002, 64),
    "no wait": Question(100, 0.0, 0.01, 2),
    "no computing": Question(100, 0.01, 0.0, 2),
    "neither": Question(100, 0.0, 0.0, 2),
    "one task": Question(1, 0.05, 0.01, 2),
    "one task of nothing": Question(1, 0.0, 0.0, 1),
    "more workers than tasks": Question(3, 0.05, 0.01, 2, in_flight=1_000),
    "one worker": Question(10, 0.05, 0.01, 2, in_flight=1),
    "one core": Question(100, 0.05, 0.01, 1),
}


@pytest.mark.parametrize("question", EDGES.values(), ids=EDGES.keys())
def test_every_question_has_an_answer_whose_numbers_lie_in_their_intervals(question):
    forecast_of = forecasts(question, known(contention=0.1, coherency=0.01, cores=2), Room(64 * GIB))
    assert [each.model for each in forecast_of] == list(MODELS)
    alone_s = question.wait_s + question.cpu_s
    for each in forecast_of:
        for name in NUMBERS:
            number = getattr(each, name)
            assert 0 <= number.low <= number.value <= number.high < inf, (each.model, name)
        assert each.in_flight.high <= min(question.tasks, question.in_flight or question.tasks)
        assert each.cores.value <= question.cores + 1e-9, each.model
        assert each.makespan_s.high >= alone_s, each.model
        assert each.makespan_s.low <= question.tasks * (alone_s + 0.001) + 1e-9, each.model


@pytest.mark.parametrize("model", MODELS)
def test_more_workers_than_tasks_are_as_many_as_tasks(model):
    three, many = (of(model, Question(3, 0.05, 0.01, 2, in_flight=n)) for n in (3, 1_000))
    assert three == many


@pytest.mark.parametrize("model", MODELS)
def test_one_task_takes_its_wait_its_computing_and_what_the_model_costs(model):
    forecast_of = of(model, Question(1, 0.05, 0.01, 1))
    own = {"sequential": 3e-4, "threads": 9e-4, "thread_pool": 3e-4, "process_executor": 4e-4}
    least = 0.06 if model in ("sequential", "thread_pool", "process_executor") else 0.05
    assert (
        least
        <= forecast_of.makespan_s.low
        <= forecast_of.makespan_s.high
        <= 0.06 + own.get(model, 7e-4) + 1e-9
    )
