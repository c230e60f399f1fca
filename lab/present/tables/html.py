"""A page as HTML, for a notebook: whatever a text holds, it stays text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from rich.table import Table
from rich.text import Text

from lab.present.tables.page import Page


def html(page: Page, pictures: Mapping[str, str]) -> str:
    """Return a page with its figures, name -> the URL of the picture."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
    tables = [cells(each) if isinstance(each, Table) else {"note": each.plain} for each in page.tables]
    return template.render(page=page, tables=tables, pictures=pictures)


def cells(table: Table) -> dict[str, Any]:
    """Return a table's words: title, caption, columns (heading, justify) and rows of cells."""
    return {
        "title": plain(table.title),
        "caption": plain(table.caption),
        "columns": [(plain(column.header), column.justify) for column in table.columns],
        "rows": list(zip(*(map(plain, column.cells) for column in table.columns), strict=True)),
    }


def plain(cell: object) -> str:
    """Return a cell's text without its style."""
    return cell.plain if isinstance(cell, Text) else str(cell or "")
