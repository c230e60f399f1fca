"""The timeline that was drawn → an SVG inside the page, which its script can zoom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from markupsafe import Markup

from lab.core.words import many
from lab.present.figures import cells, lanes
from lab.present.figures.filenames import stem
from lab.present.units import Unit, unit_of
from lab.report.load import ExperimentView
from lab.report.pictures import figures_of, picture
from lab.report.views import Picture

DRAWING = frozenset(("svg", "g", "defs", "clipPath", "pattern", "path", "rect", "use", "text", "tspan"))
"""What is kept of an SVG: nothing here runs, loads or links to anything."""
ALL = {"stroke-linejoin": "round", "stroke-linecap": "butt"}
"""What matplotlib's stylesheet sets for all that is drawn; the page's policy allows no other style."""


def inlined(png: Path, prefix: str, alternative: str, largest: int) -> Picture:
    """Return a timeline as the inside of an SVG; as pixels in it where it has more than `largest` bytes.

    prefix: what its names begin with, so that a page can hold several.
    """
    svg = png.with_suffix(".svg")
    if not svg.is_file() or svg.stat().st_size > largest:
        drawn = picture(png, alternative, largest=0)
        image = Markup('<image href="{}" width="{}" height="{}"/>')
        return replace(drawn, content=image.format(drawn.content, drawn.width, drawn.height))
    root = ElementTree.parse(svg).getroot()
    width, height = (float(side) for side in root.attrib["viewBox"].split()[2:])
    for element in root.iter():
        for child in list(element):
            if _local(child.tag) not in DRAWING:
                element.remove(child)
        element.tag = _local(element.tag)
        element.attrib = dict(_attributes(element.attrib, prefix))
    root.tag, root.attrib = "g", ALL
    return Picture(Markup(ElementTree.tostring(root, encoding="unicode")), width, height, alternative)


def _local(name: object) -> str:
    """Return a tag's or an attribute's name without its namespace."""
    return str(name).rpartition("}")[2]


def _attributes(attributes: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield what draws: declarations of style as attributes, names and references with the prefix."""
    named = {_local(name): value for name, value in attributes.items()}
    style = [part.partition(":") for part in named.pop("style", "").split(";")]
    for name, value in [*named.items(), *((name.strip(), value.strip()) for name, _, value in style)]:
        if name == "id":
            yield name, f"{prefix}{value}"
        elif name == "href" and value.startswith("#"):
            yield name, f"#{prefix}{value[1:]}"
        elif name and name != "href" and not name.startswith("on"):
            yield name, value.replace("url(#", f"url(#{prefix}")


def alternative(view: ExperimentView, name: str) -> str:
    """Return the timeline with a file's name in words: of each model its tasks, makespan and waits."""
    options = next((figure.options for figure in figures_of(view) if stem(figure) == name), {})
    chosen, held = lanes.pick(view.results, options)  # type: ignore[arg-type]
    unit = unit_of("time_s", [mine.makespan_s for mine in chosen])
    conditions = f", all with {cells.words(held)}" if cells.words(held) else ""
    return f"Timeline of {view.name}{conditions}. {'; '.join(_words(mine, unit) for mine in chosen)}."


def _words(mine: lanes.Lanes, unit: Unit) -> str:
    spans = [span for _, span in mine.tasks]
    waits = median(span["started_s"] - span["submitted_s"] for span in spans)
    services = median(span["finished_s"] - span["started_s"] for span in spans)
    makespan, wait, service = (unit.show(each * unit.factor) for each in (mine.makespan_s, waits, services))
    failed = sum(bool(span["error"]) for span in spans)
    return (
        f"{mine.name}: {many(len(spans), 'task')} on {many(len(mine.workers), 'worker')} in {makespan},"
        f" median queue wait {wait}, median service {service}{f', {failed} failed' if failed else ''}"
    )
