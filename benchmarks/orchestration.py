"""What a run spends outside of its children: planning, rows, tables and figures.

Target: at most 3 % of the wall time of `lab run all`. The children's own time is `wall_s` in trials.csv,
from launch until nothing of a trial is left.
"""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter


def main(words: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "lab", "run", *(words or ["all"]), "--out", folder]
        began = perf_counter()
        subprocess.run(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        wall_s = perf_counter() - began
        children_s = sum(sum(walls_s(path)) for path in Path(folder).glob("*/trials.csv"))
    share = 100 * (wall_s - children_s) / wall_s
    print(f"{' '.join(run[2:5])}: {wall_s:.1f} s, {children_s:.1f} s in children; {share:.1f} % outside")


def walls_s(path: Path) -> list[float]:
    with path.open(newline="") as file:
        return [float(row["wall_s"]) for row in csv.DictReader(file) if row["wall_s"]]


if __name__ == "__main__":
    main(sys.argv[1:])
