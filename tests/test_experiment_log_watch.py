"""Following a log: what a look sees, what is gone before it, and that nothing is left behind."""

import threading
from itertools import pairwise
from pathlib import Path

import pytest

from lab.catalog.experiments import find
from lab.core.work import Case

experiment = find("log_watch").experiment
WORDS = experiment.measure.__globals__
FOLLOWERS = experiment.grid["follower"]


@pytest.fixture
def log(tmp_path):
    log = WORDS["Log"](tmp_path / "the.log")
    yield log
    log.file.close()


@pytest.fixture
def tail(log):
    tail = WORDS["Tail"](log.path)
    yield tail
    tail.file.close()


def written(log, tail, looks_before):
    """Write all lines, with a look before some of them and one at the end; return what was seen."""
    for index in range(200):
        if index in looks_before:
            tail.look()
        log.write(index)
    tail.look()
    return set(tail.seen)


def test_a_follower_that_looks_before_every_line_sees_all(log, tail):
    assert written(log, tail, range(200)) == set(range(200))


def test_a_follower_that_looks_before_the_file_is_emptied_sees_all_across_the_rotation(log, tail):
    assert written(log, tail, {133, 135}) == set(range(200))


def test_a_follower_that_looks_only_at_the_end_loses_the_lines_between_rotation_and_emptying(log, tail):
    assert written(log, tail, ()) == {*range(66), *range(133, 200)}


def test_lines_between_the_last_look_and_the_emptying_are_lost(log, tail):
    assert written(log, tail, {120, 135}) == set(range(200)) - set(range(120, 133))


def test_an_emptied_file_that_has_grown_past_the_last_look_is_not_noticed(log, tail):
    seen = written(
        log, tail, {70}
    )  # four lines of the new file; of the emptied one, the first four are lost
    assert set(range(70, 133)) & seen == set()
    assert 200 - len(seen) >= 67


def test_a_follower_begins_at_the_end_of_the_file(tmp_path):
    path = tmp_path / "the.log"
    path.write_bytes(b"line 7 written at 1\n")
    tail = WORDS["Tail"](path)
    with path.open("ab") as file:
        file.write(b"line 8 written at 2\n")
    tail.look()
    tail.file.close()
    assert set(tail.seen) == {8}


def test_a_line_is_seen_when_its_end_is_there(log, tail):
    log.file.write(b"line 5 writ")
    tail.look()
    assert tail.seen == {}
    log.file.write(b"ten at 42\nline 6")
    tail.look()
    assert [(index, stamp) for index, (stamp, _) in tail.seen.items()] == [(5, 42)]


def test_a_look_while_the_file_is_away_sees_nothing_and_the_next_one_sees_all(log, tail):
    log.write(0)
    away = log.path.with_suffix(".1")
    log.path.rename(away)
    tail.look()
    assert tail.seen == {}
    log.path.touch()
    tail.look()
    assert set(tail.seen) == {0}


@pytest.fixture
def soon(monkeypatch, tmp_path):
    """The same in less time, in a folder that can be looked into."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("WRITING_S", "SETTLED_S", "IDLE_S"):
        monkeypatch.setitem(WORDS, name, 0.05)
    monkeypatch.setitem(WORDS["FOLLOWERS"], "daemon thread, 1 s", (WORDS["follow_in_thread"], 0.1))
    return tmp_path


@pytest.mark.parametrize("follower", FOLLOWERS)
def test_every_follower_sees_what_came_before_the_rotation_and_leaves_nothing(soon, follower):
    before = threading.active_count()
    measured = experiment.measure(Case("log_watch", {"follower": follower}))
    numbers, spans = measured.numbers, measured.spans
    assert {span.index for span in spans} >= set(range(66))
    assert numbers["lines_missed"] == 200 - len(spans)
    assert all(span.submitted_ns <= span.started_ns == span.finished_ns for span in spans)
    assert all(earlier.submitted_ns <= later.submitted_ns for earlier, later in pairwise(spans))
    assert 0 <= numbers["latency_p50_s"] <= numbers["latency_p99_s"]
    assert numbers["idle_cpu_percent"] >= 0
    assert threading.active_count() == before
    assert list(Path(soon).iterdir()) == []


def test_the_moments_are_random_and_the_same_for_the_same_seed(log):
    one, same, other = (WORDS["Writer"](log, 1.0, seed) for seed in ("1", "1", "2"))
    assert (one.before_s, one.moments_s) == (same.before_s, same.moments_s)
    assert (one.before_s, one.moments_s) != (other.before_s, other.moments_s)
    assert one.moments_s == sorted(one.moments_s)
    assert len(one.moments_s) == 200


@pytest.mark.parametrize(("interval_s", "idle_s"), [(0.05, 0.4), (1.0, 1.0), (0.3, 0.6)])
def test_the_idle_time_is_that_of_whole_intervals(log, interval_s, idle_s):
    assert WORDS["Writer"](log, interval_s, "").idle_s == pytest.approx(idle_s)


def test_a_writer_that_fails_does_not_keep_its_follower_waiting(log, monkeypatch):
    for name in ("WRITING_S", "SETTLED_S", "IDLE_S"):
        monkeypatch.setitem(WORDS, name, 0.001)
    writer = WORDS["Writer"](log, 0.001, "")
    log.file.close()
    with pytest.raises(ValueError, match="closed"):
        writer.run()
    assert writer.written.is_set()


def test_a_percentile_is_the_least_that_so_many_do_not_exceed():
    percentile = WORDS["percentile"]
    assert [percentile(list(range(1, 201)), percent) for percent in (50, 99, 100)] == [100, 198, 200]
    assert [percentile([3.0, 5.0], percent) for percent in (50, 99)] == [3.0, 5.0]


def test_without_watchfiles_its_arm_alone_is_skipped_with_the_words_that_install_it(monkeypatch):
    monkeypatch.setitem(WORDS, "missing", lambda packages: f"pip install {' '.join(packages)}".strip())
    why = {name: experiment.unavailable(Case("log_watch", {"follower": name})) for name in FOLLOWERS}
    assert why.pop("asyncio, watchfiles") == "pip install watchfiles"
    assert set(why.values()) == {"pip install"}
