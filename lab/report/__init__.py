"""The report: all results of a folder as one HTML page that needs no network and no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

NAME = "index.html"


def write_report(out: Path, complain: Callable[[object], None] = lambda _: None) -> Path:
    """Write the page over all results of a folder, replaced whole, and return its path.

    Raises LabError where nothing was measured. A result that cannot be read has a line that says so, there
    and by way of `complain`.
    """
    from lab.report.page import page
    from lab.report.render import render
    from lab.store.files import replace_file

    made = page(out)
    for fault in made.faults:
        complain(fault)
    replace_file(out / NAME, render(made).encode())
    return out / NAME
