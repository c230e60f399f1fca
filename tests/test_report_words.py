"""What the report takes from elsewhere (lessons, code, figures) keeps its words and gains no power."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from PIL import Image

from lab.report.pictures import picture, thumbnail
from lab.report.sources import highlighted, lesson, lesson_and_code, worded

HARM = "</script><img src=x onerror=\"document.title='broken'\">"


def test_html_in_a_lesson_is_text() -> None:
    assert lesson(HARM) == (
        "<p>&lt;/script&gt;&lt;img src=x onerror=&quot;document.title='broken'&quot;&gt;</p>\n"
    )


@pytest.mark.parametrize(
    "address", ["javascript:x", "JaVaScRiPt:x", "data:text/html,x", "file:///x", "vbscript:x"]
)
def test_a_link_leads_to_the_web_or_is_text(address: str) -> None:
    assert "<a" not in lesson(f"[here]({address})")
    assert "<a" not in lesson(f"<{address}>")
    assert '<a href="https://example.org">here</a>' in lesson("[here](https://example.org)")


def test_a_lessons_headings_stand_below_the_pages_and_its_tables_have_no_style() -> None:
    assert lesson("## Why") == "<h4>Why</h4>\n"
    assert lesson("###### Why") == "<h6>Why</h6>\n"
    table = lesson("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert "style" not in table
    assert '<td class="number">2</td>' in table


def test_a_file_is_split_into_its_lesson_and_its_code_without_running_it() -> None:
    source = '"""The lesson.\n\nMore."""\n\nraise SystemExit\n'
    assert lesson_and_code(source) == ("The lesson.\n\nMore.", "raise SystemExit\n")
    assert lesson_and_code("'this' + is_no_docstring") == ("", "'this' + is_no_docstring")
    assert lesson_and_code("this is no Python") == ("", "this is no Python")


@given(st.text())
def test_words_between_backticks_are_code_and_nothing_is_markup(text: str) -> None:
    shown = worded(text)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<code>", "</code>"}
    if "`" not in text:
        assert Markup(shown).unescape() == text
    assert worded("its `finally` ran") == "its <code>finally</code> ran"


def test_highlighted_code_is_the_code() -> None:
    source = f'def f(x):  # a < b\n    return "{HARM!r}" if x else 1.5\n'
    shown = highlighted(source)
    assert Markup(shown).striptags().split() == source.split()
    assert set(re.findall(r"<[^>]*>", shown)) <= {
        "</span>",
        *(f'<span class="{name}">' for name in "csnkdf"),
    }
    assert '<span class="k">def </span>' in shown


@pytest.fixture
def figure(tmp_path: Path) -> Path:
    """A figure of 900 x 600 pixels whose PNG is larger than its SVG."""
    path = tmp_path / "bars.png"
    Image.effect_noise((900, 600), 90).save(path)
    path.with_suffix(".svg").write_text(SVG, encoding="utf-8")
    return path


SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg"><g id="used"/><use xlink:href="#used" style="fill: #555555"/>
<text style="font-family: 'DejaVu Sans', serif">CPython 3.11.72, 'ü' #%41 &amp; "x"</text></svg>"""


def test_a_figure_is_its_svg_as_it_is_and_no_character_of_it_ends_the_attribute(figure: Path) -> None:
    shown = picture(figure, "what it shows")
    kind, _, content = shown.uri(largest=len(SVG.encode())).partition(",")
    assert (kind, unquote(content)) == ("data:image/svg+xml", SVG)
    assert not set('#"<>&') & set(content)
    assert (shown.width, shown.height, shown.alternative) == (600, 400, "what it shows")


def test_a_larger_svg_is_pixels_and_shown_as_large_as_before(figure: Path) -> None:
    shown, small = picture(figure, ""), thumbnail(figure)
    pixels = shown.uri(largest=len(SVG.encode()) - 1)
    assert pixels.startswith("data:image/webp;base64,")
    assert (shown.width, shown.height) == (600, 400)
    assert (small["width"], small["height"]) == (440, 220)
    assert len(small["src"]) < len(pixels)
    figure.with_suffix(".svg").unlink()
    assert shown.uri(largest=1000) == pixels
