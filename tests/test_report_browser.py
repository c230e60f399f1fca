"""The report in a real browser: what a reader can do with it, and what no result can do through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from report_results import HOSTILE, INJECTED


def column(page: Any, heading: str) -> list[str]:
    """Return a column of the first table of `small`, as far as it is shown."""
    table = page.locator("#x-small .table table").first
    heads = [words.split()[0] for words in table.locator("thead th").all_inner_texts()]
    cells = table.locator(f"tbody tr:visible > :nth-child({heads.index(heading) + 1})")
    return [words.strip() for words in cells.all_inner_texts()]


def test_a_heading_sorts_its_column_up_then_down_then_as_it_was(page: Any) -> None:
    before = column(page, "makespan")
    button = page.locator("#x-small thead button").filter(has_text="makespan").first
    button.click()
    assert column(page, "makespan") == sorted(before, key=float) != before
    assert button.locator("..").get_attribute("aria-sort") == "ascending"
    button.press("Enter")
    assert column(page, "makespan") == sorted(before, key=float, reverse=True)
    button.press("Space")
    assert column(page, "makespan") == before


def test_a_filter_shows_the_cases_of_a_model_and_those_to_which_the_axis_means_nothing(page: Any) -> None:
    selects = page.locator("#x-small .tools").first.locator("select")
    selects.nth(0).select_option(label="asyncio")
    assert column(page, "model") == ["asyncio"] * 3
    selects.nth(0).select_option("all")
    selects.nth(2).select_option(label="2")
    assert sorted(column(page, "model")) == sorted(["sequential", "threads", "asyncio"] * 2)
    assert "6 of 8 rows" in page.locator("#x-small .tools").first.inner_text()


def test_a_shown_table_is_copied_as_csv_with_exact_values_and_as_markdown(page: Any) -> None:
    tools = page.locator("#x-small .tools").first
    tools.locator("select").first.select_option(label="sequential")
    tools.get_by_text("Copy CSV").click()
    head, *rows = page.evaluate("window.copied").splitlines()
    assert head.startswith("model,tasks,workers,makespan_s,")
    assert [row.split(",")[:3] for row in rows] == [["sequential", "2", ""], ["sequential", "5", ""]]
    assert all(float(row.split(",")[3]) >= 0.04 for row in rows)
    tools.get_by_text("Copy Markdown").click()
    head, rule, *rows = page.evaluate("window.copied").splitlines()
    assert head.startswith("| model | tasks | workers | makespan ms |")
    assert rule.startswith("| --- | --- | --- | --: |")
    assert len(rows) == 2


def test_where_the_clipboard_is_closed_the_table_is_still_copied_or_shown(page: Any) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); }")
    tools = page.locator("#x-small .tools").first
    tools.get_by_text("Copy CSV").click()
    shown = page.locator("textarea.copied")
    assert tools.get_by_role("status").inner_text() == (
        "Copy it from here:" if shown.count() else "Copied."
    )


def test_text_that_means_something_in_csv_and_markdown_is_quoted(page: Any) -> None:
    tools = page.locator("#x-failing .tools").first
    tools.get_by_text("Copy CSV").click()
    assert INJECTED.replace('"', '""') in page.evaluate("window.copied")
    tools.get_by_text("Copy Markdown").click()
    assert "\\<img src=x" in page.evaluate("window.copied")


def test_the_theme_is_the_systems(page: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(20, 23, 27)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation_and_nothing_sticks_out(page: Any, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    violations = Axe().run(page)
    assert violations.violations_count == 0, violations.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_prints_with_pictures_and_sections_that_were_never_looked_at(page: Any) -> None:
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    count = page.locator("img").count()
    assert (
        page.locator("img").evaluate_all("all => all.filter((each) => each.complete).length") == count > 2
    )
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".tools").first.is_visible()


def test_no_table_is_cut_at_the_papers_edge(page: Any) -> None:
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    right = "tables => tables.map((each) => each.getBoundingClientRect().right)"
    assert max(page.locator("table").evaluate_all(right)) <= 703
    before = "cells => cells.map((each) => getComputedStyle(each, '::before').content)"
    (fifteenth, *_) = page.locator("#x-wide tbody td:nth-child(16)").evaluate_all(before)
    assert "hanging processes number 14 (%)" in fifteenth
    assert page.locator("#x-wide tbody").get_by_text("14.0").last.is_visible()


def test_the_name_of_a_row_stays_in_sight_where_the_others_scroll(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    area = page.locator("#x-wide .wide").first
    head, last = area.locator("tbody th").first, area.locator("tbody td").last
    before = head.bounding_box()["x"], last.bounding_box()["x"]
    area.evaluate("each => { each.scrollLeft = 500; }")
    assert head.bounding_box()["x"] == before[0]
    assert last.bounding_box()["x"] == before[1] - 500


def test_a_row_says_its_other_axes_where_they_are_scrolled_out_of_sight(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    area = page.locator("#x-small .wide").first
    below = "head => getComputedStyle(head, '::after').content"
    heads = area.locator("tbody th")
    assert heads.nth(0).evaluate(below) == "none"
    area.evaluate("each => { each.scrollLeft = 300; }")
    page.locator("#x-small .wide.scrolled").first.wait_for()
    shown = heads.evaluate_all(f"heads => heads.map({below})")
    assert shown[:2] == ['"tasks=2"', '"tasks=2 workers=2"']
    page.emulate_media(media="print")
    assert heads.nth(0).evaluate(below) == "none"


def test_harmful_markup_stays_text(page: Any) -> None:
    assert page.title() == "The concurrency lab: what was measured"
    assert page.locator("img[src=x], [onerror], [onclick], a[href^='javascript']").count() == 0
    assert page.locator("script").count() == 1
    failing = page.locator("#x-failing").inner_text()
    assert f"ValueError: {INJECTED}" in failing
    assert f"What fails?{INJECTED}" in failing
    assert HOSTILE in page.locator("main").inner_text()
    small = page.locator("#x-small")
    assert "<script>document.title = 'broken'</script>" in small.inner_text()
    assert small.locator(".prose a").all_inner_texts() == ["web", "picture"]
    assert small.locator(".prose img, h2 i, .claims u").count() == 0


def test_files_to_download_lie_beside_the_page_whatever_their_folder_is_called(
    page: Any, report: Path
) -> None:
    addresses = page.locator(".files a").evaluate_all("links => links.map((link) => link.href)")
    paths = [
        Path(page.evaluate("url => decodeURIComponent(new URL(url).pathname)", url)) for url in addresses
    ]
    assert all(path.is_file() and path.is_relative_to(report.parent) for path in paths)
    assert {path.parent.name for path in paths} == {"small", "failing", "wide", HOSTILE}


def test_without_javascript_everything_but_sorting_and_zooming_is_there(browser: Any, report: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(report.as_uri())
    small = page.locator("#x-small")
    assert small.locator(".table table").first.locator("tbody tr").count() == 8
    assert small.locator(".timeline svg image").is_visible()
    assert page.locator("button, select").count() == 0
    page.close()


def test_the_glossary_and_what_is_folded_are_one_click_away(page: Any) -> None:
    page.locator("header").get_by_role("link", name="glossary").click()
    assert page.evaluate("location.hash") == "#glossary"
    assert page.locator("#glossary dt").get_by_text("makespan", exact=True).is_visible()
    page.locator("#x-small").get_by_role("link", name="asyncio", exact=True).click()
    page.locator("#model-asyncio pre").wait_for(state="visible")  # the fold opens after the jump
