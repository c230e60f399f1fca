"""Figures' files → pictures inside the page: the SVG as it was drawn, or pixels where that is too large."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from PIL import Image

from lab.core.errors import LabError
from lab.core.figures import Figure, timeline
from lab.present.figures.draw import Drawing, draw
from lab.present.figures.filenames import stem
from lab.report.load import ExperimentView
from lab.report.views import Picture

DENSITY, COLOURS, THUMB = 1.5, 64, (440, 220)
"""How many of a figure's pixels are one of the page; how many colours it keeps; a small picture's size."""
UNQUOTED = " !$'()*+,-./:;=?@_~{}"
"""What needs no quoting in a URI within double quotes, beside letters and digits."""
TASKS = timeline().asking("Which task runs when, and on which worker?")


def figures_of(view: ExperimentView) -> list[Figure]:
    """Return the figures that an experiment declares, and a timeline of its tasks if it declares none."""
    declared = list(view.experiment.figures if view.experiment else ())
    recorded = float(view.results.spans["finished_s"].max() or 0) > 0  # type: ignore[arg-type]
    has_timeline = any(figure.kind == "timeline" for figure in declared)
    return [*declared, TASKS] if recorded and not has_timeline else declared


def draw_missing(view: ExperimentView) -> list[LabError]:
    """Draw the figures of which there is no file; return what could not be drawn and why."""
    missing = [figure for figure in figures_of(view) if not (view.folder / f"{stem(figure)}.png").is_file()]
    return draw(Drawing(missing, view.results, view.summary, view.folder)).faults


def figure_files(view: ExperimentView) -> tuple[list[Path], list[Path]]:
    """Return the PNGs of the figures, and those of the timelines, in the order they are declared.

    Without an experiment's file, all that there are.
    """
    names = [stem(figure) for figure in figures_of(view)]
    names = names if view.experiment else sorted(path.stem for path in view.folder.glob("*.png"))
    paths = [path for name in names if (path := view.folder / f"{name}.png").is_file()]
    timelines = [path for path in paths if path.name.startswith("timeline")]
    return [path for path in paths if path not in timelines], timelines


def picture(png: Path, alternative: str, largest: int) -> Picture:
    """Return a figure as its SVG where that has at most `largest` bytes, and else as its pixels."""
    svg = png.with_suffix(".svg")
    with Image.open(png) as image:
        width, height = (round(side / DENSITY) for side in image.size)
        if svg.is_file() and svg.stat().st_size <= largest:
            # Shorter than base64, and no character that is left ends an attribute or begins anything else.
            written = quote(svg.read_text(encoding="utf-8"), safe=UNQUOTED)
            uri = Markup(f"data:image/svg+xml,{written}")
        else:
            uri = webp(image, (width, height))
    return Picture(uri, width, height, alternative)


def thumbnail(png: Path) -> Picture:
    """Return a small picture of the top of a figure, for the front."""
    with Image.open(png) as image:
        height = min(image.height, round(image.width * THUMB[1] / THUMB[0]))
        size = THUMB[0], max(1, round(height * THUMB[0] / image.width))
        return Picture(webp(image.crop((0, 0, image.width, height)), size), *size, "")


def webp(image: Image.Image, size: tuple[int, int]) -> Markup:
    """Return an image in a size as a data URI: a figure has few colours, and WebP then needs few bytes."""
    drawn = image.convert("RGB").resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    # The octree takes a sixth of the default's time, and of flat colours it keeps more.
    few = drawn.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGB")
    content = BytesIO()
    few.save(content, "webp", lossless=True, quality=50, method=2)
    return Markup(f"data:image/webp;base64,{b64encode(content.getvalue()).decode()}")
