"""The cells of the table of `lab predict`: three figures a number, and lines that break between numbers."""

from __future__ import annotations

from math import floor, log10

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.forecast import Forecast
from lab.present.units import Unit, unit_of

HEADINGS = ("model", "makespan", "cores", "memory", "start-up", "in flight", "full from")
CANNOT = "cannot"
"""Above the makespan of a model that has no room: what it would take, and no winner's time."""
ENDLESS = 1e8  # from here on a number is written with its power of ten
LONG_S = 7200.0  # from here on hours are easier to read than seconds
SECOND_S = 1.0  # from here on seconds are easier to read than milliseconds
MANY = ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
"""From where on a count is written in so many, and their name, the largest first; below it as it is."""
MOST = 1e15  # from here on a count is written with its power of ten


def cells(each: Forecast) -> list[str]:
    """Return a forecast's cells: each number above its interval."""
    makespan = cell("makespan_s", each.makespan_s)
    return [
        each.model,
        f"{CANNOT}\n{makespan}" if each.impossible else makespan,
        cell("", each.cores),
        cell("memory_bytes", each.memory_bytes),
        cell("start_up_s", each.start_up_s) if each.start_up_s.high else "",
        counted(each.in_flight),
        counted(each.full_from) if each.full_from else "",
    ]


def cell(metric: str, number: Estimate) -> str:
    """Return a number and, in the same unit, the interval below it, where it has one.

    Without a metric, it is a number of cores.
    """
    if not number.high:
        return "0" if metric else "0.00"
    unit = unit_of(metric, [number.value or number.high])
    if metric.endswith("_s") and number.value >= SECOND_S:
        unit = Unit("", "h", 1 / 3600) if number.value >= LONG_S else Unit("", "s", 1.0)

    def shown(each: float) -> str:
        scaled = each * unit.factor
        if scaled >= ENDLESS:
            return f"{scaled:.1e} {unit.name}".rstrip()
        return unit.show(scaled) if metric or scaled >= 10 else f"{scaled:.2f}"

    value, low, high = (shown(each) for each in (number.value, number.low, number.high))
    ends = f"{low}-{high}".replace(f" {unit.name}", "") if unit.name else f"{low}-{high}"
    return value if low == high else f"{value}\n{ends}"


def counted(number: Estimate) -> str:
    """Return a count and its interval below it, where it has one."""
    value, low, high = (count(each) for each in (number.value, number.low, number.high))
    return value if low == high else f"{value}\n{low}-{high}"


def count(number: float) -> str:
    """Return a count with three figures: "2,440", "50k", "1.23M"."""
    if number < 1:
        return f"{number:.0f}"
    if number >= MOST:
        return f"{number:.1e}"
    figures = round(number, 2 - floor(log10(number)))
    for least, size, name in MANY:
        if figures >= least:
            return f"{figures / size:.3g}{name}"
    return f"{figures:,.0f}"


def fitted(rows: list[list[str]], width: int) -> list[list[str]]:
    """Return the rows with intervals in two lines in the widest columns, as many as the width asks for."""
    columns = [list(column) for column in zip(HEADINGS, *rows, strict=True)]
    while sum(map(widest, columns)) + len(columns) - 1 > width:
        column = max(columns[1:], key=lambda each: max(map(whole, each[1:])))
        if not any(map(whole, column[1:])):
            break
        column[1:] = [in_two(text) for text in column[1:]]
    return [list(row) for row in zip(*(column[1:] for column in columns), strict=True)]


def widest(column: list[str]) -> int:
    """Return how wide a column is."""
    return max(len(line) for text in column for line in text.split("\n"))


def whole(text: str) -> int:
    """Return how wide a cell's interval is, where it is in one line; 0 else."""
    last = text.split("\n")[-1]
    return len(last) if "-" in last else 0


def in_two(text: str) -> str:
    """Return a cell with its interval in two lines."""
    return text.replace("-", "-\n") if whole(text) else text
