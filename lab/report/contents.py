"""A results folder → the whole page: what the templates show, by the names that they use."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from lab.analysis.claims.over_results import on_statement
from lab.catalog.models import load_model
from lab.catalog.names import PACKAGE, model_names
from lab.core.errors import LabError
from lab.core.statements import STATEMENTS
from lab.present.findings import Findings
from lab.present.sentences import comparisons
from lab.present.sentences.answers import claim_sentence, evidence_text, headline, range_sentence
from lab.present.tables.comparison import compared
from lab.present.tables.results import tables
from lab.present.tables.table import Cell, Table
from lab.report import advice, provenance
from lab.report.load import ExperimentView, drawn_or_claimed, guarded, load_views
from lab.report.pictures import alternative, draw_missing, figure_files, picture, thumbnail
from lab.report.remarks import packages_of, shortfalls
from lab.report.sources import highlighted, lesson, lesson_and_code
from lab.report.voids import voids

Section = dict[str, Any]  # what the templates show of an experiment, by the names that they use
WHICH = "Which model for which work"
DOWNLOADS = (".csv", ".json", ".png", ".svg")


def page_of(out: Path, at_hand: Mapping[Path, Findings] = {}) -> dict[str, Any]:
    """Return what the page over all results in a folder shows.

    at_hand: folder -> results that need not be read again. Raises LabError where nothing was measured.
    """
    views, faults = load_views(out, at_hand)
    if not views and not faults:
        raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
    # The experiment that measures a client library's part of a gap.
    split = next((v.anchor for v in views if any(figure.kind == "split" for figure in v.figures)), "")
    sections: list[Section] = []
    for view in views:
        with guarded(faults, view.name):
            sections.append(section(view, split))
            with guarded(faults, view.name, "the figures: "):
                faults += draw_missing(view)
                sections[-1] |= figures(view)
    statements = [_statement(number, sections) for number in STATEMENTS]
    work: list[tuple[float, list[Cell]]] = []
    with guarded(faults, WHICH):
        work = sorted((ranked for each in sections for ranked in each["work"]), key=itemgetter(0))
    overview = [row for each in sections for row in each["overview"]]
    return {
        "sections": sections,
        "split": split,
        "caveats": provenance.summed_up({each["view"].name: each["caveats"] for each in sections}),
        "faults": _alike(faults),
        "machines": provenance.machines([each["view"] for each in sections]),
        "advice": Table(WHICH, advice.COLUMNS["in_short"], [row for _, row in work]),
        "overview": Table(f"{WHICH}, on this machine", advice.COLUMNS["overview"], overview),
        "statements": statements,
        "whole": {(each["number"], each["sentence"].rstrip(".")): each["verdict"] for each in statements},
        "models": [_model(name) for name in sorted({name for each in sections for name in each["models"]})],
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def section(view: ExperimentView, split: str) -> Section:
    """Return all that the page shows of one experiment but its pictures.

    split: the anchor of the experiment that measures a client library's part of a gap.
    """
    packages, missing = packages_of(view, split), "; ".join(shortfalls(view))
    caveats, rows = provenance.caveats_of(view), view.judged.to_dicts()
    models = dict.fromkeys(str(case.get("model")) for case in view.environment["experiment"]["cases"])
    text, code = lesson_and_code(view.source.path.read_text(encoding="utf-8")) if view.source else ("", "")
    reference = provenance.machine_of(view.reference[0].environment) if view.reference else {}
    return {
        "view": view,
        "question": view.environment["experiment"]["question"],
        "answer": answer(view),
        "packages": packages.in_words() if view.fields else "",
        "shortfalls": missing,
        "caveats": caveats,
        "work": list(advice.work_rows(view, packages, bool(caveats))),
        "overview": list(advice.overview_rows(view, packages, missing)),
        "findings": comparisons.findings(view, view.summary),
        "claims": [row | {"evidence": evidence_text(row["evidence"], view), "view": view} for row in rows],
        "tables": tables(view, view.summary),
        "reference": compared((view, view.summary), view.reference, drawn_or_claimed(view)),
        "reference_facts": list(filter(None, reference.values())),
        "models": [name for name in models if view.source and name in model_names()],
        "voids": voids(view),
        "command": provenance.command(view),
        "command_remarks": provenance.remarks(view),
        "files": [path for path in sorted(view.folder.glob("[!.]*")) if path.suffix in DOWNLOADS],
        "lesson": lesson(text),
        "file": view.source.path.name if view.source else "",
        "code": highlighted(code),
        "code_changed": view.source and provenance.code_changed(view.source.path, view.environment),
        "thumbnail": None,
        "pictures": (),
        "timelines": (),
    }


def answer(view: ExperimentView) -> str:
    """Return in a sentence what the figures show, or else the first settled claim, or the extremes."""
    return (
        headline(view.figures, view.rounds, view.fields)
        or claim_sentence(view.judged.to_dicts(), view)
        or range_sentence(view, view.summary, view.first_metric)
    )


def figures(view: ExperimentView) -> Section:
    """Return the pictures of an experiment's figures and timelines, and a small one of the first figure."""
    shown = [picture(png, alternative(view, png)) for png in figure_files(view)]
    timelines = [each for each in shown if each.png.name.startswith("timeline")]
    drawn = [each for each in shown if each not in timelines]
    first = thumbnail(drawn[0].png) if drawn else None
    return {"thumbnail": first, "pictures": drawn, "timelines": timelines}


def _alike(faults: Sequence[LabError]) -> list[str]:
    """Return the faults in words, each once, with all that it is about."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault in faults:
        alike[fault.what, fault.remedy].append(fault.where)
    return [str(LabError(what, where=", ".join(at), remedy=remedy)) for (what, remedy), at in alike.items()]


def _statement(number: int, sections: Sequence[Section]) -> dict[str, Any]:
    """Return a statement with the claims that bear on it, and the verdict of all of them."""
    claims = [claim for each in sections for claim in each["claims"] if claim["statement"] == number]
    verdict = on_statement(claim["verdict"] for claim in claims) if claims else "not measured"
    return {"number": number, "sentence": STATEMENTS[number], "verdict": verdict, "claims": claims}


def _model(name: str) -> dict[str, Any]:
    source = (PACKAGE / "models" / f"{name}.py").read_text("utf-8")
    try:
        note = f"workers in: {load_model(name).workers_in}"
    except LabError as fault:
        note = fault.what
    return {"name": name, "code": highlighted(source), "note": note}
