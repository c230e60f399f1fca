"""What the doctor found, in words: lines of at most 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from lab.analysis.stats.intervals import FEWEST_ROUNDS
from lab.core.words import listing
from lab.doctor.enough import MOST_ROUNDS
from lab.present.tables.table import Cell, Column, Table
from lab.present.tables.terminal import drawn, text

COLUMNS = 80
NAME = 12
KEPT = re.compile(r"`[^`]+`|\d %")
"""What is never broken over two lines: a command, a number and its per cent."""

Facts = Mapping[str, Any]
Entry = tuple[str, str]


def page(report: Mapping[str, Any]) -> list[str]:
    """Return the report's page: the machine, its A/A, its server, and what to mend."""
    lines = ["This machine", *entries(machine(report["facts"]))]
    for work, judged in report["pairs"].items():
        lines += ["", f"The baseline against itself: {work} work", *entries(outcome(judged))]
        lines += ["", *table(judged["pairs"])]
    lines += ["", "The server, on one core", *entries(server(report["server"])), ""]
    careful = [line for words in report["remedies"] for line in wrapped(words, "  - ", "    ")]
    return lines + (["Careful", *careful] if careful else ["Nothing here needs mending."])


def entries(told: Iterator[Entry]) -> list[str]:
    """Return the lines of names and what is told of each."""
    room = " " * (NAME + 2)
    return [line for name, words in told for line in wrapped(words, f"  {name:{NAME}}", room)]


def wrapped(words: str, first: str, others: str) -> list[str]:
    """Return the words as lines that fit, the first of them begun with `first`."""
    held = KEPT.sub(lambda kept: kept[0].replace(" ", "\N{NO-BREAK SPACE}"), words)
    lines = wrap(held, COLUMNS, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def machine(facts: Facts) -> Iterator[Entry]:
    """Tell of the machine and the interpreter."""
    here, limits, python = facts["machine"], facts["limits"], facts["python"]
    yield "system", f"{here['system']}, {here['cpu']}"
    yield "cores", cores(here)
    governors, clock = here["governors"], facts["pyperf"].get("cpu_freq")
    told = f"governor {listing(governors)}" if governors else "no governor told by this system"
    yield "clock", told + (f", now {clock}" if clock else "")
    load, threads = here["load_1min"], facts["pyperf"].get("runnable_threads")
    now = f", {threads} running or ready to run now" if threads else ""
    yield "load", f"{load:.2f} over the last minute{now}" if load is not None else "not told by this system"
    yield "files", limit(limits["open_files"], "may be open at once")
    yield "processes", limit(limits["processes"], "may run at once")
    yield "Python", interpreter(python)
    yield "models", models(facts["models"])
    yield "packages", ", ".join(f"{name} {found or 'missing'}" for name, found in facts["packages"].items())


def cores(here: Facts) -> str:
    """Return how many cores there are, which of them may be used, and how much."""
    present, usable, quota = here["cores_present"], here["affinity"], here["quota_cores"]
    some = "all usable" if len(usable) == present else f"usable: {', '.join(map(str, usable))}"
    time = "no quota on their time" if quota is None else f"a quota of {quota:g} cores' worth of time"
    return f"{present}, {some}, {time}"


def limit(soft_and_hard: list[int | None], may: str) -> str:
    """Return a soft and a hard limit in words."""
    soft, hard = ("any number" if each is None else f"{each:,}" for each in soft_and_hard)
    return f"{soft} {may}" + (f"; {hard} when asked for" if hard != soft else "")


def interpreter(python: Facts) -> str:
    """Return which Python this is and how it was built."""
    profile = {True: "built with its profile", False: "built without its profile", None: ""}
    parts = (
        f"{python['implementation']} {python['version']}",
        python["compiler"],
        profile[python["optimised_build"]],
        "free-threaded" if python["free_threaded_build"] else "",
        "GIL on" if python["gil"] else "GIL off",
        f"processes by {python['start_method']}",
        listing(python["debug_modes"]) if python["debug_modes"] else "no debug mode",
    )
    return ", ".join(filter(None, parts))


def models(unavailable_reasons: Mapping[str, str]) -> str:
    """Return how many models can run here, and why the others cannot."""
    cannot = [f"{name} cannot ({reason})" for name, reason in unavailable_reasons.items() if reason]
    able = len(unavailable_reasons) - len(cannot)
    return "; ".join([f"{able} of {len(unavailable_reasons)} can run", *cannot])


def outcome(judged: Facts) -> Iterator[Entry]:
    """Tell what pairs of equals say about this machine."""
    rounds, needed = judged["rounds"], judged["rounds_to_resolve"]
    yield "takes", f"{judged['median_s'] * 1e3:.1f} ms under asyncio"
    if judged["failed"]:
        yield "failed", f"{judged['failed']} trials, which do not count"
    if judged["resolution"] is None:
        yield "resolves", f"nothing yet: {rounds} of the {FEWEST_ROUNDS} rounds that a verdict needs"
        return
    yield (
        "resolves",
        f"{percent(judged['resolution'] - 1)} with {rounds} rounds: a difference as large is found "
        "four times out of five, and none that is smaller is called one",
    )
    yield "noise", f"equals lie {percent(judged['spread'])} apart from one round to the next"
    yield "needs", ", ".join(rounds_for(*each) for each in needed.items())
    pairs = len(judged["pairs"])
    yield (
        "found",
        f"{judged['called_different']} of {pairs} pairs of equals called different; "
        f"{judged['intervals_beside_1']} of their intervals leave 1 out; by chance, one in twenty does",
    )


def rounds_for(difference: str, rounds: int | None) -> str:
    """Return how many rounds resolve a difference."""
    many = f"{rounds}" if rounds else f"more than {MOST_ROUNDS:,}"
    return f"{many} rounds for {float(difference) * 100:g} %"


def percent(part: float) -> str:
    """Return a part of one as per cent."""
    return f"{part * 100:.1f} %"


def table(pairs: Sequence[Facts]) -> list[str]:
    """Return a table's lines: for each pair the ratio of one to the other, its interval, the verdict."""
    columns = [Column("pair", number=True, axis=True), Column("ratio", number=True)]
    columns += [Column("95 %", number=True), Column("verdict")]
    rows = [[Cell(pair["pair"]), *_ratio(pair), Cell(verdict=pair["verdict"] or "none")] for pair in pairs]
    lines = text(drawn(Table("", columns, rows), COLUMNS - 2), COLUMNS - 2).splitlines()
    return [f"  {line}".rstrip() for line in lines]


def _ratio(pair: Facts) -> list[Cell]:
    low, high = pair["ratio_low"], pair["ratio_high"]
    return [
        Cell("" if pair["ratio"] is None else f"{pair['ratio']:.3f}"),
        Cell("" if low is None else f"{low:.3f}-{high:.3f}"),
    ]


def server(ceilings: Mapping[str, Facts]) -> Iterator[Entry]:
    """Tell how many requests the server answers before its core is busy."""
    for kind, each in ceilings.items():
        if each["requests_per_s"] is None:
            yield kind, "not known: too short a load"
        else:
            cost = f"{each['cpu_us_per_request']:.0f} µs of CPU"
            yield kind, f"{each['requests_per_s']:,.0f} requests/s over {kind} connections, {cost} each"
