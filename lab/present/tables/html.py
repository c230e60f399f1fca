"""A table as HTML: one macro, for the report and for a notebook; a text stays text, whatever it holds."""

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader

from lab.present.sentences.say import templates
from lab.present.tables.page import Page
from lab.present.tables.verdicts import VERDICTS

MOST_COLUMNS = 13
"""So many columns fit on paper; a case of a wider table is printed as a paragraph."""


def pages(*packages: str) -> Environment:
    """Return the templates of these packages, and `table.html`, whose macros draw tables."""
    environment = templates(
        [*map(PackageLoader, packages), PackageLoader("lab.present", "tables")], html=True
    )
    environment.globals |= {"signs": VERDICTS, "most_columns": MOST_COLUMNS}
    return environment


def html(page: Page, pictures: Mapping[str, str]) -> str:
    """Return a result's page for a notebook, with its figures: name -> the URL of the picture."""
    return pages().get_template("notebook.html").render(page=page, pictures=pictures)
