"""The table of `lab predict`: three digits for each number, with the interval of one more run below it."""

from collections.abc import Iterable
from math import floor, log10

from lab.analysis.predict.estimate import Estimate
from lab.analysis.predict.forecast import Forecast
from lab.present.tables.table import Cell, Column, Table
from lab.present.units import Unit, unit_of

HEADINGS = ("makespan", "cores", "memory", "start-up", "in flight", "saturates at")
CANNOT = "cannot"  # stands above the makespan that a model would have, were there room for it
ENDLESS = 1e8  # from here on a number is written with its power of ten
LONG_S = 7200.0  # from here on hours are easier to read than seconds
SECOND_S = 1.0  # from here on seconds are easier to read than milliseconds
MANY = ((1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
"""(from this count on, it is written in so many, with this letter), the largest first."""
MOST = 1e15  # from here on a count is written with its power of ten


def table(forecasts: Iterable[Forecast]) -> Table:
    """Return a row for each model."""
    columns = [Column("model", axis=True), *(Column(heading, number=True) for heading in HEADINGS)]
    return Table("", columns, [row(each) for each in forecasts])


def row(each: Forecast) -> list[Cell]:
    """Return a forecast's cells."""
    makespan = cell("makespan_s", each.makespan_s)
    if each.lacks:
        makespan = Cell(CANNOT, f"{makespan.text}\n{makespan.note}")
    return [
        Cell(each.model),
        makespan,
        cell("", each.cores),
        cell("memory_bytes", each.memory_bytes),
        cell("start_up_s", each.start_up_s) if each.start_up_s.high else Cell(),
        counted(each.in_flight),
        counted(each.saturates_at) if each.saturates_at else Cell(),
    ]


def cell(metric: str, number: Estimate) -> Cell:
    """Return a number in its unit and, in the same unit, its interval; without a metric, it is of cores."""
    if not number.high:
        return Cell("0" if metric else "0.00")
    unit = unit_of(metric, [number.value or number.high])
    if metric.endswith("_s") and number.value >= SECOND_S:
        unit = Unit("", "h", 1 / 3600) if number.value >= LONG_S else Unit("", "s", 1.0)

    def digits(value: float) -> str:
        scaled = value * unit.factor
        if scaled >= ENDLESS:
            return f"{scaled:.1e}"
        return unit.digits(value) if metric or scaled >= 10 else f"{scaled:.2f}"

    value, low, high = (digits(each) for each in (number.value, number.low, number.high))
    return Cell(f"{value} {unit.name}".rstrip(), "" if low == high else f"{low}-{high}")


def counted(number: Estimate) -> Cell:
    """Return a count and its interval, where it has one."""
    value, low, high = (count(each) for each in (number.value, number.low, number.high))
    return Cell(value, "" if low == high else f"{low}-{high}")


def count(number: float) -> str:
    """Return a count with three digits: "2,440", "50k", "1.23M"."""
    if number < 1:
        return f"{number:.0f}"
    if number >= MOST:
        return f"{number:.1e}"
    rounded = round(number, 2 - floor(log10(number)))
    for least, size, name in MANY:
        if rounded >= least:
            return f"{rounded / size:.3g}{name}"
    return f"{rounded:,.0f}"
