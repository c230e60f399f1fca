"""Reads a result back: every value checked, every row committed."""

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from lab.core.errors import LabError
from lab.store.environment_file import DAMAGED, damaged, read_environment
from lab.store.files import whole_lines
from lab.store.first_format import is_first, renamed_environment, renamed_rows
from lab.store.records import SAMPLE, SPAN, STATUSES, TRIAL, TRIAL_END, unescaped

Schema = Mapping[str, Any]
TYPES = {"number": pl.Float64, "bool": pl.Boolean, "label": pl.String, "unknown": pl.Float64}
WHOLE = {"round": pl.Int64, "trial": pl.Int64, "sample": pl.Int64, "samples": pl.Int64, "index": pl.Int64}
REQUIRED = {*WHOLE, "experiment", "status", "submitted_s", "started_s", "finished_s"}
CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """One experiment's results: what environment.json says, and its rows.

    samples: a row for each; trials: a row for each; spans: the tasks of one sample per case. Axis columns
    hold text, and null where the axis means nothing to the case's model.
    """

    name: str
    environment: dict[str, Any]
    axes: tuple[str, ...]
    samples: pl.DataFrame
    trials: pl.DataFrame
    spans: pl.DataFrame


def read(folder: Path) -> Results:
    """Return the results in a folder; LabError with file and line where they are damaged (exit code 4)."""
    environment = read_environment(folder)
    axes = tuple(environment["experiment"]["axes"])
    metrics = {name: TYPES[kind] for name, kind in environment.get("metrics", {}).items()}
    text = dict.fromkeys(axes, pl.String)
    trials = table(folder / "trials.csv", schema((*TRIAL, *axes, *TRIAL_END), text))
    of_samples = schema((*SAMPLE, *axes, *metrics, "void"), text | metrics)
    samples = table(folder / "samples.csv", of_samples, metrics)
    spans = table(folder / "spans.csv", schema((*axes, *SPAN), text))
    check_trials(folder / "trials.csv", trials, samples)
    if is_first(environment):
        trials, samples, spans = (renamed_rows(rows, axes) for rows in (trials, samples, spans))
        environment = renamed_environment(environment)
    committed = trials["trial"].implode()
    return Results(
        environment["experiment"]["name"],
        environment,
        tuple(environment["experiment"]["axes"]),
        samples.filter(pl.col("trial").is_in(committed)).with_columns(pl.col("void").fill_null("")),
        trials,
        spans.filter(pl.col("trial").is_in(committed)),
    )


def schema(columns: tuple[str, ...], known: Schema) -> Schema:
    """Return column -> type: as known, else whole numbers, seconds and text by the column's name."""
    by_name = {column: pl.Float64 if column.endswith(("_s", "_bytes")) else pl.String for column in columns}
    return {column: known.get(column) or WHOLE.get(column) or by_name[column] for column in columns}


def table(path: Path, columns: Schema, late: Collection[str] = ()) -> pl.DataFrame:
    """Return a CSV file's rows without a torn last line; LabError names the line that is damaged.

    Of the `late` columns the last may be missing, where a crash came before they got there.
    """
    try:
        content = whole_lines(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LabError(f"cannot be read: {reason}", where=str(path), exit_code=DAMAGED) from error
    missing = list(late)[len(late) + content.partition(b"\n")[0].count(b",") + 1 - len(columns) :]
    check_lines(path, content, [name for name in columns if name not in missing])
    text = pl.read_csv(content, infer_schema=False, null_values=[""])
    text = text.with_columns(pl.lit(None, pl.String).alias(name) for name in missing)
    escaped = b"\\" in content
    typed = pl.DataFrame([as_type(text[name], kind, escaped=escaped) for name, kind in columns.items()])
    for name in columns:
        if typed[name].null_count() == (0 if name in REQUIRED else text[name].null_count()):
            continue
        wrong = typed[name].is_null() & (text[name].is_not_null() | (name in REQUIRED))
        row = wrong.arg_true()[0]
        raise damaged(path, f"{name} is {text[name][row] or 'missing'!r}", row + 2)
    return typed


def as_type(column: pl.Series, kind: Any, *, escaped: bool) -> pl.Series:
    """Return text as its type, with null where it cannot be read; `escaped`: the file has a backslash."""
    if kind == pl.Boolean:
        return column.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    if kind != pl.String:
        return column.cast(kind, strict=False)
    if not escaped or not column.str.contains("\\", literal=True).any():
        return column
    return pl.Series(column.name, [text and unescaped(text) for text in column], pl.String)


def check_lines(path: Path, content: bytes, header: list[str]) -> None:
    """Raise LabError for the first line that is not plain UTF-8, or not as wide as the header."""
    if control := CONTROL.search(content):
        line = line_of(control.start(), content)
        raise damaged(path, f"holds the control character {control[0]!r}", line)
    try:
        lines = content.decode().split("\n")[:-1]
    except UnicodeDecodeError as error:
        raise damaged(path, "is not UTF-8", line_of(error.start, content)) from error
    reader = csv.reader(lines, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if number == 1 and row != header:
                raise damaged(path, "not the expected header", 1)
            if len(row) != len(header) or reader.line_num != number:
                raise damaged(path, f"{len(row)} fields instead of {len(header)}", number)
    except csv.Error as error:
        raise damaged(path, str(error), number + 1) from error
    if number == 0:
        raise damaged(path, "no header", 1)


def line_of(offset: int, content: bytes) -> int:
    """Return the number, from 1, of the line that a byte stands in."""
    return content.count(b"\n", 0, offset) + 1


def check_trials(path: Path, trials: pl.DataFrame, samples: pl.DataFrame) -> None:
    """Raise LabError for an unknown status, a trial that stands twice, or one whose samples are missing."""
    counts = samples.group_by("trial").len("rows")
    checked = trials.with_row_index("row").join(counts, on="trial", how="left").sort("row")
    faults = {
        "unknown status": ~pl.col("status").is_in(STATUSES),
        "stands twice": pl.col("trial").is_duplicated(),
        "its samples are not all in samples.csv": pl.col("rows").fill_null(0) != pl.col("samples"),
    }
    for what, condition in faults.items():
        wrong = checked.filter(condition)
        if wrong.height:
            raise damaged(path, f"trial {wrong['trial'][0]}: {what}", wrong["row"][0] + 2)
