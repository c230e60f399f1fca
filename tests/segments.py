"""Which segments of shared memory are there, but for those that others, who run beside, have mapped."""

import os
import re
from pathlib import Path

SHARED = Path("/dev/shm")


def segments() -> set[str]:
    """Return the names in shared memory that no process of another session than this has mapped.

    What a process left when it ended is mapped by nobody, and so is among them. Empty where there is
    no such folder.
    """
    if not SHARED.is_dir():
        return set()
    inodes = {Path(entry): entry.inode() for entry in os.scandir(SHARED)}
    theirs = set().union(
        *(mapped(process) for process in Path("/proc").glob("[0-9]*") if is_other(process))
    )
    return {path.name for path, inode in inodes.items() if inode not in theirs and path.exists()}


def is_other(process: Path) -> bool:
    try:
        return os.getsid(int(process.name)) != os.getsid(0)
    except ProcessLookupError:
        return False


def mapped(process: Path) -> set[int]:
    """Return the inodes of the shared memory that a process has mapped; none where it has ended."""
    try:
        text = (process / "maps").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return set()
    return {int(inode) for inode in re.findall(rf" (\d+) +{SHARED}/", text)}
