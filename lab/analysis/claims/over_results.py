"""The claims of every finished result in a folder."""

from pathlib import Path

import polars as pl

from lab.analysis.claims import SCHEMA, judge
from lab.catalog.experiments import find
from lab.core.errors import LabError, fault_of
from lab.store.folders import ResultsFolder
from lab.store.reading import read


def judge_results(out: Path) -> tuple[pl.DataFrame, list[LabError]]:
    """Judge the claims of every finished result in a folder, as its experiment's file has them now.

    Return a row for each claim (experiment, sentence, statement, verdict, evidence), and for each result
    that could not be judged the reason.
    """
    tables, faults = [pl.DataFrame(schema={"experiment": pl.String, **SCHEMA})], []
    for name in ResultsFolder(out).names():
        try:
            judged = judge(find(name).loaded().claims, read(ResultsFolder(out).finished(name)))
        except LabError as fault:
            faults.append(LabError(f"claims not judged: {fault}", where=name))
            continue
        except Exception as error:  # it must not keep the others from being judged
            faults.append(fault_of(error, f"{name}: claims not judged"))
            continue
        tables.append(judged.select(pl.lit(name, pl.String).alias("experiment"), *SCHEMA))
    return pl.concat(tables), faults
