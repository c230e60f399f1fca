"""Figures' files → pictures inside the page: the SVG as it was drawn, or pixels where that is too large."""

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup
from PIL import Image

from lab.core.errors import LabError
from lab.core.figures import Figure, timeline
from lab.present.figures import lanes, selection
from lab.present.figures.draw import Drawing, draw
from lab.present.sentences.answers import range_sentence
from lab.present.sentences.comparisons import rankings
from lab.present.templates import say
from lab.present.units import unit_of
from lab.report.load import ExperimentView

DENSITY, COLOURS, THUMB = 1.5, 64, (440, 220)
"""How many of a figure's pixels are one of the page; how many colours it keeps; a small picture's size."""
UNQUOTED = " !$'()*+,-./:;=?@_~{}"
"""What needs no quoting in a URI within double quotes, beside letters and digits."""
TASKS = timeline().asking("Which task runs when, and on which worker?")


class Picture(NamedTuple):
    """A figure's PNG with its SVG beside it, its size in the page's pixels, and what it shows in words."""

    png: Path
    width: int
    height: int
    alternative: str

    def uri(self, largest: int) -> Markup:
        """Return as a data URI the SVG where that has at most `largest` bytes, and else the pixels."""
        svg = self.png.with_suffix(".svg")
        if svg.is_file() and svg.stat().st_size <= largest:
            # Shorter than base64, and no character that is left ends an attribute or begins anything else.
            return Markup(f"data:image/svg+xml,{quote(svg.read_bytes(), safe=UNQUOTED)}")
        with Image.open(self.png) as image:
            return webp(image, (self.width, self.height))


def picture(png: Path, alternative: str) -> Picture:
    """Return a figure as a picture; a damaged file raises here, and not while the page is written."""
    with Image.open(png) as image:
        image.verify()
        width, height = (round(side / DENSITY) for side in image.size)
    return Picture(png, width, height, alternative)


def thumbnail(png: Path) -> dict[str, object]:
    """Return the attributes of a small picture of the top of a figure, for the front."""
    with Image.open(png) as image:
        height = min(image.height, round(image.width * THUMB[1] / THUMB[0]))
        size = THUMB[0], max(1, round(height * THUMB[0] / image.width))
        uri = webp(image.crop((0, 0, image.width, height)), size)
    return {"src": uri, "width": size[0], "height": size[1]}


def webp(image: Image.Image, size: tuple[int, int]) -> Markup:
    """Return an image in a size as a data URI: a figure has few colours, and WebP then needs few bytes."""
    drawn = image.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    # The octree takes a sixth of the default's time, and of flat colours it keeps more.
    few = drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGB")
    content = BytesIO()
    few.save(content, "webp", lossless=True, quality=50, method=2)
    return Markup(f"data:image/webp;base64,{b64encode(content.getvalue()).decode()}")


def figures_of(view: ExperimentView) -> dict[Path, Figure]:
    """Return the PNG's path of each figure that an experiment declares, and of a timeline of its tasks."""
    recorded = bool((view.spans["finished_s"] > 0).any())
    declared = any(figure.kind == "timeline" for figure in view.figures)
    figures = [*view.figures, *([TASKS] if recorded and not declared else [])]
    return {view.folder / f"{figure.stem}.png": figure for figure in figures}


def draw_missing(view: ExperimentView) -> list[LabError]:
    """Draw the figures of which there is no file; return what could not be drawn and why."""
    missing = [figure for path, figure in figures_of(view).items() if not path.is_file()]
    return draw(Drawing(missing, view, view.summary, view.folder)).faults


def figure_files(view: ExperimentView) -> list[Path]:
    """Return the PNGs of the figures that are declared, in their order; all where nothing declares any."""
    there = sorted(view.folder.glob("*.png"))
    return [path for path in figures_of(view) if path in there] if view.experiment else there


def alternative(view: ExperimentView, png: Path) -> str:
    """Return what a figure shows, by its file: its own question, its kind, and the finding."""
    figure, kind = figures_of(view).get(png), png.stem.split("-")[0]
    if kind == "timeline":
        return timeline_in_words(view, figure.options if figure else {})
    metric = max((name for name in view.metrics if name in png.stem), key=len, default="")
    return say(
        "alternative",
        question=figure.question if figure else "",
        kind=kind,
        metric=unit_of(metric, []).words if metric else "latencies",
        extremes=range_sentence(view, view.summary, metric) if metric and kind in ("bars", "lines") else "",
        rankings=rankings(view, view.summary) if metric in ("", view.first_metric) else [],
        claims=view.judged.to_dicts(),
    )


def timeline_in_words(view: ExperimentView, options: Mapping[str, Any]) -> str:
    """Return of each model of a timeline its tasks, makespan and waits."""
    models, held = lanes.pick(view, options)
    unit = unit_of("time_s", [each.makespan_s for each in models])
    spans = [[span for _, span in each.tasks] for each in models]
    waits = [median(span["started_s"] - span["submitted_s"] for span in each) for each in spans]
    services = [median(span["finished_s"] - span["started_s"] for span in each) for each in spans]
    failed = [sum(bool(span["error"]) for span in each) for each in spans]
    rows = list(zip(models, waits, services, failed, strict=True))
    return say("timeline", name=view.name, held=selection.words(held), rows=rows, unit=unit)
