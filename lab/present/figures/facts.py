"""What each cell of a matrix says: its words, whether they are good news, and whether the rounds agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from lab.core.words import many
from lab.core.work import Value
from lab.present.figures.selection import unknown
from lab.present.units import Unit, unit_of

if TYPE_CHECKING:
    from lab.store.reading import Results

Row = Mapping[str, Any]  # of trials.csv or samples.csv
JUDGEMENTS = ("good", "mixed", "bad")
NO_METRIC = ("experiment", "round", "trial", "sample", "void")


@dataclass(frozen=True, slots=True)
class Fact:
    """A cell: its judgement ("good", "mixed", "bad", "" for none, "absent" without data), words, remark."""

    judgement: str
    words: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A metric, its unit, what a yes or a number above zero in it is, and what having none means."""

    metric: str
    unit: Unit
    sense: str = ""
    absent: str = ""


def columns_of(
    results: Results,
    metrics: Sequence[str],
    good: Sequence[str],
    bad: Sequence[str],
    absent: str = "",
) -> dict[str, Column]:
    """Return the metrics by name; LabError, naming the nearest, for one that was not measured."""
    there = [name for name in results.samples.columns if name not in (*NO_METRIC, *results.axes)]
    for name in (*metrics, *good, *bad):
        if name not in there:
            raise unknown(results.name, "metric", name, there)
    return {name: Column(name, _unit(results, name), _sense(name, good, bad), absent) for name in metrics}


def _unit(results: Results, metric: str) -> Unit:
    values = [value for value in results.samples[metric].drop_nulls() if isinstance(value, int | float)]
    return unit_of(metric, values)


def _sense(metric: str, good: Sequence[str], bad: Sequence[str]) -> str:
    return "good" if metric in good else "bad" if metric in bad else ""


def fact(trials: Sequence[Row], samples: Sequence[Row], column: Column) -> Fact:
    """Return what the samples of a case that count say on a metric, or why there are none."""
    ok = {(row["round"], row["trial"]) for row in trials if row["status"] == "ok"}
    good = [row for row in samples if (row["round"], row["trial"]) in ok and not row["void"]]
    values = [row[column.metric] for row in good if row[column.metric] is not None]
    failed = [row for row in trials if row["status"] != "ok"]
    if not values:
        return _absence(failed, column.absent or "not measured")
    counted = isinstance(values[0], int | float) and not isinstance(values[0], bool)
    found = _numbers(values, column) if counted else _words(values, column)
    remark = ", ".join(part for part in (found.remark, f"{len(failed)} void" if failed else "") if part)
    return Fact(found.judgement, found.words, remark)


def _absence(failed: Sequence[Row], untold: str) -> Fact:
    """Return why nothing counts: how most trials fared, and the reason given most often."""
    if not failed:
        return Fact("absent", untold)
    status = _commonest(str(row["status"]) for row in failed)
    reason = _commonest(str(row.get("reason") or "") for row in failed if row["status"] == status)
    word = status if status in ("skipped", "void") else f"void, {status}"
    trials = "" if status == "skipped" else many(len(failed), "trial")
    return Fact("absent", f"{word}: {reason}" if reason else word, trials)


def _commonest(words: Iterable[str]) -> str:
    return Counter(words).most_common(1)[0][0]


def _numbers(values: Sequence[float], column: Column) -> Fact:
    """Return the median and, where the rounds differ, their range."""
    unit = column.unit
    shown = [unit.show(number * unit.factor) for number in (median(values), min(values), max(values))]
    differ = f"{shown[1].removesuffix(unit.name).strip()} to {shown[2]}" if shown[1] != shown[2] else ""
    judgements = {_judged(column.sense, number > 0) for number in values}
    return Fact(judgements.pop() if len(judgements) == 1 else "mixed", shown[0], differ)


def _words(values: Sequence[Value], column: Column) -> Fact:
    """Return the truth or label that was seen most often, and how often where others were too."""
    counts = Counter(values)
    first, times = counts.most_common(1)[0]
    facts = {value: _word(value, column) for value in counts}
    most = facts[first]
    if len(counts) == 1:
        return most
    judgements = {fact.judgement for fact in facts.values()}
    return Fact(
        most.judgement if len(judgements) == 1 else "mixed", most.words, f"{times} of {len(values)}"
    )


def _word(value: Value, column: Column) -> Fact:
    """Return a truth or a label as words and judgement: "bad: hangs" is bad, and says "hangs"."""
    if isinstance(value, bool):
        return Fact(_judged(column.sense, value), "yes" if value else "no")
    judgement, colon, words = str(value).partition(":")
    if colon and judgement in JUDGEMENTS:
        return Fact(judgement, words.strip())
    return Fact("", str(value))


def _judged(sense: str, so: bool) -> str:
    """Return what it is that something of this sense is, or is not, so."""
    return {"good": "good" if so else "bad", "bad": "bad" if so else "good"}.get(sense, "")
