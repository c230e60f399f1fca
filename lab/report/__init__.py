"""The report: all results of a folder as one HTML page that needs no network and no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.present.findings import Findings

NAME = "index.html"
LARGEST = 3 * 2**20 - 1
"""Bytes: a mail takes it."""
LARGEST_SVG = (2**22, 60_000, 30_000, 0)
"""A larger SVG, in bytes, is shown as pixels; the next limit is tried where the page is too large."""


def write_report(
    out: Path,
    complain: Callable[[object], None] = lambda _: None,
    at_hand: Mapping[Path, Findings] = {},
) -> Path:
    """Write the page over all results of a folder, replaced whole, and return its path.

    at_hand: folder -> results that have been read and summarised already; the others are read. Raises
    LabError where nothing was measured. A result that cannot be read or shown has a line on the page that
    says so, and so gets `complain`.
    """
    from lab.report.page import page_of
    from lab.report.render import render
    from lab.store.files import replace_file

    page = page_of(out, at_hand)
    for largest in LARGEST_SVG:
        html = render(page, largest).encode()
        if len(html) <= LARGEST:
            break
    for fault in page["faults"]:
        complain(fault)
    replace_file(out / NAME, html)
    return out / NAME
