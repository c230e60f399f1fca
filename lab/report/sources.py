"""A lesson's Markdown, Python code, and sentences → markup, in which all text stays text."""

import ast
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES

SCHEMES = ("https://", "http://", "#")
DEEPER = 2  # by how many levels a lesson's headings stand below those of the page
MARKS = {"c": "c", "s": "s", "m": "n", "k": "k", "ow": "k", "nd": "d", "nf": "f", "fm": "f", "nc": "f"}
"""Pygments' short name of a kind of token, or its first letter -> the class that it has in the page."""


def lesson_and_code(source: str) -> tuple[str, str]:
    """Return the docstring that a file opens with, and the code without it, without running any."""
    try:
        module = ast.parse(source)
    except (SyntaxError, ValueError):
        return "", source
    lesson = ast.get_docstring(module)
    if lesson is None:
        return "", source
    return lesson, "\n".join(source.split("\n")[module.body[0].end_lineno :]).lstrip("\n")


def highlighted(source: str) -> Markup:
    """Return source code as markup: a span about what has a class of its own in the page's style."""
    pieces: list[tuple[str, str]] = []
    for kind, text in PythonLexer(stripnl=False).get_tokens(source):
        short = STANDARD_TYPES.get(kind, "")
        mark = MARKS.get(short) or MARKS.get(short[:1], "")
        if pieces and (pieces[-1][0] == mark or not text.strip()):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
        else:
            pieces.append((mark, text))
    span = Markup('<span class="{}">{}</span>')
    return Markup("").join(span.format(mark, text) if mark else escape(text) for mark, text in pieces)


def lesson(text: str) -> Markup:
    """Return Markdown as markup. HTML in it is shown as text, and so is a link of another scheme."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = lambda url: url.lower().startswith(SCHEMES)  # type: ignore[method-assign]
    return Markup(reader.renderer.render(_deeper(reader.parse(text)), reader.options, {}))


def worded(text: str) -> Markup:
    """Return a sentence as markup: what stands between backticks is code, and all else is text."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def _deeper(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens with their headings lower, and without what the page's policy would refuse."""
    for token in tokens:
        # A table aligns its columns by a style, which the page's policy does not let through.
        if "right" in str(token.attrs.pop("style", "")):
            token.attrSet("class", "number")
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # on a narrow screen it scrolls, by keyboard too
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + DEEPER)}"
    return tokens
