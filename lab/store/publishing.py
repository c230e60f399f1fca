"""Puts a result that has grown in the finished one's folder, and loses no better one that was there."""

from pathlib import Path

from lab.core.errors import LabError
from lab.store.folders import ResultsFolder
from lab.store.reading import Results, read


def publish(store: ResultsFolder, name: str, grown: Results) -> tuple[Path, str]:
    """Publish a grown result; return the folder where it is then, and what became of an earlier one.

    A grown result without a good trial stays where it grew, if there is a finished one. A finished one with
    more good trials, or one that cannot be read, is kept beside it.
    """
    finished, note = store.finished(name), ""
    if finished.exists():
        good = good_trials(grown)
        if not good:
            return store.partial(name), f"nothing that counts was measured; {finished} is left as it was"
        try:
            before = good_trials(read(finished))
        except LabError:
            before = good + 1
        if before > good:
            note = f"the earlier, longer result is kept in {store.set_aside(name)}"
    return store.publish(name), note


def good_trials(results: Results) -> int:
    """Return how many trials of a result were good."""
    return int(results.trials["status"].eq("ok").sum())
