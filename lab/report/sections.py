"""A view of an experiment → what the template shows in its section of the page."""

from __future__ import annotations

from typing import Any

from lab.catalog.names import model_names
from lab.core.words import many
from lab.present.sentences.answers import evidence_text
from lab.present.tables.comparison import compared
from lab.present.tables.results import tables
from lab.report import advice, answers, reproduce
from lab.report.clients import packages_of
from lab.report.conditions import caveats_of, machine_of
from lab.report.load import ExperimentView, drawn_or_claimed
from lab.report.pictures import figure_files, picture, thumbnail
from lab.report.shortfalls import shortfalls
from lab.report.sources import highlighted, lesson, lesson_and_code
from lab.report.voids import voids

Section = dict[str, Any]
"""What the template shows of an experiment, by the names that it uses."""
DOWNLOADS = (".csv", ".json", ".png", ".svg")


def section(view: ExperimentView, split: str) -> Section:
    """Return all that the page shows of one experiment but its pictures.

    split: the anchor of the experiment that measures a client library's part of a gap.
    """
    packages, caveats, missing = packages_of(view, split), caveats_of(view), "; ".join(shortfalls(view))
    described, summarised = view.results.environment["experiment"], (view.results, view.summary)
    rounds = view.results.trials["round"].n_unique()
    samples = many(view.results.environment["plan"].get("samples") or 1, "sample")
    models = dict.fromkeys(str(case.get("model")) for case in described["cases"])  # in the grid's order
    return {
        "view": view,
        "question": described["question"],
        "answer": answers.answer(view),
        "packages": packages.in_words() if view.fields else "",
        "split": split,
        "shortfalls": missing,
        "plan": f"{many(len(view.rounds.cases), 'case')}, {many(rounds, 'round')}, {samples} a trial",
        "caveats": caveats,
        "work": list(advice.work_rows(view, packages, bool(caveats))),
        "overview": list(advice.overview_rows(view, packages, missing)),
        "claims": [
            row | {"evidence": evidence_text(row["evidence"], view.results), "view": view}
            for row in view.judged.to_dicts()
        ],
        "tables": tables(*summarised),
        "reference": compared(summarised, view.reference, drawn_or_claimed(view)),
        "reference_facts": _reference_facts(view),
        "models": [name for name in models if view.found and name in model_names()],
        "voids": voids(view.results),
        "command": reproduce.command(view),
        "command_remarks": reproduce.remarks(view),
        "files": [path for path in sorted(view.folder.glob("[!.]*")) if path.suffix in DOWNLOADS],
        "thumbnail": None,
        "pictures": (),
        "timelines": (),
        **_file(view),
    }


def figures(view: ExperimentView) -> Section:
    """Return the pictures of an experiment's figures and timelines, and a small one of the first figure."""
    shown = [picture(png, answers.alternative(view, png.stem)) for png in figure_files(view)]
    timelines = [each for each in shown if each.png.name.startswith("timeline")]
    drawn = [each for each in shown if each not in timelines]
    first = thumbnail(drawn[0].png) if drawn else None
    return {"thumbnail": first, "pictures": drawn, "timelines": timelines}


def _file(view: ExperimentView) -> Section:
    """Return the lesson and the code of an experiment's file as it is now."""
    if view.found is None:
        return {"lesson": "", "file": "", "code": "", "code_changed": False}
    path = view.found.path
    text, code = lesson_and_code(path.read_text(encoding="utf-8"))
    changed = reproduce.edited(path, view.results.environment)
    return {"lesson": lesson(text), "file": path.name, "code": highlighted(code), "code_changed": changed}


def _reference_facts(view: ExperimentView) -> list[str]:
    """Return on what machine the reference was measured, and on which day."""
    if view.reference is None:
        return []
    there = view.reference[0].environment
    return [*filter(None, machine_of(there).values()), str(there.get("started") or "")[:10]]
