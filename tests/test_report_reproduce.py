"""What the report says against its numbers, and the command with which they can be reproduced."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from builders import experiment_file, new_writer, sample, trial
from report_known import first_page, known_of, result, waiting

from lab.environment import code
from lab.environment.code import sha256
from lab.report import provenance, voids
from lab.report.load import load_views

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout


def test_a_void_sample_is_shown_with_its_reason_and_a_bounded_end_of_stderr(tmp_path: Path) -> None:
    fails = tmp_path / "fails"
    result(fails, [{"how": "x"}], lambda _, turn: f"ValueError: no <luck> {turn}", rounds=40)
    shown, more = voids.voids(known_of(tmp_path))
    assert (len(shown), more) == (30, 10)
    assert shown[0]["where"] == "round 1, how=x"
    assert shown[0]["reason"] == "ValueError: no <luck> 0"
    assert len(shown[0]["stderr"]) == 1500
    assert "Failed, and not counted: 40 trials of 40." in " ".join(first_page(tmp_path)["caveats"])


@pytest.mark.parametrize(
    ("plan", "command"),
    [
        (
            {"rounds": 5, "samples": 2, "warmups": 0, "seed": 3},
            "--rounds 5 --samples 2 --warmups 0 --seed 3",
        ),
        (
            {"rounds": 1, "samples": 1, "quick": True, "seed": 3, "timeout_s": 2.5},
            "--quick --seed 3 --timeout 2.5",
        ),
        ({"rounds": 1, "live": "https://example.org", "seed": 3}, "--live --live-url https://example.org"),
        (
            {"rounds": 2, "only": {"model": ["threads", "$(x)"], "tasks": ["5"]}},
            "--rounds 2 --only 'model=threads,$(x)' --only tasks=5",
        ),
    ],
)
def test_the_command_that_reproduces_it_follows_from_the_plan(
    tmp_path: Path, plan: dict[str, Any], command: str
) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    known.environment.update(plan=plan)
    known.environment["experiment"]["file"] = "my waits.py"
    assert provenance.command(known) == f"lab run './my waits.py' {command}"


def test_changed_code_is_named(tmp_path: Path) -> None:
    path = experiment_file(tmp_path / "experiments" / "waits.py")
    waiting(tmp_path / "results" / "waits", lab={"sha256": "another"})
    known = known_of(tmp_path / "results")
    known.environment["experiment"]["sha256"] = sha256({path.name: path.read_bytes()})
    assert provenance.remarks(known) == ["The lab's measuring code has changed since this was measured."]
    path.write_text("raise ValueError('gone')")
    known = known_of(tmp_path / "results")
    known.environment["experiment"]["sha256"] = "another"
    first, second, _ = provenance.remarks(known)
    assert first.startswith("The experiment does not load any more: ")
    assert second == "The experiment's file has changed since this was measured."


def test_a_caveat_is_shown_once_with_the_experiments_it_is_about(tmp_path: Path) -> None:
    busy = "the machine was busy before the run began: load {} on 2 cores"
    for name, load in (("a", 1.5), ("b", 2.5), ("c", 0)):
        waiting(tmp_path / name, warnings=[busy.format(load)] if load else [])
    assert first_page(tmp_path)["caveats"] == ["a, b: The machine was busy before the run began."]


def test_cases_that_end_alike_in_every_round_are_one_line(tmp_path: Path) -> None:
    cases = [{"how": "x"}, {"how": "y"}]
    result(tmp_path / "fails", cases, lambda params, _: f"ValueError: {params['how']}", rounds=5)
    shown, more = voids.voids(known_of(tmp_path))
    assert [(void["where"], void["reason"]) for void in shown] == [
        ("5 rounds, how=x", "ValueError: x"),
        ("5 rounds, how=y", "ValueError: y"),
    ]
    assert more == 0


def test_which_of_the_labs_files_have_changed_is_known_from_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "checkout" / "lab"
    written = {name: source / f"{name}.py" for name in ("trial", "clock", "cli", "report")}
    source.mkdir(parents=True)
    for path in written.values():
        path.write_text("before = 1\n")
    git = ("git", "-C", str(source.parent), "-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([*git, *words], check=True)
    asked = [*git, "rev-parse", "HEAD"]
    commit = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    for module in (provenance, code):
        monkeypatch.setattr(module, "SOURCE", source)
    provenance.files_since.cache_clear()
    assert provenance.files_since(commit) == []
    written["trial"].write_text("after = 1\n")
    written["cli"].write_text("after = 1\n")  # only shows what was measured
    written["clock"].unlink()
    written["report"].unlink()
    provenance.files_since.cache_clear()
    assert provenance.files_since(commit) == ["lab/clock.py", "lab/trial.py"]
    assert provenance.files_since("--output=x") == provenance.files_since("0" * 40) == []


def test_a_lesson_that_was_reworded_leaves_the_code_as_it_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "waits.py"
    path.write_text('"""What it teaches."""\n\nwork = 1\n')
    git = ("git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "x")):
        subprocess.run([*git, *words], check=True)
    asked = [*git, "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    measured = {"experiment": {"sha256": sha256({path.name: path.read_bytes()})}, "lab": {"commit": commit}}
    assert not provenance.code_changed(path, measured)
    path.write_text('"""What it teaches, reworded."""\n\nwork = 1\n')
    assert not provenance.code_changed(path, measured)
    assert provenance.code_changed(path, measured | {"lab": {"commit": None}})  # nobody can tell
    assert provenance.code_changed(path, measured | {"experiment": {"sha256": "of what was not committed"}})
    path.write_text('"""What it teaches."""\n\nwork = 2\n')
    assert provenance.code_changed(path, measured)
    path.write_text('"""What it teaches."""\n\nwork = 1  # but\n')
    assert provenance.code_changed(path, measured)


def test_an_experiments_file_that_has_changed_is_named_among_the_caveats(tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = experiment_file(tmp_path / "experiments" / f"{name}.py")
        waiting(tmp_path / "results" / name)
    views, _ = load_views(tmp_path / "results")
    views[0].environment["experiment"]["sha256"] = "another"
    views[1].environment["experiment"]["sha256"] = sha256({path.name: path.read_bytes()})
    caveats = {view.name: provenance.caveats_of(view) for view in views}
    assert provenance.summed_up(caveats) == [
        "a: The experiment's file has changed since this was measured."
    ]


def test_samples_that_are_void_are_counted_for_each_case_and_reason(tmp_path: Path) -> None:
    writer = new_writer(tmp_path / "made")
    for number, void in enumerate(("late", "late", "", "wrong"), start=1):
        writer.add(trial(number), [sample(number, void=void)], [])
    shown, more = voids.voids(known_of(tmp_path))
    assert [(void["where"], void["status"], void["reason"]) for void in shown] == [
        ("model=threads", "2 void samples", "late"),
        ("model=threads", "1 void sample", "wrong"),
    ]
    assert more == 0


def test_unknown_facts_in_environment_json_does_not_hide_the_machines(tmp_path: Path) -> None:
    waiting(tmp_path / "waits", machine={"cores": 1, "cpu": "A CPU"}, python=[1], lab="?")
    ((facts, views),) = provenance.machines([known_of(tmp_path)])
    assert (facts["machine"], views[0].name) == ("A CPU, 1 usable core", "waits")
