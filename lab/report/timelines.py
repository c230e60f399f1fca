"""Spans → timelines: a lane a worker, a panel a model, all on one axis; drawn, and as numbers.

The drawing is a few paths, whatever the number of tasks; the numbers are whole millionths of the axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from lab.catalog.names import model_names
from lab.core.errors import LabError
from lab.core.figures import Figure
from lab.core.words import many
from lab.present.figures import cells, style
from lab.present.figures.lanes import Lanes, pick
from lab.present.units import Unit, unit_of
from lab.report.views import Lane, Tick, Timeline
from lab.store.reading import Results

WIDTH, LEFT, HEAD, FOOT, GAP = 1000.0, 14.0, 20.0, 26.0, 8.0
TALLEST, LANES = 13.0, 130.0
"""The height of a lane where there are few, and that of all lanes of a model where there are many."""
MOST = 400
"""How many tasks of a model are drawn; of more, evenly many are left out, and the page says so."""
PARTS = 1_000_000


def timelines(results: Results, figures: Iterable[Figure]) -> list[Timeline]:
    """Return the timelines that an experiment declares; one of its largest cases where it declares none."""
    declared = [dict(figure.options) for figure in figures if figure.kind == "timeline"]
    found = []
    for where in declared or [{}]:
        try:
            lanes, held = pick(results, where)  # type: ignore[arg-type]
        except LabError:
            continue
        if lanes and max(mine.makespan_s for mine in lanes) > 0:
            found.append(_timeline(results, lanes, held))
    return found


def _timeline(results: Results, chosen: Sequence[Lanes], held: cells.Case) -> Timeline:
    last = max(mine.makespan_s for mine in chosen)
    unit = unit_of("time_s", [last])
    lanes, data, top = [], [], 0.0
    for mine in chosen:
        lane = min(TALLEST, LANES / len(mine.workers))
        tasks = thinned(mine.tasks)
        lanes.append(_lane(mine, tasks, lane, top, last, unit))
        data.append(_numbers(mine, tasks, lane, top + HEAD, last))
        top += HEAD + lane * len(mine.workers) + GAP
    most = max(len(mine.tasks) for mine in chosen)
    kept = cells.words(held)
    caption = (
        "The tasks of one sample. Wide bar: a task being served; thin line before it: its wait in the queue"
        + ("; hollow: a task that failed" if any(lane.failures for lane in lanes) else "")
        + ". The upright line is the makespan."
        + (f" All with {kept}." if kept else "")
        + (f" Of up to {most} tasks a model, {MOST} are drawn; spans.csv has all." if most > MOST else "")
    )
    return Timeline(
        caption=caption,
        alternative=f"{results.name}: " + "; ".join(_words(mine, unit) for mine in chosen) + ".",
        height=top + FOOT,
        unit=unit.name,
        lanes=lanes,
        ticks=_ticks(last * unit.factor),
        data={
            "last": last * unit.factor,
            "unit": unit.name,
            "left": LEFT,
            "width": WIDTH - 2 * LEFT,
            "panels": data,
        },
    )


def thinned(tasks: Sequence[Any]) -> Sequence[Any]:
    """Return MOST tasks, evenly chosen, the first and the last among them; all where there are fewer."""
    if len(tasks) <= MOST:
        return tasks
    return [tasks[round(n * (len(tasks) - 1) / (MOST - 1))] for n in range(MOST)]


def family(model: str) -> str:
    """Return whether a model's colour is that of threads, of processes, of asyncio, or of none of them."""
    if model not in model_names() or model == "sequential":
        return "other"
    colour = style.look(model).colour
    parts = {name: int(colour[at : at + 2], 16) for name, at in (("p", 1), ("a", 3), ("t", 5))}
    return {"p": "processes", "a": "asyncio", "t": "threads"}[max(parts, key=lambda part: parts[part])]


def _lane(mine: Lanes, tasks: Sequence[Any], lane: float, top: float, last: float, unit: Unit) -> Lane:
    waits: list[str] = []
    services: list[str] = []
    failures: list[str] = []
    for worker, span in tasks:
        y = top + HEAD + worker * lane
        submitted, started, finished = (_x(span[f"{name}_s"], last) for name in STAMPS)
        if started - submitted > 0.1:
            waits.append(f"M{submitted:.1f} {y + lane / 2:.1f}H{started:.1f}")
        wide = max(finished - started, 0.4)
        box = f"M{started:.1f} {y + lane * 0.15:.1f}h{wide:.1f}v{lane * 0.7:.1f}h-{wide:.1f}z"
        (failures if span["error"] else services).append(box)
    return Lane(
        name=mine.name,
        family=family(mine.name),
        top=top,
        height=HEAD + lane * len(mine.workers),
        waits="".join(waits),
        services="".join(services),
        failures="".join(failures),
        end=_x(mine.makespan_s, last),
        wait_stroke=min(1.2, lane * 0.4),
        edge=0.5 if lane >= 4 else 0.0,
        end_text=unit.show(mine.makespan_s * unit.factor),
    )


STAMPS = ("submitted", "started", "finished")


def _x(seconds: float, last: float) -> float:
    return LEFT + (WIDTH - 2 * LEFT) * seconds / last


def _numbers(mine: Lanes, tasks: Sequence[Any], lane: float, top: float, last: float) -> dict[str, Any]:
    """Return the tasks as [index, worker, submitted, started, finished], and what failed and how."""
    return {
        "name": mine.name,
        "top": round(top, 2),
        "lane": round(lane, 3),
        "end": round(PARTS * mine.makespan_s / last),
        "tasks": [
            [span["index"], worker, *(round(PARTS * span[f"{name}_s"] / last) for name in STAMPS)]
            for worker, span in tasks
        ],
        "errors": {str(span["index"]): str(span["error"])[:300] for _, span in tasks if span["error"]},
    }


def _words(mine: Lanes, unit: Unit) -> str:
    waits = median(span["started_s"] - span["submitted_s"] for _, span in mine.tasks)
    served = median(span["finished_s"] - span["started_s"] for _, span in mine.tasks)
    failed = sum(bool(span["error"]) for _, span in mine.tasks)
    return (
        f"{mine.name} ends {many(len(mine.tasks), 'task')} on {many(len(mine.workers), 'worker')} after"
        f" {unit.show(mine.makespan_s * unit.factor)}; a task waits {unit.show(waits * unit.factor)}"
        f" and is served {unit.show(served * unit.factor)} in the median"
        + (f", {failed} failed" if failed else "")
    )


def _ticks(last: float) -> list[Tick]:
    """Return five to ten round times from 0 to the last."""
    step = 10 ** math.floor(math.log10(last))
    step = next(part * step for part in (0.1, 0.2, 0.5, 1.0) if last / (part * step) <= 10)
    return [Tick(_x(n * step, last), f"{n * step:.6g}") for n in range(int(last / step * (1 + 1e-9)) + 1)]
