"""The report's timelines in a real browser: zoomed, moved, printed."""

from __future__ import annotations

from typing import Any

import pytest


def window(timeline: Any) -> list[float]:
    """Return what the SVG shows of itself: x, y, width, height."""
    return [float(number) for number in timeline.locator("svg").get_attribute("viewBox").split()]


@pytest.fixture
def timeline(page: Any) -> Any:
    timeline = page.locator("#x-small .timeline")
    timeline.scroll_into_view_if_needed()
    return timeline


def test_a_timeline_zooms_and_moves_by_keyboard_and_shows_all_again(timeline: Any) -> None:
    whole, area = window(timeline), timeline.locator(".paper")
    _, _, width, height = whole
    assert area.get_attribute("role") == "application"
    assert area.get_attribute("aria-label") == (
        "Timeline 1 of small. + and - zoom, the arrow keys move, 0 shows all."
    )
    area.press("+")
    assert window(timeline) == pytest.approx([width / 4, height / 4, width / 2, height / 2])
    area.press("ArrowRight")
    area.press("ArrowUp")
    assert window(timeline) == pytest.approx([width * 3 / 8, height / 8, width / 2, height / 2])
    for _ in range(3):
        area.press("ArrowRight")
    assert window(timeline)[0] == pytest.approx(width / 2)  # its end
    area.press("-")
    assert window(timeline) == pytest.approx(whole)
    area.press("+")
    area.press("0")
    assert window(timeline) == pytest.approx(whole)


def test_a_timeline_zooms_and_moves_by_buttons(timeline: Any) -> None:
    whole = window(timeline)
    middle = [whole[2] / 4, whole[3] / 4, whole[2] / 2, whole[3] / 2]
    for name, expected in {
        "Zoom in": middle,
        "Later": [whole[2] / 2, *middle[1:]],
        "Earlier": middle,
        "Zoom out": whole,
        "Show all": whole,
    }.items():
        timeline.get_by_role("button", name=name).click()
        assert window(timeline) == pytest.approx(expected), name


def test_dragging_moves_it_and_the_wheel_zooms_only_with_ctrl_about_the_pointer(
    page: Any, timeline: Any
) -> None:
    _, _, width, height = whole = window(timeline)
    box = timeline.locator("svg").bounding_box()
    left, top = box["x"], box["y"] + 20
    page.mouse.move(left, top)
    page.mouse.wheel(0, -1)
    assert window(timeline) == pytest.approx(whole)
    box = timeline.locator("svg").bounding_box()
    page.mouse.move(box["x"], box["y"] + box["height"] / 4)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    assert window(timeline) == pytest.approx([0, height / 8, width / 2, height / 2], abs=width / 100)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.up()
    page.mouse.move(box["x"], box["y"] + box["height"] / 4)
    assert window(timeline)[0] == pytest.approx(width / 8, abs=width / 100)


def test_paper_shows_all_of_a_timeline_and_the_screen_then_what_it_showed(page: Any, timeline: Any) -> None:
    whole = window(timeline)
    timeline.locator(".paper").press("+")
    closer = window(timeline)
    page.evaluate(
        """() => addEventListener("beforeprint", () => {
        window.printed = document.querySelector("#x-small .timeline svg").getAttribute("viewBox");
        })"""
    )
    page.pdf(format="A4")
    assert [float(number) for number in page.evaluate("window.printed").split()] == pytest.approx(whole)
    assert window(timeline) == pytest.approx(closer)


def test_a_timeline_is_drawn_as_in_its_file_and_described_in_words(timeline: Any) -> None:
    drawn = timeline.locator("svg")
    assert drawn.get_attribute("aria-label").startswith("Timeline of small, all with tasks=5, workers=2. ")
    assert "sequential: 5 tasks on 1 worker in " in drawn.get_attribute("aria-label")
    image = drawn.locator("image")
    assert image.get_attribute("href").startswith("data:image/svg+xml,")
    loaded = """async (each) => {
        const image = new Image();
        image.src = each.getAttribute("href");
        await image.decode();
        return image.naturalWidth / image.naturalHeight;
    }"""
    sides = float(image.get_attribute("width")), float(image.get_attribute("height"))
    assert image.evaluate(loaded) == pytest.approx(sides[0] / sides[1], rel=0.01)
