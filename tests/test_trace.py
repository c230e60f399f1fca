"""`lab trace`: the timeline as Trace Event JSON, held to the rules of the format and of its viewers."""

import json
from collections import defaultdict
from itertools import pairwise

import pytest
from builders import case, environment, new_writer, span, trial
from runs import run_lab, run_lab_process

from lab.core.errors import LabError
from lab.present.trace import lanes, trace
from lab.store.environment_file import write_environment
from lab.store.reading import read

THREADS = {"model": "threads", "workers": 2}
AA_SUFFIX = {"model": "asyncio (A/A)", "workers": 2}
ASYNCIO = {"model": "asyncio", "workers": 2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two workers with three tasks, a loop whose tasks overlap, and one task that failed."""
    folder = tmp_path_factory.mktemp("results") / "made"
    writer = new_writer(folder, ("model", "workers"))
    add = {
        1: (AA_SUFFIX, [span(0, 0, 0.001, 0.002, worker="task")]),
        2: (
            THREADS,
            [
                span(0, 0, 0.001, 0.010, worker="a"),
                span(1, 0.000_000_5, 0.002, 0.020, worker="b"),
                span(2, 0.000_001, 0.010, 0.030, worker="a", error="ValueError: </script>"),
            ],
        ),
        3: (
            ASYNCIO,
            [
                span(0, 0, 0.001, 0.010, worker="loop"),
                span(1, 0, 0.002, 0.005, worker="loop"),
                span(2, 0, 0.006, 0.020, worker="loop"),
            ],
        ),
    }
    for number, (params, spans) in add.items():
        writer.add(trial(number, samples=0, of=case(**params)), [], spans)
    made = environment(("model", "workers"), metrics={})
    made["experiment"]["cases"] = [THREADS, ASYNCIO]
    write_environment(folder, made)
    return folder


@pytest.fixture(scope="module")
def events(folder):
    return trace(read(folder))["traceEvents"]


def names(events, what):
    """Return the numbers of processes or threads -> their names."""
    names_of = [event for event in events if event["ph"] == "M" and event["name"] == f"{what}_name"]
    return {event["tid" if what == "thread" else "pid"]: event["args"]["name"] for event in names_of}


def services(events):
    return [event for event in events if event["ph"] == "X"]


def test_a_case_is_a_process_in_the_grids_order_and_the_baselines_second_follows_its_first(events):
    assert names(events, "process") == {
        1: "model=threads workers=2",
        2: "model=asyncio workers=2",
        3: "model=asyncio (A/A) workers=2",
    }


def test_a_worker_is_a_lane_and_one_whose_tasks_overlap_has_another(events):
    assert list(names(events, "thread").values()) == ["a", "b", "loop", "loop (2)", "task"]
    where = names(events, "thread")
    lanes = [(where[event["tid"]], event["name"]) for event in services(events) if event["pid"] == 2]
    assert sorted(lanes) == [("loop", "task 0"), ("loop (2)", "task 1"), ("loop (2)", "task 2")]


def test_services_of_one_lane_never_overlap(events):
    lanes = defaultdict(list)
    for event in services(events):
        lanes[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for lane in lanes.values():
        lane.sort()
        for (_, end), (start, _) in pairwise(lane):
            assert end <= start


def test_times_are_microseconds_with_the_nanoseconds_as_decimals(events):
    second = next(event for event in services(events) if event["name"] == "task 1" and event["pid"] == 1)
    assert (second["ts"], second["dur"]) == (2000.0, 18000.0)
    assert second["args"] == {"queue_wait_us": 1999.5}


def test_a_queue_wait_is_an_async_event_that_ends_where_the_service_starts(events):
    begins = {event["id"]: event for event in events if event["ph"] == "b"}
    ends = {event["id"]: event for event in events if event["ph"] == "e"}
    assert len(begins) == len(services(events)) == 7, "an identifier each, in the whole trace"
    assert begins.keys() == ends.keys()
    for service in services(events):
        identifier = f"{service['pid']}/{service['name'].removeprefix('task ')}"
        begin, end = begins[identifier], ends[identifier]
        assert end["ts"] == service["ts"]
        assert round(end["ts"] - begin["ts"], 3) == service["args"]["queue_wait_us"]
        for key in ("cat", "name", "pid", "tid"):
            assert begin[key] == end[key]


def test_a_task_that_failed_says_why(events):
    (failed,) = [event for event in services(events) if "error" in event["args"]]
    assert (failed["name"], failed["args"]["error"]) == ("task 2", "ValueError: </script>")


def test_no_thread_has_the_number_of_another_or_of_a_process(events):
    threads = [event["tid"] for event in events if event["name"] == "thread_name"]
    processes = [event["pid"] for event in events if event["name"] == "process_name"]
    numbers = threads + processes
    assert len(set(numbers)) == len(numbers) and min(numbers) >= 1
    named = {(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"}
    assert {(event["pid"], event["tid"]) for event in events if "ts" in event} == named


def test_every_event_has_what_the_format_asks_of_its_phase(events):
    wanted = {
        "M": {"name", "pid", "args"},
        "X": {"name", "cat", "pid", "tid", "ts", "dur"},
        "b": {"name", "cat", "pid", "tid", "ts", "id"},
        "e": {"name", "cat", "pid", "tid", "ts", "id"},
    }
    for event in events:
        assert wanted[event["ph"]] <= event.keys()
        assert type(event["pid"]) is int and event.get("ts", 0) >= 0 and event.get("dur", 0) >= 0


def test_tasks_that_all_overlap_have_a_lane_each_however_many_they_are():
    late, early = 200_000, {"worker": "loop", "started_s": 0.0}
    spans = [{**early, "index": index, "finished_s": 1.0 + index} for index in range(late)]
    spans.append({"worker": "loop", "index": late, "started_s": 2.0, "finished_s": 3.0})
    names_of = lanes(spans)
    assert len(names_of) == late
    assert [span["index"] for span in names_of["loop"]] == [0, late], "the first lane is free again"


def test_a_result_without_spans_has_no_trace(tmp_path):
    new_writer(tmp_path / "made").add(trial(samples=0), [])
    with pytest.raises(LabError, match="no tasks were recorded"):
        trace(read(tmp_path / "made"))


def test_the_command_prints_json_or_writes_it_to_a_file(folder, tmp_path):
    out = str(folder.parent)
    printed = run_lab_process("trace", "made", "--out", out, cwd=tmp_path)
    written = run_lab("trace", "made", "--out", out, "--to", "made.json", cwd=tmp_path)
    assert (printed.code, printed.err, written.code, written.out, written.err) == (0, "", 0, "", "")
    told = json.loads(printed.out)
    assert told == trace(read(folder)) == json.loads((tmp_path / "made.json").read_text())
    assert told["otherData"] == {"experiment": "made", "question": "?"}


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["mad"], "mad: nothing measured yet; lab run mad\n"),
        (["made", "--to", "nowhere/made.json"], "lab: nowhere/made.json: cannot be written: No such file"),
    ],
)
def test_a_mistake_is_one_line(folder, tmp_path, args, line):
    ended = run_lab("trace", *args, "--out", str(folder.parent), cwd=tmp_path)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert line in ended.err


def test_the_shell_completes_the_names_of_results(folder, tmp_path):
    (tmp_path / "results").symlink_to(folder.parent)
    completing = {"_LAB_COMPLETE": "complete_bash", "COMP_WORDS": "lab trace ", "COMP_CWORD": "2"}
    assert run_lab(cwd=tmp_path, **completing).out.split() == ["made"]
