"""A results folder → the whole page: what the template shows, by the names that it uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lab.analysis.claims.statements import on_statement
from lab.catalog.models import load_model
from lab.catalog.names import PACKAGE
from lab.core.errors import LabError
from lab.core.statements import STATEMENTS
from lab.present.findings import Findings
from lab.report import advice
from lab.report.conditions import machines, summed_up
from lab.report.load import ExperimentView, guarded, load_views
from lab.report.pictures import draw_missing
from lab.report.sections import Section, anchor_of, embedded, figures, section
from lab.report.sources import highlighted

LARGEST_SVG = (2**22, 60_000, 30_000, 0)
"""A larger SVG, in bytes, is shown as pixels; the next limit is tried where the page is too large."""


def pages(out: Path, at_hand: Mapping[Path, Findings] = {}) -> Iterator[dict[str, Any]]:
    """Yield the page over all results in a folder, and then the same with smaller and smaller pictures.

    at_hand: folder -> results that need not be read again. Raises LabError where nothing was measured.
    """
    views, faults = load_views(out, at_hand)
    if not views and not faults:
        raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
    sections = _sections(views, faults)
    for largest in LARGEST_SVG:
        undrawn: list[LabError] = []
        for each in sections:
            with guarded(undrawn, each["name"], "the figures: "):
                each |= embedded(each, largest)
        yield _page(sections, [*faults, *undrawn])


def _sections(views: Sequence[ExperimentView], faults: list[LabError]) -> list[Section]:
    """Return the sections of the experiments; add why some, or their figures, cannot be shown."""
    sections: list[Section] = []
    anchors = [anchor_of(view.name, number) for number, view in enumerate(views)]
    drawn = [
        [figure.kind for figure in view.experiment.figures] if view.experiment else [] for view in views
    ]
    split = next((anchor for anchor, kinds in zip(anchors, drawn, strict=True) if "split" in kinds), "")
    for view, anchor in zip(views, anchors, strict=True):
        with guarded(faults, view.name):
            sections.append(section(view, anchor, split))
            with guarded(faults, view.name, "the figures: "):
                faults += draw_missing(view)
                sections[-1] |= figures(view)
    return sections


def _page(sections: Sequence[Section], faults: Sequence[LabError]) -> dict[str, Any]:
    statements = [_statement(number, sections) for number in STATEMENTS]
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault in faults:
        alike[fault.what, fault.remedy].append(fault.where)
    return {
        "sections": sections,
        "caveats": summed_up({each["name"]: each["caveats"] for each in sections}),
        "faults": [
            str(LabError(what, where=", ".join(where), remedy=remedy))
            for (what, remedy), where in alike.items()
        ],
        "machines": machines([each["view"] for each in sections]),
        "advice": advice.in_short([row for each in sections for row in each["work"]]),
        "overview": advice.overview([row for each in sections for row in each["overview"]]),
        "statements": statements,
        "whole": {(each["number"], each["sentence"].rstrip(".")): each["verdict"] for each in statements},
        "models": [_model(name) for name in sorted({name for each in sections for name in each["models"]})],
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


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
