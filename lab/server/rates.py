"""One recorded day of exchange rates, and every base that follows from it.

The record gives what one zloty buys (its date and origin lie beside it, in the text file of the same
name). One unit of b buys rate(pln→s) ÷ rate(pln→b) of s.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

DATE = "Fri, 4 Feb 2022 11:55:01 GMT"
RECORD = "floatrates_pln_2022-02-04.csv"


class Currency(NamedTuple):
    """A currency by its ISO 4217 code and number, and how much of it one zloty buys."""

    code: str
    number: str
    name: str
    per_zloty: float


def codes() -> tuple[str, ...]:
    """Return the 150 lower-case codes in the order of the record, with `pln` last."""
    return tuple(_currencies())


def rates(base: str) -> dict[str, float]:
    """Return lower-case code -> what one unit of `base` buys of it; LookupError for a base not recorded."""
    every = _currencies()
    if base not in every:
        remedy = "codes are lower-case, like 'eur'"
        raise LookupError(f"no currency {base[:20]!r} among the {len(every)} recorded; {remedy}")
    per_zloty = every[base].per_zloty
    return {code: other.per_zloty / per_zloty for code, other in every.items() if code != base}


def document(base: str) -> dict[str, dict[str, str | float]]:
    """Return the live feed's document of `base`, an entry for each other currency; LookupError as above."""
    bought, every = rates(base), _currencies()
    return {
        code: {
            "code": code.upper(),
            "alphaCode": code.upper(),
            "numericCode": every[code].number,
            "name": every[code].name,
            "rate": rate,
            "date": DATE,
            "inverseRate": every[base].per_zloty / every[code].per_zloty,
        }
        for code, rate in bought.items()
    }


@cache
def _currencies() -> Mapping[str, Currency]:
    # Imported here: the client side imports this module in every trial and may never read the record.
    import csv
    from pathlib import Path

    record = Path(__file__).with_name(RECORD).read_text(encoding="utf-8")
    rows = list(csv.reader(record.splitlines()))[1:]
    recorded = [Currency(code, number, name, float(rate)) for code, number, name, rate in rows]
    recorded.append(Currency("PLN", "985", "Polish Zloty", 1.0))
    return MappingProxyType({currency.code.lower(): currency for currency in recorded})
