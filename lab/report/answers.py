"""What the page says of an experiment in one sentence, and what each of its figures shows."""

from statistics import median

from lab.present.figures import cells, lanes
from lab.present.figures.filenames import stem as stem_of
from lab.present.sentences.answers import claim_sentence, headline, range_sentence
from lab.present.sentences.comparisons import rankings
from lab.present.templates import say
from lab.present.units import unit_of
from lab.report.load import ExperimentView
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
        or claim_sentence(view.judged.to_dicts(), view)
        or range_sentence(view, view.summary, view.first_metric)
    )


def alternative(view: ExperimentView, stem: str) -> str:
    """Return what a figure shows, by its file's name: its own question, its kind, and the finding."""
    kind = stem.split("-")[0]
    if kind == "timeline":
        return timeline(view, stem)
    metric = max((name for name in view.metrics if name in stem), key=len, default="")
    words = unit_of(metric, []).words if metric else "latencies"
    parts = [figure.question for figure in view.figures if figure.question and stem_of(figure) == stem]
    parts.append(KINDS.get(kind, "Figure").format(words) + ".")
    if metric and kind in ("bars", "lines"):
        parts.append(range_sentence(view, view.summary, metric))
    if metric in ("", view.first_metric):
        parts += rankings(view, view.summary)
    parts += [f"{row['sentence'].rstrip('.')}: {row['verdict']}." for row in view.judged.to_dicts()]
    return " ".join(parts)


def timeline(view: ExperimentView, stem: str) -> str:
    """Return a timeline in words: of each model its tasks, makespan and waits."""
    figure = figures_of(view).get(view.folder / f"{stem}.png")
    models, held = lanes.pick(view, figure.options if figure else {})  # type: ignore[arg-type]
    unit = unit_of("time_s", [each.makespan_s for each in models])
    spans = [[span for _, span in each.tasks] for each in models]
    waits = [median(span["started_s"] - span["submitted_s"] for span in each) for each in spans]
    services = [median(span["finished_s"] - span["started_s"] for span in each) for each in spans]
    failed = [sum(bool(span["error"]) for span in each) for each in spans]
    rows = list(zip(models, waits, services, failed, strict=True))
    return say("timeline", name=view.name, held=cells.words(held), rows=rows, unit=unit)
