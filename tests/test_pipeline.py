"""A run as events: their order, their lines of JSON, and faults of one experiment that stop no other."""

import json
from dataclasses import fields
from functools import partial

import polars as pl
import pytest
from runs import BUSY, run_lab, run_lab_process, written

import lab.analysis.predict.scaling
import lab.pipeline
import lab.present.figures.kinds.bars
import lab.present.findings
import lab.report.load
from lab.present import events

PLAIN = """
from lab import bars, claim, scaling, value
experiment = Experiment(
    question="Is it NAME?", measure=lambda case: {"makespan_s": 1.0 / case["workers"]},
    samples=1, warmups=0, grid={"model": ["threads"], "workers": [1, 2]}, figures=[bars("makespan_s")],
    derived=[scaling()], claims=[claim("It takes a second", value("makespan_s") < 9)],
)
"""
FAILING = """
def measure(case):
    if case["how"] == "raises":
        raise ValueError("no luck")
    print("this is no event")
    return {"x": 1}
print("neither is this")
experiment = Experiment(question="Fails it?", measure=measure, grid={"how": ["raises", "works"]})
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("broken", "good"):
        written(tmp_path / "experiments", name, PLAIN.replace("NAME", name))
    return tmp_path


def parsed(ended):
    return [json.loads(line) for line in ended.out.splitlines() if line.startswith('{"event": ')]


@pytest.fixture(scope="module")
def happened(tmp_path_factory):
    """The events of a run with a trial that fails, as a program reads them."""
    folder = tmp_path_factory.mktemp("events")
    written(folder / "experiments", "failing", FAILING)
    ended = run_lab_process("run", "failing", "--rounds", "2", "--seed", "1", "--json-events", cwd=folder)
    return ended, [each for each in parsed(ended) if not each.get("advice")]


def test_the_events_come_in_order_and_the_last_has_the_exit_code(happened):
    ended, caught = happened
    assert (ended.code, ended.err) == (1, "")
    a_round = [*["trial_began", "trial_ended"] * 2, "round_ended"]
    assert [each["event"] for each in caught] == [
        "run_began",
        *a_round * 2,
        "experiment_ended",
        "page_written",
        "warned",
        "done",
    ]
    assert caught[-1] == {"event": "done", "line": "", "exit_code": 1}


def test_every_event_has_its_name_its_line_and_the_fields_of_its_class(happened):
    classes = {"".join(word.title() for word in each["event"].split("_")) for each in happened[1]}
    for each in happened[1]:
        of = getattr(events, "".join(word.title() for word in each["event"].split("_")))
        assert list(each) == ["event", "line", *(field.name for field in fields(of))]
    assert len(classes) == 8


def test_a_programs_events_say_what_was_measured(happened):
    _, (began, *caught) = happened
    assert (began["experiments"], began["trials"], began["measured"]) == (["failing"], 4, 0)
    trials = [each for each in caught if each["event"] == "trial_ended"]
    assert sorted((each["round"], each["case"]["how"], each["status"]) for each in trials) == [
        (number, how, status)
        for number in (1, 2)
        for how, status in (("raises", "raised"), ("works", "ok"))
    ]
    assert all(each["wall_s"] > 0 for each in trials)
    (line,) = {each["line"] for each in trials if each["line"]}
    assert line == "failing: raised: how=raises: ValueError: no luck"
    (ended,) = [each for each in caught if each["event"] == "experiment_ended"]
    assert (ended["folder"], ended["failed"], ended["findings"]["claims"]) == ("results/failing", 2, [])
    assert [row["metric"] for row in ended["findings"]["summary"]] == ["x"] * 2
    assert caught[-2]["text"] == "2 trials failed; the reasons are in results/failing/trials.csv"


def test_a_command_that_cannot_begin_warns_with_an_event(tmp_path):
    for args in (
        ("run", "nothing"),
        ("run", "nothing", "--rounds", "0"),
        ("run", "nothing", "--round", "3"),
    ):
        ended = run_lab(*args, "--json-events", cwd=tmp_path)
        assert (ended.code, ended.err) == (2, "")
        assert [each["event"] for each in parsed(ended)] == ["warned"]
    for other in ("--json", "--dry-run"):
        ended = run_lab("run", "cpu", "--json-events", other, cwd=tmp_path)
        (warned,) = parsed(ended)
        assert warned["text"].startswith(f"--json-events: {other} has no effect: nothing but the events")


def fails_for_the_broken_one(function):
    """Return a function that does as another does, but for results named "broken"."""

    def failing(*arguments, **options):
        if any(getattr(each, "name", "") == "broken" for each in arguments):
            raise ZeroDivisionError("on purpose")
        return function(*arguments, **options)

    return failing


FAULTS = {
    "not summarised": (lab.present.findings, "summarise"),
    "claims not judged": (lab.present.findings, "judge"),
    "not shown": (lab.present.findings, "page_of"),
    "no laws.csv": (lab.analysis.predict.scaling, "table"),
    "bars not drawn": (lab.present.figures.kinds.bars, "draw"),
}


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_of_one_experiment_is_a_warning_and_exit_code_1_and_the_others_are_complete(
    folder, monkeypatch, where
):
    module, name = FAULTS[where]
    monkeypatch.setattr(module, name, fails_for_the_broken_one(getattr(module, name)))
    ended = run_lab("run", "broken", "good", "--quick", cwd=folder)
    assert ended.code == 1
    assert [line for line in ended.err.splitlines() if line.startswith("lab: ")] == [
        f"lab: broken: {where}: ZeroDivisionError: on purpose"
    ]
    assert "broken: Is it broken?" in ended.out and "good: Is it good?" in ended.out
    results = folder / "results"
    for file in ("trials.csv", "summary.csv", "laws.csv", "bars-makespan_s.svg"):
        assert (results / "good" / file).is_file()
    assert pl.read_csv(results / "broken" / "trials.csv")["status"].to_list() == ["ok"] * 2
    page = (results / "index.html").read_text()
    assert "Is it good?" in page and "Is it broken?" in page


def test_a_run_reads_and_summarises_a_result_once(folder, monkeypatch):
    calls = []
    uses = {"read": (lab.pipeline, lab.report.load), "summarise": (lab.present.findings, lab.report.load)}
    for name, modules in uses.items():
        for module in modules:
            function = getattr(module, name)
            counted = partial(
                lambda name, function, *rest: calls.append(name) or function(*rest), name, function
            )
            monkeypatch.setattr(module, name, counted)
    assert run_lab("run", "good", "--quick", cwd=folder).code == 0
    assert calls == ["read", "summarise"]


def test_a_number_that_a_part_of_the_cases_cannot_give_is_a_warning_and_no_failure(folder):
    ended = run_lab("run", "good", "--only", "workers=2", "--quick", cwd=folder)
    assert ended.code == 0
    assert "lab: good: no laws.csv: no model was measured with one and more of workers\n" in ended.err


@pytest.mark.parametrize("command", ["show", "plot", "claims"])
def test_a_fault_of_one_result_is_a_line_and_the_others_are_shown(folder, monkeypatch, command):
    assert run_lab("run", "broken", "good", "--quick", cwd=folder).code == 0
    monkeypatch.setattr("lab.present.findings.judge", fails_for_the_broken_one(lab.present.findings.judge))
    monkeypatch.setattr(
        "lab.analysis.claims.over_results.judge", fails_for_the_broken_one(lab.present.findings.judge)
    )
    ended = run_lab(command, *(["broken"] if command == "show" else []), cwd=folder)
    assert BUSY.sub("", ended.err).splitlines()[0] == (
        "lab: broken: claims not judged: ZeroDivisionError: on purpose"
    )
    assert ended.code == 1
    assert {"show": "broken: Is it broken?", "claims": "good: It takes a second"}.get(
        command, ""
    ) in ended.out
