"""A results folder → the whole page, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lab.claims.statements import on_statements
from lab.core import LabError
from lab.registry import PACKAGE
from lab.report import machines
from lab.report.choosing import choice
from lab.report.gathering import Known, every_claim, gather
from lab.report.sections import anchor, claims, figure_files, section, shrunk
from lab.report.sources import highlighted
from lab.report.views import Code, Page, Section, Statement

SHRINKS = (1.0, 2 / 3, 0.5, 0.4)
"""What the pixels of the large pictures are multiplied by where the page would else be too large."""
MANY = 8_000_000
"""So many bytes of figures are too large as they are: not even tried, since that takes a second."""


def page(out: Path) -> Page:
    """Return what there is to say of all results in a folder; LabError where there is none."""
    return next(pages(out))


def pages(out: Path) -> Iterator[Page]:
    """Yield the page, and then the same with smaller and smaller pictures."""
    known, faults = gather(out)
    if not known and not faults:
        raise LabError("nothing measured yet", where=str(out), remedy="lab run all")
    size = sum(path.stat().st_size for each in known for path in figure_files(each))
    shrink, *smaller = SHRINKS if size <= MANY else SHRINKS[1:]
    known, sections, unshown = _sections(known, shrink)
    places = [each.anchor for each in sections]
    whole = Page(
        warnings=machines.warnings(known),
        faults=[str(fault) for fault in (*faults, *unshown)],
        machines=machines.machines(known),
        choice=choice(known, places),
        statements=_statements(known, places),
        sections=sections,
        models=_models(sections),
        written=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )
    yield whole
    for shrink in smaller:
        again = [
            replace(each, pictures=shrunk(of, each.pictures, shrink))
            for each, of in zip(sections, known, strict=True)
        ]
        yield replace(whole, sections=again)


def _sections(known: Sequence[Known], shrink: float) -> tuple[list[Known], list[Section], list[LabError]]:
    """Return the experiments that can be shown, what is shown of them, and why the others are not."""
    shown, sections, faults = [], [], []
    for number, each in enumerate(known):
        try:
            sections.append(section(each, anchor(each.name, number), shrink))
            shown.append(each)
        except Exception as error:  # a result that another lab wrote may be anything
            faults.append(LabError(f"{type(error).__name__}: {error}", where=each.name))
    return shown, sections, faults


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


def _models(sections: Sequence[Section]) -> list[Code]:
    """Return the source of every model that ran, once."""
    names = sorted({name for each in sections for name in each.models})
    files = [PACKAGE / "models" / f"{name}.py" for name in names]
    return [Code(path.stem, f"model-{path.stem}", highlighted(path.read_text("utf-8"))) for path in files]
