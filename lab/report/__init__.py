"""The report: all results of a folder as one HTML page that needs no network and no JavaScript."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from lab.present.findings import Findings
from lab.present.templates import pages
from lab.report.contents import page_of
from lab.report.sources import worded
from lab.store.files import replace_file

NAME = "index.html"
LARGEST = 3 * 2**20 - 1  # bytes: a mail takes it
LARGEST_SVG = (2**22, 60_000, 30_000, 0)
"""A larger SVG, in bytes, is shown as pixels; the next limit is tried where the page is too large."""
STYLES = ("page.css", "front.css", "table.css", "code.css", "print.css")
SCRIPTS = ("table.js", "copy.js", "timeline.js", "main.js")


def write_report(
    out: Path, complain: Callable[[object], None] = lambda _: None, at_hand: Mapping[Path, Findings] = {}
) -> Path:
    """Write the page over all results of a folder, replaced whole, and return its path.

    at_hand: folder -> results that have been read and summarised already; the others are read. Raises
    LabError where nothing was measured. A result that cannot be read or shown has a line on the page that
    says so, and so gets `complain`.
    """
    page = page_of(out, at_hand)
    for largest in LARGEST_SVG:
        html = render(page, largest).encode()
        if len(html) <= LARGEST:
            break
    for fault in page["faults"]:
        complain(fault)
    replace_file(out / NAME, html)
    return out / NAME


def render(page: Mapping[str, Any], largest: int) -> str:
    """Return the page as HTML; its policy allows its own style and script alone, by their hashes.

    largest: how many bytes an SVG has at most; of a larger one the page has the pixels.
    """
    style, script = _joined("css", STYLES), _joined("js", SCRIPTS)
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    policy = (
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}';"
        " base-uri 'none'; form-action 'none'"
    ).format(*hashes)
    environment = pages("lab.report")
    environment.filters["worded"] = worded
    given = {"page": page, "style": style, "script": script, "policy": policy, "largest": largest}
    return environment.get_template("page.html").render(given)


def _joined(folder: str, names: tuple[str, ...]) -> str:
    """Return files of this package as one text; `</` in one would end the element it is put in."""
    text = "\n".join((files("lab.report") / folder / name).read_text("utf-8") for name in names)
    assert "</" not in text
    return text
