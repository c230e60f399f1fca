"""The cells of a matrix: their words, how these are judged, and whether the rounds agree."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

import polars as pl

from lab.core.words import many
from lab.core.work import Value
from lab.present.figures.selection import Case, by_case, key, unknown
from lab.present.units import Unit, unit_of
from lab.store.reading import Results

JUDGEMENTS = ("good", "mixed", "bad")
NO_METRIC = ("experiment", "round", "trial", "sample", "void")


class Fact(NamedTuple):
    """A cell: its judgement ("good", "mixed", "bad", "" for none, "absent" without data), words, remark."""

    judgement: str
    words: str
    remark: str = ""


class Facts:
    """The facts of each case: what its valid samples say on a metric, or how its trials failed.

    good, bad: the metrics of which a yes, or a number above zero, is so; absent: the words for no value.
    Raises LabError, with the nearest, for a metric that was not measured.
    """

    def __init__(
        self, results: Results, metrics: Sequence[str], good: Sequence[str], bad: Sequence[str], absent: str
    ):
        known = [name for name in results.samples.columns if name not in (*NO_METRIC, *results.axes)]
        for name in (*metrics, *good, *bad):
            if name not in known:
                raise unknown(results, "metric", name, known)
        ok = results.trials.filter(pl.col("status") == "ok")
        valid = results.samples.filter(pl.col("void").fill_null("") == "")
        self.axes, self.absent = results.axes, absent or "not measured"
        self.valid = by_case(valid.join(ok, on=["round", "trial"], how="semi"), self.axes)
        self.failed = by_case(results.trials.filter(pl.col("status") != "ok"), self.axes)
        self.senses = dict.fromkeys(bad, "bad") | dict.fromkeys(good, "good")
        columns = results.samples.select(metrics).to_dict(as_series=False)
        numbers = {name: [n for n in each if isinstance(n, int | float)] for name, each in columns.items()}
        self.units = {name: unit_of(name, each) for name, each in numbers.items()}

    def of(self, case: Case, metric: str) -> Fact:
        """Return what a cell shows of a case."""
        valid, failed = (rows.get(key(case, self.axes)) for rows in (self.valid, self.failed))
        values = [] if valid is None else valid[metric].drop_nulls().to_list()
        if not values:
            return Fact("absent", self.absent) if failed is None else _absence(failed)
        sense = self.senses.get(metric, "")
        numeric = isinstance(values[0], int | float) and not isinstance(values[0], bool)
        shown = _numbers(values, self.units[metric], sense) if numeric else _labels(values, sense)
        void = f"{failed.height} void" if failed is not None else ""
        return shown._replace(remark=", ".join(part for part in (shown.remark, void) if part))


def _absence(failed: pl.DataFrame) -> Fact:
    """Return why there is no valid sample: how most trials ended, and the most frequent reason."""
    reasons = failed["reason"].fill_null("") if "reason" in failed.columns else [""] * failed.height
    status = Counter(failed["status"]).most_common(1)[0][0]
    ended = zip(reasons, failed["status"], strict=True)
    reason = Counter(why for why, each in ended if each == status).most_common(1)[0][0]
    word = status if status in ("skipped", "void") else f"void, {status}"
    trials = "" if status == "skipped" else many(failed.height, "trial")
    return Fact("absent", f"{word}: {reason}" if reason else word, trials)


def _numbers(values: Sequence[float], unit: Unit, sense: str) -> Fact:
    """Return the median and, if the rounds differ, their range."""
    middle, low, high = (unit.show(n * unit.factor) for n in (median(values), min(values), max(values)))
    differ = f"{low.removesuffix(unit.name).strip()} to {high}" if low != high else ""
    return Fact(_agreed(_judged(sense, positive=number > 0) for number in values), middle, differ)


def _labels(values: Sequence[Value], sense: str) -> Fact:
    """Return the most frequent truth or label, and how often it was seen if there are others."""
    facts = Counter(_label(value, sense) for value in values)
    (first, times) = facts.most_common(1)[0]
    count = f"{times} of {len(values)}" if len(facts) > 1 else ""
    return Fact(_agreed(fact.judgement for fact in facts), first.words, count)


def _label(value: Value, sense: str) -> Fact:
    """Return a truth or a label as words and judgement: "bad: hangs" is bad, and its words are "hangs"."""
    if isinstance(value, bool):
        return Fact(_judged(sense, positive=value), "yes" if value else "no")
    judgement, colon, words = str(value).partition(":")
    return Fact(judgement, words.strip()) if colon and judgement in JUDGEMENTS else Fact("", str(value))


def _judged(sense: str, *, positive: bool) -> str:
    """Return the judgement of a yes or a number above zero, or of the opposite."""
    return sense and ("good" if positive == (sense == "good") else "bad")


def _agreed(judgements: Iterable[str]) -> str:
    """Return the judgement of all rounds, or "mixed" if they differ."""
    different = set(judgements)
    return different.pop() if len(different) == 1 else "mixed"
