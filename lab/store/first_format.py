"""The names of a result in the first format, and what they are called now."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lab.core.work import AA_SUFFIX

FIRST_AA_SUFFIX = " (again)"
AXES = {"crew": "workers"}
VALUES = {"how": {"home": "in_process"}}  # axis -> its old values -> what they are called now


def is_first(environment: Mapping[str, Any]) -> bool:
    """Return whether a result has the first format."""
    return int(environment.get("format", 1)) == 1


def renamed_environment(environment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the environment with the axes and the values of today in its cases and its filters."""
    experiment, plan = environment["experiment"], environment["plan"]
    axes = renamed_axes(experiment["axes"])

    def today(axis: str, value: Any) -> Any:
        return VALUES.get(axis, {}).get(value, value)

    cases = [
        {axes.get(axis, axis): today(axis, each) for axis, each in case.items()}
        for case in experiment["cases"]
    ]
    only = plan.get("only", {}).items()
    plan = plan | {
        "only": {axes.get(axis, axis): [today(axis, each) for each in kept] for axis, kept in only}
    }
    experiment = experiment | {"axes": list(axes.values()), "cases": cases}
    return {**environment, "experiment": experiment, "plan": plan}


def renamed_rows(rows: pl.DataFrame, axes: Sequence[str]) -> pl.DataFrame:
    """Return rows with the axes, the values and the label of the control of today."""
    values = [pl.col(axis).replace(VALUES[axis]) for axis in axes if axis in VALUES]
    if "model" in axes:
        values.append(pl.col("model").str.replace(f"{re.escape(FIRST_AA_SUFFIX)}$", AA_SUFFIX))
    return rows.with_columns(values).rename(renamed_axes(axes))


def renamed_axes(axes: Sequence[str]) -> dict[str, str]:
    """Return axis -> its name of today; one that also has an axis of the new name keeps its own."""
    return {axis: axis if (new := AXES.get(axis, axis)) in axes else new for axis in axes}
