"""What is known of an experiment → its section of the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from lab.catalog.names import SLUG, model_names
from lab.present.sentences.answers import evidence_text
from lab.present.tables.comparison import compared
from lab.present.tables.results import tables
from lab.report import again, answers, faults, machines, pictures
from lab.report.lessons import docstring, lesson
from lab.report.load import Known, drawn_or_claimed
from lab.report.packing import Packing, figure_files
from lab.report.provenance import edited
from lab.report.shortfalls import lacking
from lab.report.sources import highlighted, without_docstring
from lab.report.timelines import timelines
from lab.report.views import Code, Download, Judged, Picture, Remark, Section

ENDINGS = (".csv", ".json", ".png", ".svg")


def anchor(name: str, number: int) -> str:
    """Return where in the page an experiment stands; a name that is no slug gets a number."""
    return f"x-{name}" if SLUG.fullmatch(name) else f"x{number}"


def section(known: Known, place: str) -> Section:
    """Return all that the page says of one experiment, but for its pictures: they take longest."""
    experiment = known.found.experiment if known.found else None
    figures = experiment.figures if experiment else ()
    void, left_out = faults.voids(known.results)
    path = known.found.path if known.found else None
    return Section(
        name=known.name,
        anchor=place,
        question=known.results.environment["experiment"]["question"],
        answer=answers.answer(known),
        remarks=remarks(known),
        measured=_measured(known),
        resolution=answers.resolved(known),
        warnings=machines.warnings_of(known),
        claims=claims(known, place),
        findings=known.findings,
        lesson=lesson(docstring(path) if path else ""),
        timelines=timelines(known.results, figures),
        tables=tables(known.results, known.summary),
        reference=compared(
            (known.results, known.summary), known.reference, drawn_or_claimed(known.summary, known.found)
        ),
        reference_words=_reference_words(known),
        code=[_code(known, path, place)] if path else [],
        models=models_of(known),
        voids=void,
        voids_left_out=left_out,
        command=again.command(known),
        command_remarks=again.changes(known),
        downloads=_downloads(known.folder),
        thumbnail=None,
        pictures=[],
    )


def claims(known: Known, place: str) -> list[Judged]:
    """Return an experiment's claims with their verdicts."""
    return [
        Judged(
            row["sentence"],
            row["verdict"],
            evidence_text(row["evidence"], known.results),
            known.name,
            place,
            row["statement"],
        )
        for row in known.judged.to_dicts()
    ]


def remarks(known: Known) -> list[Remark]:
    """Return what an answer has to be read with: what some models did not do."""
    short = lacking(known)
    return [Remark(f"Not all did all of it: {'; '.join(short)}.")] if short else []


def models_of(known: Known) -> list[str]:
    """Return the lab's models that an experiment's cases ran under, in the grid's order."""
    cases = known.results.environment["experiment"]["cases"]
    names = dict.fromkeys(str(case.get("model")) for case in cases)
    return [name for name in names if name in model_names()] if known.found else []


def pictured(shown: Section, known: Known, packing: Packing, shrink: float) -> Section:
    """Return a section with its pictures in so much of their pixels, the first also as a small one."""
    paths = figure_files(known.folder, known.found)
    packing.begin(paths, shrink)
    small = [_picture(known, path, packing.thumbnail(path)) for path in paths[:1]]
    whole = [_picture(known, path, packing.embedded(path, shrink)) for path in paths]
    return replace(shown, thumbnail=next(iter(small), None), pictures=whole)


def _picture(known: Known, path: Path, drawn: pictures.Embedded) -> Picture:
    return Picture(drawn.uri, drawn.width, drawn.height, answers.alternative(known, path.stem))


def _measured(known: Known) -> str:
    trials, plan = known.results.trials, known.results.environment["plan"]
    cases = trials.select(known.results.axes).n_unique() if known.results.axes else 1
    batches = f"{plan.get('samples') or 1} samples" if (plan.get("samples") or 1) != 1 else "1 sample"
    rounds = trials["round"].n_unique()
    return f"{cases} cases, {rounds} {'round' if rounds == 1 else 'rounds'}, {batches} a trial"


def _reference_words(known: Known) -> str:
    if known.reference is None:
        return ""
    there = known.reference[0].environment
    python = there.get("python") or {}
    return (
        f"The reference was measured on {there['machine'].get('cpu') or 'another machine'} with"
        f" {there['machine']['cores']} cores, {python.get('implementation', 'Python')}"
        f" {python.get('version', '')}, {str(there.get('started') or '')[:10]}."
    )


def _code(known: Known, path: Path, place: str) -> Code:
    changed = "It has changed since this was measured." if edited(path, known.results.environment) else ""
    return Code(path.name, f"{place}-code", highlighted(without_docstring(path)), changed)


def _downloads(folder: Path) -> list[Download]:
    files = sorted(
        path for path in folder.iterdir() if path.suffix in ENDINGS and not path.name.startswith(".")
    )
    return [
        Download(quote(f"./{folder.name}/{path.name}"), path.name, _size(path.stat().st_size))
        for path in files
    ]


def _size(size: int) -> str:
    return (
        f"{size} B"
        if size < 1024
        else f"{size / 1024:.0f} KiB"
        if size < 2**20
        else f"{size / 2**20:.1f} MiB"
    )
