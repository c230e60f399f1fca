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
    from lab.report.page import pages
    from lab.report.render import render
    from lab.store.files import replace_file

    for page in pages(out, at_hand):
        html = render(page).encode()
        if len(html) <= LARGEST:
            break
    for fault in page["faults"]:
        complain(fault)
    replace_file(out / NAME, html)
    return out / NAME
