"""Whether two builds of the lab make the same of the same CSV: every number of a summary, every verdict.

    python benchmarks/same_results.py OTHER_PYTHON RESULTS

OTHER_PYTHON is the interpreter of an environment in which another build is installed; RESULTS is a results
folder, such as results/reference. Both builds read it anew. Prints a line for each experiment, and exits
with 1 where anything differs. Labels of older formats are compared by their names of today, and claims by
their order, since a sentence may be worded better.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SUMMARISE = """
import json, sys
from pathlib import Path
try:
    from lab.analysis.stats import summarise
except ImportError:
    from lab.stats import summarise
from lab.store.reading import read
folders = sorted(path.parent for path in Path(sys.argv[1]).glob("*/trials.csv") if not path.parent.suffix)
print(json.dumps({folder.name: summarise(read(folder)).write_csv() for folder in folders}))
"""
RENAMED = {" (again)": " (A/A)", "crew": "workers", "home": "in_process"}
"""Labels of older formats, and what they are called now."""


def printed_by(python: str, *words: str) -> Any:
    """Return what an interpreter prints as JSON."""
    ended = subprocess.run([python, *words], capture_output=True, text=True, check=True)
    text = ended.stdout
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    return json.loads(text)


def claims_by(python: str, results: str) -> dict[str, list[tuple[str, str]]]:
    """Return experiment -> the verdict and the evidence of each of its claims."""
    by_experiment: dict[str, list[tuple[str, str]]] = {}
    for each in printed_by(python, "-m", "lab", "claims", "--out", results, "--json")["claims"]:
        by_experiment.setdefault(each["experiment"], []).append((each["verdict"], each["evidence"]))
    return by_experiment


def main() -> None:
    """Compare, print, and exit."""
    other, results = sys.argv[1], str(Path(sys.argv[2]).resolve())
    summaries = [printed_by(python, "-c", SUMMARISE, results) for python in (other, sys.executable)]
    claims = [claims_by(python, results) for python in (other, sys.executable)]
    different = 0
    for name in sorted({*summaries[0], *summaries[1]}):
        before, now = (each.get(name, []) for each in claims)
        numbers = summaries[0].get(name) == summaries[1].get(name)
        different += not (numbers and before == now)
        rows = summaries[1].get(name, "").count("\n") - 1
        print(
            f"{name:20}{rows:>6} rows {'same' if numbers else 'DIFFERENT'}, {len(now):>3} claims", end=" "
        )
        print("same" if before == now else f"DIFFERENT: {[*zip(before, now, strict=False)]}")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
