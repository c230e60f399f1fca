"""Computing in parallel: the sweeps that are left of the grid, equal work, right answers."""

from collections import defaultdict

import pytest
from builders import beside

from lab.catalog.cases import cases as cases_of
from lab.catalog.experiments import find
from lab.core import machine
from lab.core.clock import call, submit
from lab.core.errors import LabError
from lab.workloads import arbitrage

_searches = beside("_searches")
experiment = find("cpu_scaling").experiment
CASES = cases_of("cpu_scaling", experiment)


def test_workers_are_swept_to_twice_the_cores_and_sizes_under_all_cores():
    cores = machine.cores()
    swept = {int(case["workers"]) for case in CASES if case["task_ms"] == 10 and "workers" in case.params}
    assert {1, cores, 2 * cores} <= swept
    of_executor = [case for case in CASES if case["model"] == "process_executor"]
    assert {case["task_ms"] for case in of_executor if case["workers"] == cores} == {0.1, 1, 10, 100}
    assert {case["workers"] for case in of_executor if case["task_ms"] != 10} == {cores}
    assert {case["chunk"] for case in of_executor} == {1, 8, 64}
    assert {case["task_ms"] for case in of_executor if case["chunk"] != 1} == {0.1}


def test_every_size_has_the_same_work_and_a_sequential_case():
    sizes = defaultdict(set)
    for case in CASES:
        sizes[case["task_ms"]].add(case["model"])
        assert case["task_ms"] * case["tasks"] == pytest.approx(100 * machine.cores())
    assert all("sequential" in models for models in sizes.values())


def test_the_sizes_are_proportional_in_steps():
    for milliseconds, (legs, currencies) in _searches.SIZES.items():
        steps = legs * currencies**2
        assert steps == pytest.approx(milliseconds * _searches.STEPS_PER_MS, rel=0.01)


@pytest.mark.parametrize(("tasks", "chunk"), [(10, 1), (10, 4), (3, 64)])
def test_chunks_hold_every_task_once_and_their_answers_are_checked(tasks, chunk):
    work = _searches.chunked(0.1, chunk)
    items = work.items(tasks)
    assert [source for item in items for source in item] == [task % 2 for task in range(tasks)]
    assert max(map(len, items)) <= chunk
    outcomes = [call(work.blocking, ticket) for ticket in submit(items)]
    assert [outcome.result for outcome in outcomes] == [work.expect(item) for item in items]
    assert work.expect((0, 1)) != work.expect((1, 0))


def test_the_stored_answers_of_a_size_are_what_a_search_finds():
    for milliseconds, (legs, currencies) in _searches.SIZES.items():
        search = arbitrage.Search(legs, currencies)
        assert _searches.answers_of(milliseconds) == [search(0), search(1)]


def test_a_small_search_finds_a_loop_of_its_own_currencies_only():
    gain, loop = arbitrage.Search(3, 95)(1)
    assert loop[0] == loop[-1] == arbitrage.codes()[1]
    assert set(loop) <= set(arbitrage.codes()[:95])
    assert gain > 1
    assert gain <= arbitrage.Search(3)(1)[0]  # a larger market has no worse loop


def test_a_size_that_there_is_not_is_refused():
    with pytest.raises(LabError, match="no search of 5 ms; there are"):
        _searches.chunked(5, 1)
