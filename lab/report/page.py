"""A results folder → the whole page: what the template shows, by the names that it uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

from lab.analysis.claims.over_results import on_statement
from lab.catalog.models import load_model
from lab.catalog.names import PACKAGE
from lab.core.errors import LabError
from lab.core.statements import STATEMENTS
from lab.present.findings import Findings
from lab.present.tables.table import Table
from lab.report.advice import IN_SHORT, OVERVIEW
from lab.report.conditions import machines, summed_up
from lab.report.load import ExperimentView, guarded, load_views
from lab.report.pictures import draw_missing
from lab.report.sections import Section, figures, section
from lab.report.sources import highlighted


def page_of(out: Path, at_hand: Mapping[Path, Findings] = {}) -> dict[str, Any]:
    """Return what the page over all results in a folder shows.

    at_hand: folder -> results that need not be read again. Raises LabError where nothing was measured.
    """
    views, faults = load_views(out, at_hand)
    if not views and not faults:
        raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
    sections = _sections(views, faults)
    statements = [_statement(number, sections) for number in STATEMENTS]
    work = sorted((ranked for each in sections for ranked in each["work"]), key=itemgetter(0))
    overview = [row for each in sections for row in each["overview"]]
    return {
        "sections": sections,
        "caveats": summed_up({each["view"].name: each["caveats"] for each in sections}),
        "faults": _alike(faults),
        "machines": machines([each["view"] for each in sections]),
        "advice": Table("Which model for which work", IN_SHORT, [row for _, row in work]),
        "overview": Table("Which model for which work, on this machine", OVERVIEW, overview),
        "statements": statements,
        "whole": {(each["number"], each["sentence"].rstrip(".")): each["verdict"] for each in statements},
        "models": [_model(name) for name in sorted({name for each in sections for name in each["models"]})],
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _sections(views: Sequence[ExperimentView], faults: list[LabError]) -> list[Section]:
    """Return the sections of the experiments; add why some, or their figures, cannot be shown."""
    sections: list[Section] = []
    splits = (view.anchor for view in views if any(each.kind == "split" for each in view.figures))
    split = next(splits, "")
    for view in views:
        with guarded(faults, view.name):
            sections.append(section(view, split))
            with guarded(faults, view.name, "the figures: "):
                faults += draw_missing(view)
                sections[-1] |= figures(view)
    return sections


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
    """Return the source of a model, and where its workers live."""
    source = (PACKAGE / "models" / f"{name}.py").read_text("utf-8")
    try:
        note = f"workers in: {load_model(name).workers_in}"
    except LabError as fault:
        note = fault.what
    return {"name": name, "code": highlighted(source), "note": note}
