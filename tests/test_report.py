"""The report as a whole, from results whose every number is known."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import polars as pl
import pytest
from builders import experiment_file, span
from report_known import first_page, result, waiting

import lab
from lab.analysis.stats import summarise
from lab.catalog.names import names_in
from lab.core.errors import LabError
from lab.core.verdicts import VERDICTS
from lab.present.findings import load
from lab.report import contents, render, write_report
from lab.store.reading import read

CHECKOUT = Path(lab.__file__).parents[1]

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout


def test_an_experiment_without_its_file_still_shows_its_numbers(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    (section,) = first_page(tmp_path)["sections"]
    assert section["question"] == "Which?"
    assert section["answer"].startswith("At `tasks=14`, `asyncio` is fastest")
    assert section["command_remarks"][0].startswith("The experiment's file is not here")
    assert (section["lesson"], section["file"], section["models"]) == ("", "", [])
    assert len(section["tables"][0].rows) == 8


def test_a_result_that_cannot_be_read_is_a_line_and_the_others_are_shown(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    waiting(tmp_path / "other")
    waiting(tmp_path / "reference" / "waits")
    (tmp_path / "other" / "samples.csv").write_text("old,format\n")
    (tmp_path / "reference" / "waits" / "trials.csv").write_text("old,format\n")
    complaints: list[object] = []
    path = write_report(tmp_path, complaints.append)
    damaged = "line 1 is damaged: not the expected header; restore the file, or measure again"
    assert [str(line) for line in complaints] == [
        f"other: samples.csv: {damaged}",
        f"waits: cannot be compared with the reference: trials.csv: {damaged}",
    ]
    assert "line 1 is damaged" in path.read_text()
    assert 'id="x-waits"' in path.read_text()


def test_without_results_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="nothing measured yet"):
        write_report(tmp_path)


def test_a_large_svg_is_shown_as_pixels_only_where_the_page_would_be_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    waiting(tmp_path / "waits")
    Image.new("RGB", (900, 600), "white").save(tmp_path / "waits" / "bars-makespan_s.png")
    (tmp_path / "waits" / "bars-makespan_s.svg").write_text(f"<svg><!--{'x' * 60_000}--></svg>")
    (shown,) = first_page(tmp_path)["sections"][0]["pictures"]
    first, second = (shown.uri(largest) for largest in (2**22, 60_000))
    assert first.startswith("data:image/svg+xml,")
    assert second.startswith("data:image/webp;base64,")
    assert shown.width == 600
    size = write_report(tmp_path).stat().st_size
    monkeypatch.setattr("lab.report.LARGEST", size - 1)
    assert write_report(tmp_path).stat().st_size == size - len(first) + len(second)


def test_a_figure_that_cannot_be_read_is_a_line_and_the_rest_of_the_experiment_is_shown(
    tmp_path: Path,
) -> None:
    waiting(tmp_path / "waits")
    (tmp_path / "waits" / "bars-makespan_s.png").write_bytes(b"no picture")
    page = first_page(tmp_path)
    (section,) = page["sections"]
    assert (section["thumbnail"], list(section["pictures"])) == (None, [])
    assert len(section["tables"][0].rows) == 8
    (fault,) = page["faults"]
    assert fault.startswith("waits: the figures: UnidentifiedImageError: ")


@pytest.mark.parametrize("broken", ["section", "figures", "draw_missing"])
def test_a_fault_of_one_experiment_is_a_line_and_the_others_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    for name in ("bad", "good"):
        waiting(tmp_path / name)
    right = getattr(contents, broken)

    def wrong(shown: Any, *more: Any) -> Any:
        if shown.name == "bad":
            raise ZeroDivisionError("of another lab")
        return right(shown, *more)

    monkeypatch.setattr(contents, broken, wrong)
    complaints: list[object] = []
    html = write_report(tmp_path, complaints.append).read_text()
    what = "" if broken == "section" else "the figures: "
    assert [str(each) for each in complaints] == [f"bad: {what}ZeroDivisionError: of another lab"]
    assert f"<strong>Not shown:</strong> {complaints[0]}" in html
    assert ('id="x-bad"' in html, 'id="x-good"' in html) == (broken != "section", True)


def test_results_that_were_read_already_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(tmp_path / "waits")
    waiting(tmp_path / "other")
    ready = {tmp_path / "waits": load(tmp_path / "waits")}
    asked: list[str] = []
    monkeypatch.setattr("lab.report.load.read", lambda folder: asked.append(folder.name) or read(folder))
    monkeypatch.setattr(
        "lab.report.load.summarise", lambda each: asked.append(each.name) or summarise(each)
    )
    write_report(tmp_path, at_hand=ready)
    assert asked == ["other", "other"]
    asked.clear()
    # It could not be made, and says here why.
    ready[tmp_path / "waits"] = replace(ready[tmp_path / "waits"], summary=pl.DataFrame())
    write_report(tmp_path, at_hand=ready)
    assert asked == ["other", "other", "waits"]


def test_a_result_that_is_still_growing_is_named_with_what_finishes_it(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    waiting(tmp_path / "race.partial")
    (fault,) = first_page(tmp_path)["faults"]
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


@pytest.mark.parametrize("declared", [True, False])
def test_the_timeline_that_was_drawn_is_inside_the_page_and_in_words_declared_or_not(
    tmp_path: Path, declared: bool
) -> None:
    spans = [span(n, 0, n / 100, (n + 1) / 100, worker=f"w{n % 3}") for n in range(20)]
    results = tmp_path / "results"
    result(results / "many", [{"model": "threads"}], lambda *_: {"makespan_s": 0.2}, rounds=1, spans=spans)
    figures = "timeline(model='threads')" if declared else "bars()"
    experiment_file(
        tmp_path / "experiments" / "many.py",
        f"""
        from lab import Experiment, bars, timeline

        experiment = Experiment(question="Which?", grid={{"model": ["threads"]}}, measure=dict,
                                figures=[{figures}])
        """,
    )
    page = first_page(results)
    (section,) = page["sections"]
    (timeline,) = section["timelines"]
    assert page["faults"] == []
    assert len(section["pictures"]) == (not declared)
    drawn = unquote(timeline.uri(2**22).partition(",")[2])
    assert drawn == timeline.png.with_suffix(".svg").read_text(encoding="utf-8")
    words = " ".join(ElementTree.fromstring(drawn).itertext())
    assert "threads" in words and "200 ms" in words
    assert ("Which task runs when, and on which worker?" in words) == (not declared)
    assert timeline.alternative == (
        f"Timeline of many{', all with model=threads' if declared else ''}. threads: 20 tasks on 3 workers"
        " in 200 ms, median queue wait 95.0 ms, median service 10.0 ms."
    )


def test_a_timeline_too_large_for_the_page_is_pixels_that_can_be_zoomed(tmp_path: Path) -> None:
    spans = [span(n, 0, n / 100, (n + 1) / 100) for n in range(20)]
    result(tmp_path / "many", [{"model": "threads"}], lambda *_: {"makespan_s": 0.2}, rounds=1, spans=spans)
    page = first_page(tmp_path)
    (timeline,) = page["sections"][0]["timelines"]
    image = f'<image href="{{}}" width="{timeline.width}" height="{timeline.height}"/></svg>'
    size = timeline.png.with_suffix(".svg").stat().st_size
    assert image.format(timeline.uri(size)) in render(page, largest=-(-size // 4))
    assert timeline.uri(size - 1).startswith("data:image/webp;base64,")
    assert image.format(timeline.uri(0)) in render(page, largest=0)


def test_a_throw_away_model_is_on_the_page_with_where_its_workers_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    source = "from lab.core.work import Model\nmodel = Model(opened, workers_in='thread')\n"
    (tmp_path / "models" / "mine.py").write_text(f"def opened(workers):\n    yield\n\n{source}")
    for module in ("lab.catalog.models", "lab.catalog.names", "lab.report.contents"):
        monkeypatch.setattr(f"{module}.PACKAGE", tmp_path)
    monkeypatch.setattr("lab.models.__path__", [str(tmp_path / "models")])
    result(tmp_path / "results" / "waits", [{"model": "mine"}], lambda *_: {"makespan_s": 1.0})
    experiment_file(
        tmp_path / "experiments" / "waits.py",
        """
        from lab import Experiment

        experiment = Experiment(question="Which?", grid={"model": ["mine"]}, measure=dict)
        """,
    )
    (model,) = first_page(tmp_path / "results")["models"]
    assert (model["name"], model["note"]) == ("mine", "workers in: thread")
    assert "def " in model["code"] and "opened" in model["code"]


def test_the_first_screen_says_what_is_measured_and_links_to_the_glossary(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    header = write_report(tmp_path).read_text().partition("</header>")
    assert "closed-loop batches" in header[0] and "cancellation" in header[0]
    assert 'href="#glossary"' in header[0] and 'id="glossary"' in header[2]


def test_the_glossary_and_the_legend_have_the_meaning_of_each_verdict(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    _, overview, glossary = re.split('class="(?:legend|glossary)"', write_report(tmp_path).read_text())
    for word in ("faster", "slower", "tie", "undecided", "too close"):
        assert VERDICTS[word].meaning in overview
        assert VERDICTS[word].meaning in glossary
    for word in ("baseline", "server-bound", "void", "skipped", "supported", "refuted"):
        assert VERDICTS[word].meaning in glossary


def test_the_lab_names_no_experiment_in_what_makes_the_page() -> None:
    in_environment_json = {"cpu", "start_method"}
    names = set(names_in(CHECKOUT / "experiments")) - in_environment_json
    for path in (CHECKOUT / "lab" / "report").glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        assert not names & {node.value for node in nodes if isinstance(node, ast.Constant)}, path
