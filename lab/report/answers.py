"""What the page says of an experiment in one sentence, and what each of its figures shows."""

from __future__ import annotations

from statistics import median

from lab.core.words import many
from lab.present.figures import cells, lanes
from lab.present.figures.filenames import stem as stem_of
from lab.present.sentences.answers import claim_sentence, range_sentence
from lab.present.sentences.comparisons import rankings
from lab.present.sentences.headlines import headline
from lab.present.units import Unit, unit_of
from lab.report.load import ExperimentView, first_metric, metrics_of
from lab.report.pictures import figures_of

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
    return (
        headline(view.figures, view.rounds, view.fields)
        or claim_sentence(view.judged.to_dicts(), view.results)
        or range_sentence(view.results, view.summary, first_metric(view.summary))
    )


def alternative(view: ExperimentView, stem: str) -> str:
    """Return what a figure shows, by its file's name: its own question, its kind, and the finding."""
    kind = stem.split("-")[0]
    if kind == "timeline":
        return _timeline(view, stem)
    metric = max((name for name in metrics_of(view.summary) if name in stem), key=len, default="")
    words = unit_of(metric, []).words if metric else "latencies"
    parts = [figure.question for figure in view.figures if figure.question and stem_of(figure) == stem]
    parts.append(KINDS.get(kind, "Figure").format(words) + ".")
    if metric and kind in ("bars", "lines"):
        parts.append(range_sentence(view.results, view.summary, metric))
    if not metric or metric == first_metric(view.summary):
        parts += rankings(view.results, view.summary)
    parts += [f"{row['sentence'].rstrip('.')}: {row['verdict']}." for row in view.judged.to_dicts()]
    return " ".join(parts)


def _timeline(view: ExperimentView, stem: str) -> str:
    """Return a timeline in words: of each model its tasks, makespan and waits."""
    options = next((figure.options for figure in figures_of(view) if stem_of(figure) == stem), {})
    chosen, held = lanes.pick(view.results, options)  # type: ignore[arg-type]
    unit = unit_of("time_s", [mine.makespan_s for mine in chosen])
    conditions = f", all with {cells.words(held)}" if cells.words(held) else ""
    return f"Timeline of {view.name}{conditions}. {'; '.join(_tasks(mine, unit) for mine in chosen)}."


def _tasks(mine: lanes.Lanes, unit: Unit) -> str:
    spans = [span for _, span in mine.tasks]
    waits = median(span["started_s"] - span["submitted_s"] for span in spans)
    services = median(span["finished_s"] - span["started_s"] for span in spans)
    makespan, wait, service = (unit.show(each * unit.factor) for each in (mine.makespan_s, waits, services))
    failed = sum(bool(span["error"]) for span in spans)
    return (
        f"{mine.name}: {many(len(spans), 'task')} on {many(len(mine.workers), 'worker')} in {makespan},"
        f" median queue wait {wait}, median service {service}{f', {failed} failed' if failed else ''}"
    )
