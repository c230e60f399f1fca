"""Python → markup with few words: only what helps the eye is marked, everything is escaped."""

from __future__ import annotations

import ast
from pathlib import Path

from markupsafe import Markup, escape
from pygments.lexers import PythonLexer
from pygments.token import Token, _TokenType

CLASSES: dict[_TokenType, str] = {
    Token.Comment: "c",
    Token.Literal.String: "s",
    Token.Literal.Number: "n",
    Token.Keyword: "k",
    Token.Operator.Word: "k",
    Token.Name.Decorator: "d",
    Token.Name.Function: "f",
    Token.Name.Class: "f",
}


def highlighted(source: str) -> Markup:
    """Return source code as markup: a span about what has a class of its own in the page's style."""
    pieces: list[tuple[str, str]] = []
    for kind, text in PythonLexer(stripnl=False).get_tokens(source):
        mark = next((name for parent, name in CLASSES.items() if kind in parent), "")
        if pieces and (pieces[-1][0] == mark or not text.strip()):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + text)
        else:
            pieces.append((mark, text))
    span = Markup('<span class="{}">{}</span>')
    return Markup("").join(span.format(mark, text) if mark else escape(text) for mark, text in pieces)


def without_docstring(path: Path) -> str:
    """Return a file's source without the docstring that it opens with."""
    return code_of(path.read_text(encoding="utf-8"))


def code_of(source: str) -> str:
    """Return source code without the docstring that it opens with."""
    try:
        first = next(iter(ast.parse(source).body), None)
    except (SyntaxError, ValueError):
        return source
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno:
        return "\n".join(source.split("\n")[first.end_lineno :]).lstrip("\n")
    return source
