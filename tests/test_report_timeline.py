"""The report's timelines in a real browser: read task by task, zoomed, printed."""

from __future__ import annotations

from typing import Any

from report_results import INJECTED


def test_a_task_is_read_by_pointing_at_it_and_by_keyboard(page: Any) -> None:
    timeline = page.locator("#x-small .timeline")
    box = timeline.locator("svg").bounding_box()
    told = timeline.locator(".told")
    timeline.scroll_into_view_if_needed()
    box = timeline.locator("svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.02, box["y"] + box["width"] * 0.0265)
    assert told.inner_text().startswith("sequential, task 1 on worker 1: queue wait ")
    area = timeline.locator(".wide")
    area.press("ArrowRight")
    assert told.inner_text().startswith("sequential, task 2 on worker 1: queue wait ")
    area.press("ArrowDown")
    assert told.inner_text().startswith("threads, task 2")
    assert ", service 2" in told.inner_text()
    area.press("End")
    area.press("ArrowRight")
    assert told.inner_text().startswith("threads, task 5")


def test_a_timeline_zooms_by_keyboard_button_and_dragging_and_shows_all_again(page: Any) -> None:
    timeline = page.locator("#x-small .timeline")
    services = timeline.locator(".services").last
    whole = services.get_attribute("d")
    timeline.locator(".wide").press("+")
    closer = services.get_attribute("d")
    assert closer != whole
    timeline.get_by_text("Zoom in").click()
    assert services.get_attribute("d") != closer
    timeline.locator(".wide").press("0")
    assert timeline.locator(".ticks text").first.text_content().startswith("0 ")
    again = services.get_attribute("d")
    assert again.count("M") == whole.count("M")
    timeline.scroll_into_view_if_needed()
    box = timeline.locator("svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20)
    page.mouse.up()
    assert not timeline.locator(".ticks text").first.text_content().startswith("0 ")


def test_a_task_is_told_with_its_wait_its_service_and_why_it_failed(page: Any) -> None:
    timeline = page.locator("#x-failing .timeline")
    timeline.locator(".wide").press("Home")
    assert timeline.locator(".told").inner_text() == (
        "works, task 1 on worker 1: queue wait 1.00 ms, service 9.00 ms, from 1.00 ms to 10.0 ms"
        f"; failed: {INJECTED}"
    )


def test_paper_shows_all_of_a_timeline_and_the_screen_then_what_it_showed(page: Any) -> None:
    services = page.locator("#x-small .timeline .services").last
    whole = services.get_attribute("d")
    page.locator("#x-small .timeline .wide").press("+")
    closer = services.get_attribute("d")
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
        window.printed = [...document.querySelectorAll("#x-small .services")].at(-1).getAttribute("d");
        })"""
    )
    page.pdf(format="A4")
    assert page.evaluate("window.printed").count("M") == whole.count("M")
    assert page.evaluate("window.printed") != closer == services.get_attribute("d")
