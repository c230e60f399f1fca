"""What the page shows → one HTML file that loads nothing and runs nothing but its own script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from lab.present.tables.html import pages
from lab.report.sources import worded

STYLES = ("page.css", "front.css", "table.css", "code.css", "print.css")
SCRIPTS = ("table.js", "copy.js", "timeline.js", "main.js")


def render(page: Mapping[str, Any], largest: int) -> str:
    """Return the page as HTML; its policy allows its own style and script alone, by their hashes.

    largest: how many bytes an SVG has at most; of a larger one the page has the pixels.
    """
    style, script = _joined("css", STYLES), _joined("js", SCRIPTS)
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    environment = pages("lab.report")
    environment.filters["worded"] = worded
    given = {"page": page, "style": style, "script": script, "policy": policy, "largest": largest}
    return environment.get_template("page.html").render(given)


def _joined(folder: str, names: tuple[str, ...]) -> str:
    """Return files of this package as one text; `</` in one would end the element it is put in."""
    text = "\n".join((files("lab.report") / folder / name).read_text("utf-8") for name in names)
    assert "</" not in text
    return text


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
