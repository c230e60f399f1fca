"""Which segments of shared memory this process and its workers have left, whatever others have there."""

import multiprocessing.shared_memory
import os
from multiprocessing import process
from pathlib import Path

SHARED = Path("/dev/shm")


def mark_segments() -> None:
    """Let the names of all segments and semaphores that this process makes from now on carry its own mark.

    Its workers' semaphores too: they inherit the mark.
    """
    shared: dict[str, object] = vars(multiprocessing.shared_memory)
    assert "_SHM_NAME_PREFIX" in shared and "semprefix" in process.current_process()._config
    shared["_SHM_NAME_PREFIX"] = f"/{mark()}"
    process.current_process()._config["semprefix"] = f"/{mark()}"


def segments() -> set[str]:
    """Return the names in shared memory that carry this process's mark; none without such a folder."""
    return {path.name for path in SHARED.glob("*") if path.name.removeprefix("sem.").startswith(mark())}


def mark() -> str:
    return f"t{os.getpid():x}_"  # short: a segment's name has at most 14 characters
