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

from lab.report.lessons import docstring, lesson, worded
from lab.report.pictures import embedded, thumbnail
from lab.report.sources import highlighted, without_docstring

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


def test_a_docstring_is_read_without_running_its_file(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text('"""The lesson.\n\nMore."""\n\nraise SystemExit\n')
    assert docstring(path) == "The lesson.\n\nMore."
    assert without_docstring(path) == "raise SystemExit\n"
    path.write_text("this is no Python")
    assert docstring(path) == ""
    assert without_docstring(path) == "this is no Python"


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
    (tmp_path / "bars.svg").write_text(
        '<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg">\n'
        '<g id="used"><path id="axes_1" d="M 1.23456 2.5 \nL -10.98765 0.00001 \n"/></g>\n'
        '<use xlink:href="#used" style="fill: none; stroke: #555555"/>\n'
        """<text style="font-family: 'DejaVu Sans', serif" x="7.123" transform="rotate(-0 1 2)">"""
        """CPython 3.11.72, 'ü' #%41 &amp; "x"</text></svg>""",
        encoding="utf-8",
    )
    return path


def decoded(uri: str) -> str:
    kind, _, content = uri.partition(",")
    assert kind == "data:image/svg+xml"
    return unquote(content)


def test_the_smaller_of_a_figures_files_is_embedded_and_its_words_are_not_rounded(figure: Path) -> None:
    picture = embedded(figure)
    assert decoded(picture.uri) == (
        "<svg xmlns='http://www.w3.org/2000/svg'><g id='used'><path d='M1.2 2.5L-11.0 0.0'/></g>"
        "<use xlink:href='#used' style='fill:none;stroke:#555555'/>"
        "<text style='font-family:DejaVu Sans,serif' x='7.1'>"
        "CPython 3.11.72, 'ü' #%41 &amp; \"x\"</text></svg>"
    )
    assert not set('#"<>&') & set(picture.uri)
    assert (picture.width, picture.height) == (600, 400)


def test_a_shrunk_figure_is_shown_as_large_as_before(figure: Path) -> None:
    figure.with_suffix(".svg").unlink()
    whole, shrunk, small = embedded(figure), embedded(figure, 0.5), thumbnail(figure)
    assert whole.uri.startswith("data:image/webp;base64,")
    assert len(shrunk.uri) < len(whole.uri) / 2
    assert (shrunk.width, shrunk.height) == (whole.width, whole.height)
    assert len(small.uri) < len(whole.uri)
