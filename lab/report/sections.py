"""A view of an experiment → what the template shows in its section of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from lab.catalog.names import SLUG, model_names
from lab.core.words import many
from lab.present.sentences.answers import evidence_text
from lab.present.tables.comparison import compared
from lab.present.tables.results import tables
from lab.report import advice, answers, clients, pictures, reproduce, timelines
from lab.report.conditions import caveats_of, machine_of
from lab.report.load import ExperimentView, drawn_or_claimed
from lab.report.shortfalls import shortfalls
from lab.report.sources import highlighted, lesson, lesson_and_code
from lab.report.views import Remark
from lab.report.voids import voids

Section = dict[str, Any]
"""What the template shows of an experiment, by the names that it uses."""
ENDINGS = (".csv", ".json", ".png", ".svg")


def anchor_of(name: str, number: int) -> str:
    """Return where in the page an experiment is; a name that is no slug gets a number."""
    return f"x-{name}" if SLUG.fullmatch(name) else f"x{number}"


def section(view: ExperimentView, anchor: str, split: str) -> Section:
    """Return all that the page shows of one experiment but its pictures.

    split: the anchor of the experiment that measures a client library's part of a gap.
    """
    packages, short, caveats = clients.packages_of(view), shortfalls(view), caveats_of(view)
    incomplete = [Remark(f"Shortfalls: {'; '.join(short)}.")] if short else []
    shown_voids, more_voids = voids(view.results)
    return {
        "view": view,
        "name": view.name,
        "anchor": anchor,
        "question": view.results.environment["experiment"]["question"],
        "answer": answers.answer(view),
        "resolution": answers.resolved(view),
        "remarks": [*clients.remarks(view, packages, split), *incomplete],
        "plan": _plan(view),
        "caveats": caveats,
        "work": list(
            advice.work_rows(view, anchor, packages, split, f"{anchor}-caveats" if caveats else "")
        ),
        "overview": list(advice.overview_rows(view, anchor, packages, split)),
        "besides": view.experiment.besides if view.experiment else "",
        "claims": [
            {
                **row,
                "evidence": evidence_text(row["evidence"], view.results),
                "experiment": view.name,
                "anchor": anchor,
            }
            for row in view.judged.to_dicts()
        ],
        "tables": tables(view.results, view.summary),
        "reference": compared(
            (view.results, view.summary), view.reference, drawn_or_claimed(view.summary, view.found)
        ),
        "reference_text": _reference_text(view),
        "models": _models(view),
        "voids": shown_voids,
        "more_voids": more_voids,
        "command": reproduce.command(view),
        "command_remarks": reproduce.remarks(view),
        "downloads": _downloads(view.folder),
        **dict.fromkeys(("figures", "tasks", "pictures", "timelines"), ()),
        "thumbnail": None,
        **_file(view),
    }


def figures(view: ExperimentView) -> Section:
    """Return an experiment's figures and timelines: each one's PNG, and what it shows in words."""
    drawn, tasks = pictures.figure_files(view)
    return {
        "thumbnail": pictures.thumbnail(drawn[0]) if drawn else None,
        "figures": [(png, answers.alternative(view, png.stem)) for png in drawn],
        "tasks": [(png, timelines.alternative(view, png.stem)) for png in tasks],
    }


def embedded(shown: Section, largest: int) -> Section:
    """Return the pictures of a section's figures and timelines; a larger SVG, in bytes, is pixels.

    A timeline may be four times as large: pixels are of little use where one zooms.
    """
    return {
        "pictures": [pictures.picture(png, text, largest) for png, text in shown["figures"]],
        "timelines": [
            timelines.inlined(png, f"{shown['anchor']}-{number}-", text, 4 * largest)
            for number, (png, text) in enumerate(shown["tasks"])
        ],
    }


def _file(view: ExperimentView) -> Section:
    """Return the lesson and the code of an experiment's file as it is now."""
    if view.found is None:
        return {"lesson": "", "file": "", "code": "", "code_changed": False}
    path = view.found.path
    text, code = lesson_and_code(path.read_text(encoding="utf-8"))
    changed = reproduce.edited(path, view.results.environment)
    return {"lesson": lesson(text), "file": path.name, "code": highlighted(code), "code_changed": changed}


def _models(view: ExperimentView) -> list[str]:
    """Return the lab's models that an experiment's cases ran under, in the grid's order."""
    cases = view.results.environment["experiment"]["cases"]
    names = dict.fromkeys(str(case.get("model")) for case in cases)
    return [name for name in names if name in model_names()] if view.found else []


def _plan(view: ExperimentView) -> str:
    trials, plan = view.results.trials, view.results.environment["plan"]
    cases = trials.select(view.results.axes).n_unique() if view.results.axes else 1
    rounds, samples = trials["round"].n_unique(), plan.get("samples") or 1
    return f"{many(cases, 'case')}, {many(rounds, 'round')}, {many(samples, 'sample')} a trial"


def _reference_text(view: ExperimentView) -> str:
    if view.reference is None:
        return ""
    there = view.reference[0].environment
    words = [*filter(None, machine_of(there).values()), str(there.get("started") or "")[:10]]
    return f"The reference was measured on {', '.join(words)}."


def _downloads(folder: Path) -> list[tuple[str, str, str]]:
    """Return the relative address, the name and the size of each file beside the page."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix in ENDINGS and path.name[0] != "."]
    return [
        (quote(f"./{folder.name}/{path.name}"), path.name, f"{path.stat().st_size / 1024:,.1f} KiB")
        for path in files
    ]
