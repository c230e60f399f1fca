"""The tables of a matrix: which fact stands in which row and column, and how much room its words need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from lab.present.figures import cells
from lab.present.figures.facts import Column, Fact, fact
from lab.present.figures.page import CHARACTER
from lab.present.units import UNITS

if TYPE_CHECKING:
    from lab.store.reading import Results

SIZE, SMALL, BOLD = 8.5, 7.0, 1.12  # points: a cell's words, and a remark; how much wider bold is
LINE, BELOW, PAD = 0.155, 0.13, 0.08  # inches: a line of words, of a remark, and the room about them
SIGN = 0.17  # inches: the room for a cell's sign
SIGNS = {"good": "✓", "mixed": "~", "bad": "✗"}
MOST = 5  # lines of words in a cell of which nothing is known, where others need no more


@dataclass(frozen=True, slots=True)
class Table:
    """One panel: the axes it holds fixed, its rows' names, and its cells; None where no case belongs."""

    fixed: cells.Case
    rows: Sequence[str]
    facts: Sequence[Sequence[Fact | None]]

    def turned(self, names: Sequence[str], columns: Sequence[str]) -> Table:
        """Return the table with its rows as columns, in this order, and its columns as rows, called so."""
        of_row = dict(zip(self.rows, self.facts, strict=True))
        empty = [None] * len(names)
        facts = list(zip(*(of_row.get(column, empty) for column in columns), strict=True))
        return Table(self.fixed, names, facts)


def tables_of(
    results: Results,
    cases: Sequence[cells.Case],
    rows: str,
    columns: str | tuple[str, ...],
    shown: Mapping[str, Column],
) -> list[Table]:
    """Return a table for each combination of the axes that are neither rows nor columns."""
    named = (rows, columns) if isinstance(columns, str) else (rows,)
    down = names_of(cases, rows)
    across = list(names_of(cases, columns) if isinstance(columns, str) else columns)
    trials, samples = _by_case(results.trials, results.axes), _by_case(results.samples, results.axes)

    def cell(place: dict[str, str | None], column: str) -> Fact | None:
        metric = next(iter(shown.values())) if isinstance(columns, str) else shown[column]
        found = _case_at(cases, {**place, columns: column} if isinstance(columns, str) else place)
        key = None if found is None else cells.key(found, results.axes)
        return None if key is None else fact(trials[key], samples[key], metric)

    tables = []
    for fixed in cells.panels(cases, [axis for axis in results.axes if axis not in named]):
        facts = {down[value]: [cell({**fixed, rows: value}, column) for column in across] for value in down}
        facts = {name: some for name, some in facts.items() if any(some)}
        tables.append(Table(fixed, list(facts), list(facts.values())))
    return tables


def names_of(cases: Sequence[cells.Case], axis: str) -> dict[str, str]:
    """Return the values of an axis with what a row or a column is called: a truth not by itself."""
    values = cells.ordered(cells.values_of(cases, axis))
    return {value: f"{axis}={value}" if value in ("True", "False") else value for value in values}


def without_ending(names: Sequence[str]) -> tuple[list[str], str]:
    """Return the names without the last word, where all have the same, and that word: "x_naive" -> "x".

    A unit is no word: of "x_known_s" it is "known".
    """
    unit = next((unit for unit in UNITS if all(name.endswith(unit) for name in names)), "")
    bare = [name.removesuffix(unit) for name in names]
    ending = bare[0].rpartition("_")[2]
    if len(names) < 2 or not all(name.endswith(f"_{ending}") for name in bare):
        return list(names), ""
    return [name.removesuffix(f"_{ending}") for name in bare], ending


def _case_at(cases: Sequence[cells.Case], place: cells.Case) -> cells.Case | None:
    """Return the case that stands at a place; of two the one that names all of its axes."""
    matching = [case for case in cases if cells.matches(case, place)]
    exact = [case for case in matching if all(case[axis] == value for axis, value in place.items())]
    return next(iter(exact or matching), None)


def _by_case(frame: Any, axes: Sequence[str]) -> dict[tuple[Any, ...], list[Mapping[str, Any]]]:
    found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[cells.key(row, axes)].append(row)
    return found


def wrapped(text: str, width: float, size: float = SIZE, most: int | None = None) -> list[str]:
    """Return a text in lines of at most a width, in inches; a word that is too long breaks after a "_"."""
    columns = max(4, int(width / (size * CHARACTER)))
    if any(len(word) > columns for word in text.split()):
        text = text.replace("_", "_ ")
    return wrap(text, columns, max_lines=most, placeholder=" …") or [""]


@dataclass(frozen=True, slots=True)
class Layout:
    """The names of the columns, and the widths that all tables share, in inches."""

    columns: Sequence[str]
    left: float
    cell: float

    def heading(self, name: str) -> list[str]:
        """Return a column's name, wrapped."""
        return wrapped(name, self.cell - PAD, SIZE * BOLD)

    def name(self, name: str) -> list[str]:
        """Return a row's name, wrapped."""
        return wrapped(name, self.left - PAD)

    @property
    def head(self) -> float:
        """Return the height of the columns' names."""
        return LINE * max(len(self.heading(name)) for name in self.columns) + PAD

    def words(self, fact: Fact, cells: int = 1, tall: float = 0.0) -> list[str]:
        """Return a cell's words, wrapped to its width or that of several cells.

        Why nothing is known may be long: it is cut to MOST lines, or to what a taller cell has room for.
        """
        room = self.cell * cells - 2 * PAD - (SIGN if fact.judgement in SIGNS else 0.0)
        most = max(MOST, int((tall - 2 * PAD) / LINE))
        return wrapped(fact.words, room, most=most if fact.judgement == "absent" else None)

    def remark(self, fact: Fact) -> list[str]:
        """Return a cell's remark, wrapped; nothing where there is none."""
        return wrapped(fact.remark, self.cell - 2 * PAD - SIGN, SMALL) if fact.remark else []

    def heights(self, tables: Sequence[Table]) -> list[list[float]]:
        """Return how tall the rows of each of these tables are: those of one name alike in all."""
        tall: dict[str, float] = {}
        for table in tables:
            apart = silent(list(zip(*table.facts, strict=True)))
            for name, facts in zip(table.rows, table.facts, strict=True):
                tall[name] = max(tall.get(name, 0.0), self._height(name, facts, apart))
        return [[tall[name] for name in table.rows] for table in tables]

    def _height(self, name: str, facts: Sequence[Fact | None], apart: Sequence[int]) -> float:
        across = len(facts) if silent([facts]) else 1
        tall = [LINE * len(self.name(name))]
        tall += [
            LINE * len(self.words(fact, across)) + BELOW * len(self.remark(fact))
            for column, fact in enumerate(facts)
            if fact is not None and column not in apart
        ]
        return max(tall) + 2 * PAD


def silent(rows: Sequence[Sequence[Fact | None]]) -> list[int]:
    """Return which rows, or columns, know nothing, all for one reason: each is then one long cell."""
    return [
        number
        for number, facts in enumerate(rows)
        if len(set(facts)) == 1 < len(facts) and facts[0] is not None and facts[0].judgement == "absent"
    ]
