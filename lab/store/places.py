"""Where a result grows and where it ends: `<name>.partial/` becomes `<name>/`."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.core import LabError

DAMAGED = 4


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one results folder, `out`."""

    out: Path

    def finished(self, name: str) -> Path:
        """Return the folder of a finished result."""
        return self.out / name

    def partial(self, name: str) -> Path:
        """Return the folder in which a result grows."""
        return self.out / f"{name}.partial"

    def names(self) -> list[str]:
        """Return the names of the finished results, sorted."""
        return sorted(
            path.parent.name for path in self.out.glob("*/trials.csv") if path.parent.suffix == ""
        )

    def newest(self, name: str) -> Path:
        """Return the finished result's folder, else the growing one's; LabError where there is neither."""
        for folder in (self.finished(name), self.partial(name)):
            if (folder / "trials.csv").is_file():
                return folder
        raise LabError("nothing measured yet", where=str(self.finished(name)), remedy=f"lab run {name}")

    def check_writable(self) -> None:
        """Raise LabError where a result could not be written here."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.out):
                pass
        except OSError as error:
            reason = error.strerror or str(error)
            raise LabError(
                f"results cannot be written: {reason}",
                where=str(self.out),
                remedy="choose a folder with --out",
            ) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep another run out of this results folder; two at once would also disturb each other."""
        if sys.platform == "win32":
            yield
            return
        import fcntl

        folder = os.open(self.out, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise LabError(
                "another run is writing here",
                where=str(self.out),
                remedy="wait for it, or choose another folder with --out",
            ) from None
        finally:
            os.close(folder)

    def start(self, name: str) -> Path:
        """Make an empty folder for a new result, in the place of one that was left unfinished."""
        shutil.rmtree(self.partial(name), ignore_errors=True)
        self.partial(name).mkdir(parents=True)
        return self.partial(name)

    def publish(self, name: str) -> Path:
        """Put the grown result in the finished one's place."""
        old = self.out / f".{name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if self.finished(name).exists():
            self.finished(name).rename(old)
        self.partial(name).rename(self.finished(name))
        shutil.rmtree(old, ignore_errors=True)
        return self.finished(name)


def read_environment(folder: Path) -> dict[str, Any]:
    """Return what environment.json says; LabError where it is missing or damaged."""
    path = folder / "environment.json"
    try:
        environment = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LabError("is missing", where=str(path), remedy="measure again", exit_code=DAMAGED) from None
    except ValueError as error:
        raise LabError(f"is damaged: {error}", where=str(path), exit_code=DAMAGED) from error
    if not isinstance(environment, dict) or "experiment" not in environment:
        raise LabError("is damaged: it names no experiment", where=str(path), exit_code=DAMAGED)
    return environment
