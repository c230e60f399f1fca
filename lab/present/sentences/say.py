"""Fills the templates of `sentences.jinja`, the one place for the words of a sentence."""

import re
from collections.abc import Sequence
from functools import cache
from math import inf
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined

from lab.core.words import does, listing, many, multiple
from lab.present.units import case_words


def say(name: str, /, **data: Any) -> str:
    """Return the sentence of that name."""
    return sentence(getattr(_sentences(), name)(**data))


def lines(name: str, /, **data: Any) -> list[str]:
    """Return the lines of the sentences of that name."""
    written = getattr(_sentences(), name)(**data).splitlines()
    return [" ".join(line.split()) for line in written if line.strip()]


def sentence(text: str) -> str:
    """Return a text in one line; a last ";" after its parts becomes a full stop."""
    return re.sub(";$", ".", " ".join(text.split()))


def templates(loaders: Sequence[BaseLoader], *, html: bool) -> Environment:
    """Return an environment of templates: the lab's words are filters, and nothing may be undefined.

    html: whether what a template is given stays text, whatever it holds.
    """
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["inf"] = inf
    environment.filters |= {
        "times": lambda numbers: multiple(*numbers),
        "does": does,
        "listing": listing,
        "many": many,
        "code": "`{}`".format,
        "case": case_words,
    }
    return environment


@cache
def _sentences() -> Any:
    loader = PackageLoader("lab.present", "sentences")
    return templates([loader], html=False).get_template("sentences.jinja").module
