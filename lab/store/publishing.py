"""Puts a result that has grown in the finished one's folder, and loses no better one that was there."""

from math import inf
from pathlib import Path

from lab.core.errors import LabError
from lab.store.folders import Places
from lab.store.reading import Results, read


def publish(places: Places, name: str, grown: Results) -> tuple[Path, str]:
    """Publish a grown result; return the folder where it is then, and what became of an earlier one.

    A grown result without a good trial stays where it grew, if there is a finished one. A finished one with
    more good trials, or one that cannot be read, is kept beside it.
    """
    finished = places.finished(name)
    good = good_trials(grown)
    if not finished.exists():
        return places.publish(name), ""
    if not good:
        note = f"nothing that counts was measured; {finished} is left as it was"
        return places.partial(name), note
    if good < good_trials_in(finished):
        note = f"the earlier, longer result is kept in {places.set_aside(name)}"
        return places.publish(name), note
    return places.publish(name), ""


def good_trials(results: Results) -> int:
    """Return how many trials of a result were good."""
    return int(results.trials["status"].eq("ok").sum())


def good_trials_in(folder: Path) -> float:
    """Return how many trials of the result in a folder were good; infinite for one that cannot be read."""
    try:
        return good_trials(read(folder))
    except LabError:
        return inf
