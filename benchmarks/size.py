"""How large the lab is, room by room: lines of Python as `ruff format` leaves them, files, median, longest.

    python benchmarks/size.py [CHECKOUT ...]

One column for each checkout (this one where none is named), so that a change shows before and after.
"""

import sys
from pathlib import Path
from statistics import median

MOST = 250
"""No file is longer than this."""


def lines(checkout: Path) -> dict[Path, int]:
    """Return file -> its lines, for every Python file of the package."""
    files = sorted((checkout / "lab").rglob("*.py"))
    return {path.relative_to(checkout / "lab"): path.read_bytes().count(b"\n") for path in files}


def rooms(sizes: dict[Path, int]) -> dict[str, int]:
    """Return room -> its lines; loose modules are in the room named "(loose)"."""
    by_room: dict[str, int] = {}
    for path, size in sizes.items():
        room = path.parts[0] if len(path.parts) > 1 else "(loose)"
        by_room[room] = by_room.get(room, 0) + size
    return by_room


def main() -> None:
    """Print the table."""
    checkouts = [Path(word) for word in sys.argv[1:]] or [Path(__file__).parents[1]]
    sizes = [lines(checkout) for checkout in checkouts]
    counted = [rooms(each) for each in sizes]
    rows: list[tuple[str, list[int | float]]] = [
        (name, [each.get(name, 0) for each in counted]) for name in sorted({*counted[0], *counted[-1]})
    ]
    rows += [
        ("all", [sum(each.values()) for each in sizes]),
        ("files", [len(each) for each in sizes]),
        ("median file", [median(each.values()) for each in sizes]),
        ("longest file", [max(each.values()) for each in sizes]),
        (f"files over {MOST}", [sum(size > MOST for size in each.values()) for each in sizes]),
    ]
    print(
        f"{'lines of Python in lab/':24}"
        + "".join(f"{checkout.resolve().name:>12}" for checkout in checkouts)
    )
    for name, numbers in rows:
        print(f"{name:24}" + "".join(f"{number:>12,.0f}" for number in numbers))


if __name__ == "__main__":
    main()
