"""What the report says: the view data, from results whose every number is known."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from builders import environment, experiment_file, span

from lab.core import Case, Figure, LabError
from lab.environment.code import sha256
from lab.report import (
    again,
    answers,
    choosing,
    comparing,
    faults,
    machines,
    page,
    tables,
    timelines,
    write_report,
)
from lab.report.gathering import Known, gather
from lab.rows import Sample, Trial
from lab.store.environment_file import write_environment
from lab.store.writing import Writer

WAITS = {"sequential": 0.2, "threads": 0.11, "asyncio": 0.1, "asyncio (again)": 0.1}
MAKESPANS = [0.0, 0.001, 0.002, 0.003, 0.004]  # what each of five rounds adds


@pytest.fixture(autouse=True)
def elsewhere(unloaded: None) -> None:
    """No experiment and no reference of the checkout is seen from here."""


def result(
    folder: Path, cases: list[dict[str, Any]], rows: Any, *, rounds: int = 5, spans: Any = (), **more: Any
) -> None:
    """Write a result: `rows` is a function case, round -> metrics, or a reason why there are none."""
    axes = tuple(cases[0])
    described = environment(axes, **more)
    described["experiment"] |= {"name": folder.name, "question": "Which?", "cases": cases}
    described["plan"] |= {"rounds": rounds, "seed": 7}
    folder.mkdir(parents=True)
    write_environment(folder, described)
    writer, number = Writer(folder), 0
    for turn in range(rounds):
        for params in cases:
            number += 1
            case, found = Case(folder.name, params), rows(params, turn)
            if isinstance(found, str):
                trial = Trial(turn + 1, number, case, "raised", 0, reason=found, stderr="<" * 5000)
                writer.add(trial, [], [])
            else:
                samples = [Sample(turn + 1, number, 1, case, found)]
                writer.add(Trial(turn + 1, number, case, "ok", 1, start_up_s=0.002), samples, list(spans))


def waiting(folder: Path, factor: float = 1.0, **more: Any) -> None:
    cases = [{"model": model, "tasks": tasks} for model in WAITS for tasks in (5, 14)]

    def row(params: dict[str, Any], turn: int) -> dict[str, float]:
        makespan = factor * (WAITS[params["model"]] * params["tasks"] + MAKESPANS[turn])
        return {"makespan_s": makespan, "service_s": 0.05, "limit_s": 0.05}

    result(folder, cases, row, **more)


def known_of(out: Path) -> Known:
    (known,), _ = gather(out)
    return known


def column(table: Any, heading: str) -> list[str]:
    place = [each.heading for each in table.columns].index(heading)
    return [row[place].text or row[place].verdict for row in table.rows]


def test_makespans_stand_in_their_unit_with_exact_values_behind_them_and_alike_cases_together(
    tmp_path: Path,
) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    times, costs = tables.tables(known.results, known.summary)
    assert column(times, "tasks") == ["5"] * 4 + ["14"] * 4
    assert column(times, "makespan")[:3] == ["1000", "552", "502"]
    assert times.columns[2].unit == "ms"
    place = [each.heading for each in times.columns].index("makespan")
    assert times.rows[0][place].exact == "1.002"
    assert column(times, "95 %")[0] == "1000–1000"
    assert times.rows[0][place + 1].exact == "1|1.004"
    assert column(times, "speedup")[0] == "1.00×"
    assert column(times, "verdict")[:4] == ["slower", "slower", "baseline", "tie"]
    assert column(costs, "start-up") == ["2.00"] * 8


def test_what_is_measured_freely_has_a_column_a_metric_and_a_word_for_the_most_frequent(
    tmp_path: Path,
) -> None:
    said = ["late", "late", "in time", "late", "late"]
    result(
        tmp_path / "race",
        [{"guard": "none"}, {"guard": "lock"}],
        lambda params, turn: {
            "lost_percent": 2.0 + turn,
            "stopped": params["guard"] == "lock",
            "said": said[turn],
        },
    )
    known = known_of(tmp_path)
    (table,) = tables.tables(known.results, known.summary)
    assert [each.heading for each in table.columns] == ["guard", "lost", "stopped", "start up", "said"]
    assert [row[1].note for row in table.rows] == ["2.00–6.00"] * 2
    assert column(table, "stopped") == ["no", "yes"]
    assert [(row[4].text, row[4].note) for row in table.rows] == [("late", "4 of 5")] * 2


def test_what_does_not_count_is_told_with_its_reason_and_a_bounded_end_of_stderr(tmp_path: Path) -> None:
    result(tmp_path / "fails", [{"how": "x"}], lambda *_: "ValueError: no <luck>", rounds=40)
    shown, more = faults.voids(known_of(tmp_path).results)
    assert (len(shown), more) == (30, 10)
    assert shown[0].where == "round 1, how=x"
    assert shown[0].reason == "ValueError: no <luck>"
    assert len(shown[0].stderr) == 1500
    assert "Failed, and not counted: 40 trials of 40." in " ".join(page.page(tmp_path).warnings)


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
def test_the_command_that_measures_it_again_follows_from_the_plan(
    tmp_path: Path, plan: dict[str, Any], command: str
) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    known.results.environment.update(plan=plan)
    known.results.environment["experiment"]["file"] = "my waits.py"
    assert again.command(known) == f"lab run './my waits.py' {command}"


def test_what_changed_since_is_said(tmp_path: Path) -> None:
    path = experiment_file(tmp_path / "experiments" / "waits.py")
    waiting(tmp_path / "results" / "waits", lab={"sha256": "another"})
    known = known_of(tmp_path / "results")
    known.results.environment["experiment"]["sha256"] = sha256([path])
    assert again.changes(known) == ["The lab's measuring code has changed since this was measured."]
    path.write_text("raise ValueError('gone')")
    known = known_of(tmp_path / "results")
    known.results.environment["experiment"]["sha256"] = "another"
    first, second, _ = again.changes(known)
    assert first.startswith("The experiment does not load any more: ")
    assert second == "The experiment's file has changed since this was measured."


def test_an_experiment_without_its_file_still_shows_its_numbers(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    (section,) = page.page(tmp_path).sections
    assert section.question == "Which?"
    assert section.answer.startswith("At tasks=14: ")
    assert section.command_remarks[0].startswith("The experiment's file is not here")
    assert (section.lesson, section.code, section.models) == ("", [], [])
    assert len(section.tables[0].rows) == 8


def test_the_answer_without_a_verdict_is_the_least_and_the_most(tmp_path: Path) -> None:
    waiting(tmp_path / "waits", rounds=1)
    known = known_of(tmp_path)
    assert answers.answer(known) == (
        "Makespan goes from 500 ms (model=asyncio tasks=5) to 2800 ms (model=sequential tasks=14)."
        " 1 round: too few for a verdict."
    )


def test_a_figures_alternative_is_its_finding_and_not_its_files_name(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    words = answers.alternative(known_of(tmp_path), "bars-makespan_s")
    assert words.startswith("Bars of makespan. Makespan goes from 502 ms (model=asyncio tasks=5) to ")
    assert "sequential takes" in words
    assert "bars-" not in words


def test_the_same_cases_of_the_reference_stand_beside_those_measured_here(tmp_path: Path) -> None:
    waiting(tmp_path / "waits", factor=2.0)
    waiting(tmp_path / "reference" / "waits")
    known = known_of(tmp_path)
    table = comparing.compared(known)
    assert table is not None
    assert column(table, "here ÷ reference") == ["2.00×"] * 8
    assert column(table, "here")[0] == "2000"
    assert column(table, "reference")[0] == "1000"


def test_a_copy_of_the_reference_is_not_held_against_it(tmp_path: Path) -> None:
    for folder in (tmp_path / "waits", tmp_path / "reference" / "waits"):
        waiting(folder)
    assert comparing.compared(known_of(tmp_path)) is None


def test_of_what_is_measured_freely_that_is_compared_which_is_drawn_or_claimed(tmp_path: Path) -> None:
    results = tmp_path / "results"
    for folder, took_s in ((results / "free", 1.0), (results / "reference" / "free", 2.0)):
        metrics = {"lost_percent": 2.0, "took_s": took_s, "stopped": True}
        result(folder, [{"guard": "none"}], lambda *_, metrics=metrics: metrics)
    without_file = comparing.compared(known_of(results))
    assert without_file is not None
    assert column(without_file, "metric") == ["lost (%)", "took (ms)", "stopped", "start up (ms)"]
    experiment_file(
        tmp_path / "experiments" / "free.py",
        """
        from lab import Experiment, bars, claim, value

        experiment = Experiment(
            question="Which?", grid={"guard": ["none"]}, measure=dict, figures=[bars("took_s")],
            claims=[claim("Some are lost", value("lost_percent") > 0)],
        )
        """,
    )
    table = comparing.compared(known_of(results))
    assert table is not None
    assert column(table, "metric") == ["lost (%)", "took (ms)"]


def test_what_cannot_be_read_is_a_line_and_the_others_are_shown(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    waiting(tmp_path / "other")
    waiting(tmp_path / "reference" / "waits")
    (tmp_path / "other" / "samples.csv").write_text("old,format\n")
    (tmp_path / "reference" / "waits" / "trials.csv").write_text("old,format\n")
    told: list[object] = []
    path = write_report(tmp_path, told.append)
    assert [str(line).split(":")[0] for line in told] == [
        "other",
        "the comparison of waits with the reference",
    ]
    assert "line 1 is damaged" in path.read_text()
    assert 'id="x-waits"' in path.read_text()


def test_without_results_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="nothing measured yet"):
        write_report(tmp_path)


def test_of_many_tasks_evenly_many_are_drawn_the_first_and_the_last_among_them(tmp_path: Path) -> None:
    spans = [span(n, 0, n / 1000, (n + 1) / 1000, worker=f"w{n % 3}") for n in range(2000)]
    cases = [{"model": "threads"}]
    result(tmp_path / "many", cases, lambda *_: {"makespan_s": 2.0}, rounds=1, spans=spans)
    (drawn,) = timelines.timelines(known_of(tmp_path).results, [Figure("timeline")])
    (lane,), (panel,) = drawn.lanes, drawn.data["panels"]
    assert len(panel["tasks"]) == 400
    assert panel["tasks"][0] == [0, 0, 0, 0, 500]
    assert panel["tasks"][-1] == [1999, 1, 0, 999_500, 1_000_000]
    assert lane.services.count("M") == 400
    assert "2000 tasks a model, 400 are drawn" in drawn.caption
    assert "ends 2000 tasks on 3 workers after 2000 ms" in drawn.alternative


def test_a_warning_is_told_once_with_the_experiments_it_is_about(tmp_path: Path) -> None:
    busy = "the machine was busy before the run began: load {} on 2 cores"
    for name, load in (("a", 1.5), ("b", 2.5), ("c", 0)):
        waiting(tmp_path / name, warnings=[busy.format(load)] if load else [])
    known, _ = gather(tmp_path)
    assert machines.warnings(known) == ["a, b: The machine was busy before the run began."]


def test_pictures_are_shrunk_only_where_the_page_would_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    waiting(tmp_path / "waits")
    Image.effect_noise((900, 600), 90).save(tmp_path / "waits" / "bars-makespan_s.png")
    first, second, *_ = page.pages(tmp_path)
    (whole,), (shrunk,) = first.sections[0].pictures, second.sections[0].pictures
    assert len(whole.uri) / 4 < len(shrunk.uri) < len(whole.uri) / 2
    assert (shrunk.width, shrunk.alternative) == (whole.width, whole.alternative)
    size = write_report(tmp_path).stat().st_size
    monkeypatch.setattr("lab.report.LARGEST", size - 1)
    assert write_report(tmp_path).stat().st_size == size - len(whole.uri) + len(shrunk.uri)


def test_a_result_that_is_still_growing_is_named_with_what_finishes_it(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    waiting(tmp_path / "race.partial")
    (fault,) = page.page(tmp_path).faults
    assert fault == "race: is unfinished; lab run race --resume"


class Seen(HTMLParser):
    """Notes the attributes of a page, and what its style and its scripts hold."""

    def __init__(self, text: str):
        super().__init__()
        self.attributes: set[str] = set()
        self.policy, self.within = "", ""
        self.held: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        self.within = tag if tag == "style" or given.get("type") == "module" else ""

    def handle_data(self, data: str) -> None:
        if self.within:
            self.held[self.within] = self.held.get(self.within, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.within = ""


def test_the_pages_policy_allows_its_own_style_and_script_and_nothing_else(tmp_path: Path) -> None:
    from base64 import b64encode
    from hashlib import sha256 as hashed

    waiting(tmp_path / "waits")
    seen = Seen(write_report(tmp_path).read_text())
    sums = {tag: b64encode(hashed(text.encode()).digest()).decode() for tag, text in seen.held.items()}
    assert seen.policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{sums['style']}';"
        f" script-src 'sha256-{sums['script']}'; base-uri 'none'; form-action 'none'"
    )
    assert not {name for name in seen.attributes if name == "style" or name.startswith("on")}


def test_environment_files_of_another_lab_do_not_stop_the_page(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    path = tmp_path / "waits" / "environment.json"
    described = json.loads(path.read_text())
    described |= {"python": None, "lab": "?", "warnings": None, "started": 5}
    described["plan"] = {"rounds": "<i>"}
    path.write_text(json.dumps(described))
    assert "Which?" in write_report(tmp_path).read_text()


def test_which_model_for_which_work_is_told_with_its_lead_and_what_cannot_be_told(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    known = known_of(tmp_path)
    table = choosing.choice([known], ["x-waits"])
    assert table is not None
    (row,) = table.rows
    assert (row[0].text, row[0].link) == ("waits", "x-waits")
    assert [cell.text for cell in row[1:3]] == ["asyncio", "tasks=14"]
    assert row[3].text.startswith("1.10× (1.10-1.10") and row[4].text == "threads"
    assert row[5].verdict == "faster"
    assert [cell.text for cell in row[6:]] == ["2 of 2", "Which?"]


def test_a_lead_that_cannot_be_told_is_a_tie_and_of_few_rounds_nothing_is_said(tmp_path: Path) -> None:
    def even(params: dict[str, Any], turn: int) -> dict[str, float]:
        return {"makespan_s": 1.0 + MAKESPANS[(turn + len(params["model"])) % 5]}

    cases = [{"model": model} for model in WAITS]
    result(tmp_path / "even", cases, even)
    known, few = known_of(tmp_path), tmp_path / "elsewhere"
    table = choosing.choice([known], ["x-even"])
    assert table is not None
    assert [(row[5].verdict, row[5].text[:5]) for row in table.rows] == [("tie", "with ")]
    result(few / "even", cases, even, rounds=2)
    assert choosing.choice([known_of(few)], ["x-even"]) is None
