"""Keeps the questions of a folder's experiments, so that `lab list` does not import every file again.

An experiment may import anything, and to list it takes its question alone. What Python compiled it keeps
in `__pycache__`, and there these are kept: they hold while every file of the folder is as it was, and no
package has come or gone. An experiment with a fault is not kept: each listing says what its fault is.
"""

import json
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from lab import registry
from lab.errors import LabError


def questions(folder: Path) -> tuple[dict[str, str], list[LabError]]:
    """Return name -> question of the experiments in a folder, and the faults of the others."""
    packages = [Path(entry) for entry in sys.path if entry.endswith("-packages") and Path(entry).is_dir()]
    seen = [*registry.files_in(folder), *packages]
    files: list[list[object]] = [[str(path), path.stat().st_mtime_ns, path.stat().st_size] for path in seen]
    place = Path(cache_from_source(str(folder / "questions.json"))).with_suffix(".json")
    kept = read(place, files)
    asked, faults = {}, []
    for name in registry.names_in(folder):
        if name in kept:
            asked[name] = kept[name]
            continue
        found = registry.find(str(folder / f"{name}.py"))
        if found.experiment:
            asked[name] = found.experiment.question
        elif found.fault:
            faults.append(found.fault)
    if asked != kept and not sys.dont_write_bytecode:
        write(place, {"files": files, "questions": asked})
    return asked, faults


def read(place: Path, files: list[list[object]]) -> dict[str, str]:
    """Return the questions that were kept of just these files; none of others, and none that is damaged."""
    try:
        content = json.loads(place.read_bytes())
        return dict(content["questions"]) if content["files"] == files else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def write(place: Path, content: object) -> None:
    """Keep it where that can be done; where not, the next listing imports the files again."""
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".new")
        beside.write_text(json.dumps(content), encoding="utf-8")
        beside.replace(place)
