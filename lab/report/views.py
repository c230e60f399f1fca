"""What the page shows, as plain frozen data: text and numbers, nothing that is markup yet.

The few fields that are markup already say so by their type, and come from `lessons`, `sources` and
`pictures` alone, which escape what they are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lab.present.tables.table import Table


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure: its address as a data URI, its size in pixels, and what it shows, in words."""

    uri: Markup
    width: int
    height: int
    alternative: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of an experiment: its sentence, its verdict and the evidence for it.

    whole: the verdict on the statement that it says word for word, where that is another one.
    """

    sentence: str
    verdict: str
    evidence: str
    experiment: str = ""
    anchor: str = ""
    statement: int | None = None
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement made of Python's concurrency, the verdict on it, and the claims that speak of it."""

    number: int
    sentence: str
    verdict: str
    claims: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class Lane:
    """A model's part of a timeline: where it stands, and its tasks as paths of an SVG.

    wait_stroke, edge: how wide the line of a wait is, and the edge that keeps neighbours apart.
    """

    name: str
    family: str
    top: float
    height: float
    waits: str
    services: str
    failures: str
    end: float
    end_text: str
    wait_stroke: float
    edge: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on a timeline's axis, and the time that it stands for."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The tasks of several models on one time axis: drawn, and as numbers for whoever points at them."""

    caption: str
    alternative: str
    height: float
    unit: str
    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Code:
    """A file of Python as it is now, highlighted, and whether that is what was measured."""

    name: str
    anchor: str
    markup: Markup
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Void:
    """A trial or samples that do not count: where, how it ended, why, and the end of its stderr."""

    where: str
    status: str
    reason: str
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside the page: its relative address, its name and its size in words."""

    href: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What an answer has to be read with, and the place in the page that tells more; empty for none."""

    words: str
    link: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """All that the page says of one experiment."""

    name: str
    anchor: str
    question: str
    answer: str
    remarks: Sequence[Remark]
    measured: str
    resolution: str
    warnings: Sequence[str]
    claims: Sequence[Judged]
    findings: Sequence[str]
    lesson: Markup
    thumbnail: Picture | None
    pictures: Sequence[Picture]
    timelines: Sequence[Timeline]
    tables: Sequence[Table]
    reference: Table | None
    reference_words: str
    code: Sequence[Code]
    models: Sequence[str]
    voids: Sequence[Void]
    voids_left_out: int
    command: str
    command_remarks: Sequence[str]
    downloads: Sequence[Download]


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine and an interpreter on which some of the experiments were measured."""

    facts: Sequence[tuple[str, str]]
    experiments: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page."""

    warnings: Sequence[str]
    faults: Sequence[str]
    machines: Sequence[Machine]
    advice: Table | None
    besides: Sequence[Remark]
    choice: Table | None
    statements: Sequence[Statement]
    sections: Sequence[Section]
    models: Sequence[Code]
    written: str
