"""Fills the templates of `sentences.jinja`, the one place for the words of a sentence."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lab.core.words import does, listing, many, multiple


def say(name: str, /, **data: Any) -> str:
    """Return the sentence of that name; a last ";" after its parts becomes a full stop."""
    return re.sub(";$", ".", " ".join(lines(name, **data)))


def lines(name: str, /, **data: Any) -> list[str]:
    """Return the lines of the sentences of that name."""
    written = getattr(_templates(), name)(**data).splitlines()
    return [" ".join(line.split()) for line in written if line.strip()]


@cache
def _templates() -> Any:
    environment = Environment(
        loader=PackageLoader("lab.present", "sentences"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "times": lambda three: multiple(*three),
        "does": does,
        "listing": listing,
        "many": many,
        "code": "`{}`".format,
    }
    return environment.get_template("sentences.jinja").module
