"""What the lab and pyperf say of pairs of equals, side by side.

    python benchmarks/aa_pairs.py [--pairs 24] [--rounds 5]     under 6 minutes

The work is one and the same: fourteen fetches of 20 ms under asyncio, a warm-up and three batches in
each of `rounds` fresh processes for either side of a pair. The lab takes the sides of all pairs of a
group in shuffled rounds and judges their paired ratios. pyperf takes the processes of one side, then
those of the other, and `pyperf compare_to` judges their means (its two-sided t-test over all values).
That is pyperf as it comes, but for 5 processes where it takes 20, and one batch a value. The two take
turns, a group of pairs at a time, so that both meet the machine in the same minutes.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyperf

from lab.cli.doctor import measure
from lab.doctor.pairs import judge, plan
from lab.environment import describe
from lab.server.launch import serving

GROUP = 6
LINE = "  {:>4}  {:>5}  {:>13}  {:9}  {}"
SCRIPT = Path(__file__).with_name("pyperf_fetch.py")
Row = dict[str, Any]


def main() -> None:
    options = arguments()
    print(about(options.rounds), flush=True)
    print(
        "\n" + LINE.format("pair", "ratio", "95 % interval", "verdict", "pyperf's ratio and verdict"),
        flush=True,
    )
    rows: list[tuple[Row, Row]] = []
    for start in range(0, options.pairs, GROUP):
        for lab, other in side_by_side(min(GROUP, options.pairs - start), options.rounds, start // GROUP):
            rows.append((lab, other))
            print(line(len(rows), lab, other), flush=True)
    print(verdict(rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=5, help="processes of each side")
    return parser.parse_args()


def about(rounds: int) -> str:
    described = describe()
    machine, python = described["machine"], described["python"]
    return (
        f"{described['started']}: {machine['system']}, {machine['cpu']}, {machine['cores']} cores, load "
        f"{machine['load_1min']}\nPython {python['version']}, lab {described['lab']['commit']}, pyperf "
        f"{pyperf.__version__}; {rounds} processes a side"
    )


def side_by_side(pairs: int, rounds: int, turn: int) -> list[tuple[Row, Row]]:
    """Return what the lab and pyperf say of a group of pairs; they take turns to go first."""
    judges = {"lab": by_lab, "pyperf": by_pyperf}
    order = list(judges) if turn % 2 == 0 else list(reversed(judges))
    answers = {name: judges[name](pairs, rounds) for name in order}
    return list(zip(answers["lab"], answers["pyperf"], strict=True))


def by_lab(pairs: int, rounds: int) -> list[Row]:
    planned = plan("waiting", pairs, rounds, secrets.randbits(32))
    (measured,) = measure([planned], show=lambda _: None)
    return list(judge(measured.results, measured.summary)["pairs"])


def by_pyperf(pairs: int, rounds: int) -> list[Row]:
    with serving() as server, tempfile.TemporaryDirectory() as folder:
        return [pair_by_pyperf(Path(folder, f"{number}"), server.url, rounds) for number in range(pairs)]


def pair_by_pyperf(place: Path, url: str, rounds: int) -> Row:
    """Return the ratio of the second side's mean to the first's, and what `pyperf compare_to` says."""
    one, other = (place.with_suffix(f".{side}.json") for side in ("one", "other"))
    for file in (one, other):
        settings = ["--processes", str(rounds), "--values", "3", "--warmups", "1", "--loops", "1"]
        inherited = ["--inherit-environ", "LAB_SERVER,LAB_TAG"]
        output = ["--quiet", "--output", str(file)]
        call([str(SCRIPT), *settings, *inherited, *output], LAB_SERVER=url, LAB_TAG="pyperf")
    answers = call(["-m", "pyperf", "compare_to", str(one), str(other)])
    means = [pyperf.Benchmark.load(str(file)).mean() for file in (one, other)]
    ratio = means[1] / means[0]
    called = "slower" if ratio > 1 else "faster"
    return {"ratio": ratio, "verdict": "" if "not significant" in answers else called}


def call(words: list[str], **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, *words], env=os.environ | environment, capture_output=True, text=True
    )
    if ran.returncode:
        sys.exit(f"benchmarks/aa_pairs.py: {words[0]} exited with {ran.returncode}:\n{ran.stderr}")
    return ran.stdout


def line(pair: int, lab: Row, other: Row) -> str:
    interval = "" if lab["ratio_low"] is None else f"{lab['ratio_low']:.3f}-{lab['ratio_high']:.3f}"
    ratio, theirs = f"{lab['ratio']:.3f}", f"{other['ratio']:.3f}  {other['verdict'] or 'not significant'}"
    return LINE.format(pair, ratio, interval, lab["verdict"] or "none", theirs)


def verdict(rows: list[tuple[Row, Row]]) -> str:
    lab = sum(mine["verdict"] in ("faster", "slower") for mine, _ in rows)
    intervals = [
        (mine["ratio_low"], mine["ratio_high"]) for mine, _ in rows if mine["ratio_low"] is not None
    ]
    beside = sum(not low <= 1 <= high for low, high in intervals)
    other = sum(bool(each["verdict"]) for _, each in rows)
    return (
        f"\nOf {len(rows)} identical pairs, called different: {lab} by the lab ({beside} of its intervals "
        f"leave 1 out), {other} by pyperf."
    )


if __name__ == "__main__":
    main()
