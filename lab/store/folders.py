"""Where a result grows and where it ends: `<name>.partial/` becomes `<name>/`."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.core.errors import LabError

RESULTS = Path("results")  # the results folder, unless another is given
SHIPPED = Path(__file__).parents[2] / "results" / "reference"


def reference_beside(out: Path) -> Path | None:
    """Return the folder of the reference results: in this one, in ./results, or in the lab's checkout.

    None where there is none, or where it is this one.
    """
    for folder in (out / "reference", Path("results/reference"), SHIPPED):
        if folder.is_dir():
            return None if folder.resolve() == out.resolve() else folder
    return None


@dataclass(frozen=True, slots=True)
class ResultsFolder:
    """The folder of all results, `out`, and the folder of each result in it."""

    out: Path

    def finished(self, name: str) -> Path:
        """Return the folder of a finished result."""
        return self.out / name

    def partial(self, name: str) -> Path:
        """Return the folder in which a result grows."""
        return self.out / f"{name}.partial"

    def names(self) -> list[str]:
        """Return the names of the finished results, sorted."""
        folders = (path.parent for path in self.out.glob("*/trials.csv"))
        return sorted(folder.name for folder in folders if not folder.suffix)

    def newest(self, name: str) -> Path:
        """Return the finished result's folder, else the growing one's; LabError where there is neither."""
        for folder in (self.finished(name), self.partial(name)):
            if any(folder.glob("*.csv")):
                return folder
        raise LabError("nothing measured yet", where=str(self.finished(name)), remedy=f"lab run {name}")

    def check_writable(self) -> None:
        """Raise LabError where a result could not be written here."""
        import tempfile  # here: `lab list` does without it

        try:
            self.out.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            what = f"results cannot be written: {error.strerror or error}"
            raise LabError(what, where=str(self.out), remedy="choose a folder with --out") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep another run out of this results folder; two at once would also disturb each other."""
        if sys.platform == "win32":
            yield
            return
        import fcntl

        folder = os.open(self.out, os.O_RDONLY)
        try:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                what, remedy = (
                    "another run is writing here",
                    "wait for it, or choose another folder with --out",
                )
                raise LabError(what, where=str(self.out), remedy=remedy) from None
            yield
        finally:
            os.close(folder)

    def start(self, name: str) -> Path:
        """Make an empty folder for a new result; an unfinished one of that name is deleted.

        Raises LabError where the finished one's folder holds something else than a result.
        """
        self._settle(name)
        finished = self.finished(name)
        there = {path.name for path in finished.iterdir()} if finished.exists() else set()
        if there and not there & {"environment.json", "trials.csv"}:
            remedy = "rename the experiment, or choose another folder with --out"
            raise LabError("holds something else than a result", where=str(finished), remedy=remedy)
        shutil.rmtree(self.partial(name), ignore_errors=True)
        self.partial(name).mkdir(parents=True)
        return self.partial(name)

    def set_aside(self, name: str) -> Path:
        """Keep the finished result beside the one that will replace it; return where it is kept."""
        self._settle(name)
        earlier = self.out / f"{name}.earlier"
        shutil.rmtree(earlier, ignore_errors=True)
        self.finished(name).rename(earlier)
        return earlier

    def publish(self, name: str) -> Path:
        """Replace the finished result by the grown one."""
        self._settle(name)
        if self.partial(name).exists():
            if self.finished(name).exists():
                self.finished(name).rename(self._old(name))
            self.partial(name).rename(self.finished(name))
            self._settle(name)
        return self.finished(name)

    def _old(self, name: str) -> Path:
        return self.out / f".{name}.old"

    def _settle(self, name: str) -> None:
        """Finish a publication that was interrupted: between its two renames, or before its clean-up."""
        finished, grown, old = self.finished(name), self.partial(name), self._old(name)
        if old.exists() and not finished.exists():
            (grown if grown.exists() else old).rename(finished)
        shutil.rmtree(old, ignore_errors=True)
