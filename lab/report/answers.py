"""What the page says of an experiment in one sentence, and what each of its figures shows."""

from __future__ import annotations

from lab.present.figures.filenames import stem as stem_of
from lab.present.sentences.answers import claim_sentence, headline, range_sentence
from lab.present.sentences.comparisons import difference, rankings
from lab.present.units import unit_of
from lab.report.load import ExperimentView, first_metric

KINDS = {
    "bars": "Bars of {}",
    "lines": "Lines of {}",
    "matrix": "Table of facts",
    "distribution": "Distribution of the tasks' {}",
}


def answer(view: ExperimentView) -> str:
    """Return what was measured in one sentence.

    That is what the main figure shows of models; else the first claim that is settled; else the least and
    the greatest of what was measured.
    """
    figures = view.experiment.figures if view.experiment else ()
    return (
        headline(figures, view.rounds, view.fields)
        or claim_sentence(view.judged.to_dicts(), view.results)
        or range_sentence(view.results, view.summary, first_metric(view.summary))
    )


def resolved(view: ExperimentView) -> str:
    """Return the smallest difference that the run resolves: "1.5 %"; empty where that is not view."""
    return "" if view.resolution is None else difference(view.resolution)


def alternative(view: ExperimentView, stem: str) -> str:
    """Return what a figure shows, by its file's name: its own question, its kind, and the finding."""
    kind = stem.split("-")[0]
    names = view.summary["metric"].unique(maintain_order=True).to_list()
    metric = next((name for name in sorted(names, key=len, reverse=True) if name in stem), "")
    words = unit_of(metric, []).words if metric else "latencies"
    figures = view.experiment.figures if view.experiment else ()
    parts = [figure.question for figure in figures if figure.question and stem_of(figure) == stem]
    parts.append(KINDS.get(kind, "Figure").format(words) + ".")
    if metric and kind in ("bars", "lines"):
        parts.append(range_sentence(view.results, view.summary, metric))
    if not metric or metric == first_metric(view.summary):
        parts += rankings(view.results, view.summary)
    parts += [f"{row['sentence'].rstrip('.')}: {row['verdict']}." for row in view.judged.to_dicts()]
    return " ".join(parts)
