"""A lesson's Markdown → markup: text stays text, and a link leads to the web or to nowhere."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

SCHEMES = ("https://", "http://", "#")
DEEPER = 2
"""By how many levels a lesson's headings stand below those of the page."""


def docstring(path: Path) -> str:
    """Return the docstring that a file opens with, without running it; empty where there is none."""
    try:
        return ast.get_docstring(ast.parse(path.read_bytes())) or ""
    except (OSError, SyntaxError, ValueError):
        return ""


def lesson(text: str) -> Markup:
    """Return Markdown as markup. HTML in it is shown as text, and so is a link of another scheme."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = _leads_to_the_web  # type: ignore[method-assign]
    return Markup(reader.renderer.render(_deeper(reader.parse(text)), reader.options, {}))


def worded(text: str) -> Markup:
    """Return a sentence as markup: what stands between backticks is code, and all else is text."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if n % 2 else part for n, part in enumerate(parts))


def _leads_to_the_web(url: str) -> bool:
    return url.lower().startswith(SCHEMES)


def _deeper(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens with their headings lower, and without what the page's policy would refuse."""
    for token in tokens:
        # How a table says that a column is aligned: as a style, which the policy does not let through.
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "number")
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # on a narrow screen it scrolls, by keyboard too
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + DEEPER)}"
    return tokens
