"""A results folder → the whole page, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lab.analysis.claims.statements import on_statements
from lab.catalog.names import PACKAGE
from lab.core.errors import LabError
from lab.present.findings import Findings
from lab.report import clients, machines
from lab.report.advice import advice, besides
from lab.report.load import Known, every_claim, gather
from lab.report.overview import choice
from lab.report.packing import Packing, begun, figure_files, shrinks
from lab.report.sections import anchor, claims, pictured, section
from lab.report.sources import highlighted
from lab.report.views import Code, Judged, Page, Section, Statement


def page(out: Path) -> Page:
    """Return what there is to say of all results in a folder; LabError where there is none."""
    return next(pages(out))


def pages(out: Path, at_hand: Mapping[Path, Findings] = {}) -> Iterator[Page]:
    """Yield the page, and then the same with smaller and smaller pictures."""
    with Packing() as packing:
        begun(packing, out)
        known, faults = gather(out, at_hand)
        if not known and not faults:
            raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
        known, sections, unshown = _sections(known)
        words = _page(known, sections, [*faults, *unshown])
        for shrink in shrinks([figure_files(each.folder, each.found) for each in known]):
            yield _pictured(words, known, packing, shrink)


def _pictured(words: Page, known: Sequence[Known], packing: Packing, shrink: float) -> Page:
    """Return a page with its pictures; an experiment whose pictures cannot be read is shown without."""
    sections, faults = [], []
    for each, of in zip(words.sections, known, strict=True):
        try:
            sections.append(pictured(each, of, packing, shrink))
        except Exception as error:  # a result that another lab wrote may be anything
            sections.append(each)
            faults.append(f"{each.name}: the figures: {type(error).__name__}: {error}")
    return replace(words, sections=sections, faults=[*words.faults, *faults])


def _sections(known: Sequence[Known]) -> tuple[list[Known], list[Section], list[LabError]]:
    """Return the experiments that can be shown, what is said of them, and why the others are not."""
    shown, sections, faults = [], [], []
    for number, each in enumerate(known):
        try:
            sections.append(section(each, anchor(each.name, number)))
            shown.append(each)
        except Exception as error:  # a result that another lab wrote may be anything
            faults.append(LabError(f"{type(error).__name__}: {error}", where=each.name))
    return shown, sections, faults


def _page(known: Sequence[Known], sections: Sequence[Section], faults: Sequence[LabError]) -> Page:
    """Return the page without its pictures."""
    places = [each.anchor for each in sections]
    to = clients.told_apart(known, places)
    statements = _statements(known, places)
    sections = [
        replace(
            each,
            remarks=[*clients.remarks(of, to), *each.remarks],
            claims=_beside(each.claims, statements),
        )
        for each, of in zip(sections, known, strict=True)
    ]
    return Page(
        warnings=machines.warnings(known),
        faults=[str(fault) for fault in faults],
        machines=machines.machines(known),
        advice=advice(known, places, to),
        besides=besides(known, places),
        choice=choice(known, places, to),
        statements=statements,
        sections=sections,
        models=_models(sections),
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _statements(known: Sequence[Known], places: Sequence[str]) -> list[Statement]:
    said = [claim for each, place in zip(known, places, strict=True) for claim in claims(each, place)]
    return [
        Statement(
            row["statement"],
            row["sentence"],
            row["verdict"] if row["claims"] else "not measured",
            [claim for claim in said if claim.statement == row["statement"]],
        )
        for row in on_statements(every_claim(known)).to_dicts()
    ]


def _beside(said: Sequence[Judged], statements: Sequence[Statement]) -> list[Judged]:
    """Return claims, with the whole verdict where one says a statement word for word and has another."""
    whole = {(each.number, each.sentence.rstrip(".")): each.verdict for each in statements}
    verdicts = [whole.get((each.statement or 0, each.sentence.rstrip(".")), "") for each in said]
    return [
        replace(each, whole="" if verdict == each.verdict else verdict)
        for each, verdict in zip(said, verdicts, strict=True)
    ]


def _models(sections: Sequence[Section]) -> list[Code]:
    """Return the source of every model that ran, once."""
    names = sorted({name for each in sections for name in each.models})
    files = [PACKAGE / "models" / f"{name}.py" for name in names]
    return [Code(path.stem, f"model-{path.stem}", highlighted(path.read_text("utf-8"))) for path in files]
