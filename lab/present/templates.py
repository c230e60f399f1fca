"""Fills templates: `sentences.jinja` has the words of sentences, `table.html` draws tables in a page."""

import re
from functools import cache
from math import inf
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined

from lab.core.verdicts import VERDICTS
from lab.core.words import digits, does, interval, listing, many, multiple, percent
from lab.present.units import case_words

MOST_COLUMNS = 13  # so many columns fit on paper; a case of a wider table is printed as a paragraph
WORDS = {
    "times": lambda numbers: multiple(*numbers),
    "digits": digits,
    "percent": lambda numbers: percent(*numbers),
    "interval": lambda numbers: interval(*numbers),
    "does": does,
    "listing": listing,
    "many": many,
    "code": "`{}`".format,
    "case": case_words,
}
"""The filters of every template."""


def say(name: str, /, **data: Any) -> str:
    """Return the sentence of that name in one line; a last ";" after its parts becomes a full stop."""
    return re.sub(";$", ".", " ".join(lines(name, **data)))


def lines(name: str, /, **data: Any) -> list[str]:
    """Return the lines of the sentences of that name."""
    written = getattr(_sentences(), name)(**data).splitlines()
    return [" ".join(line.split()) for line in written if line.strip()]


@cache
def _sentences() -> Any:
    loader = PackageLoader("lab.present", "sentences")
    return _environment(loader, html=False).get_template("sentences.jinja").module


def pages(*packages: str) -> Environment:
    """Return the HTML templates of these packages and of tables: a text stays text, whatever it holds."""
    return _environment(*map(PackageLoader, packages), PackageLoader("lab.present", "tables"), html=True)


def _environment(*loaders: BaseLoader, html: bool) -> Environment:
    loader = ChoiceLoader(loaders)
    environment = Environment(
        loader=loader, autoescape=html, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"inf": inf, "signs": VERDICTS, "most_columns": MOST_COLUMNS}
    environment.filters |= WORDS
    return environment
