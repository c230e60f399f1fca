"""The report as a whole, from results whose every number is known."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from builders import span
from report_known import known_of, result, waiting

from lab.core.errors import LabError
from lab.core.figures import Figure
from lab.report import page, timelines, write_report

pytestmark = pytest.mark.usefixtures("unloaded")  # no experiment and no reference of the checkout


def test_an_experiment_without_its_file_still_shows_its_numbers(tmp_path: Path) -> None:
    waiting(tmp_path / "waits")
    (section,) = page.page(tmp_path).sections
    assert section.question == "Which?"
    assert section.answer.startswith("At `tasks=14`, `asyncio` is fastest")
    assert section.command_remarks[0].startswith("The experiment's file is not here")
    assert (section.lesson, section.code, section.models) == ("", [], [])
    assert len(section.tables[0].rows) == 8


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


def test_a_figure_that_cannot_be_read_is_a_line_and_the_rest_of_the_experiment_is_shown(
    tmp_path: Path,
) -> None:
    waiting(tmp_path / "waits")
    (tmp_path / "waits" / "bars-makespan_s.png").write_bytes(b"no picture")
    made = page.page(tmp_path)
    (section,) = made.sections
    assert (section.thumbnail, section.pictures) == (None, [])
    assert len(section.tables[0].rows) == 8
    (fault,) = made.faults
    assert fault.startswith("waits: the figures: UnidentifiedImageError: ")


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
    assert known_of(tmp_path).results.spans.height == 2000  # what is downloaded has them all
    (section,) = page.page(tmp_path).sections
    assert "./many/spans.csv" in [file.href for file in section.downloads]
