"""Files that survive a crash: replaced whole, or grown line by line."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file beside `path`, flush it to disk and rename it to `path`."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def append(path: Path, text: str) -> None:
    """Append whole lines to a file and flush them to disk."""
    with path.open("ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def whole_lines(path: Path) -> bytes:
    """Return a file without a last line that does not end: what was being written at a crash."""
    content = path.read_bytes()
    return content[: content.rfind(b"\n") + 1]
