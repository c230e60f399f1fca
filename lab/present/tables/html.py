"""A table as HTML: one macro, for the report and for a notebook; a text stays text, whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from lab.present.tables.page import Page
from lab.present.tables.verdicts import VERDICTS

MOST_COLUMNS = 13
"""So many columns fit on paper; a case of a wider table is printed as a paragraph."""


def templates(*packages: str) -> Environment:
    """Return an environment with these packages' templates and `table.html`, whose macros draw tables."""
    loaders = [*map(PackageLoader, packages), PackageLoader("lab.present", "tables")]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"signs": VERDICTS, "most_columns": MOST_COLUMNS}
    return environment


def html(page: Page, pictures: Mapping[str, str]) -> str:
    """Return a result's page for a notebook, with its figures: name -> the URL of the picture."""
    return templates().get_template("notebook.html").render(page=page, pictures=pictures)
