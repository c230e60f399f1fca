"""The tables that an experiment declares besides summary.csv, made from its rows."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import NamedTuple

import polars as pl

from lab.core.derived import Derived
from lab.core.errors import LabError, fault_of
from lab.store.reading import Results


class DerivedTable(NamedTuple):
    """A table's kind and file, and either its rows or why there are none."""

    kind: str
    file: str
    rows: pl.DataFrame | None = None
    fault: LabError | None = None


def derive(declared: Iterable[Derived], results: Results) -> Iterator[DerivedTable]:
    """Yield each table; each kind is a module of `lab.analysis.predict`, which loads scipy."""
    for each in declared:
        file = f"table of {each.kind}"
        try:
            module = import_module(f"lab.analysis.predict.{each.kind}")
            file = module.FILE
            yield DerivedTable(each.kind, file, module.table(results, **each.options))
        except Exception as error:  # it must not keep the others from being made
            yield DerivedTable(each.kind, file, fault=fault_of(error, f"{results.name}: no {file}"))
