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
PYPERF = (
    "The CPU's clock, interrupts and isolated cores: `python -m pyperf system show` says what disturbs any "
    "benchmark, and `python -m pyperf system tune` mends it."
)

Facts = Mapping[str, Any]
Entry = tuple[str, str]


def page(report: Mapping[str, Any]) -> list[str]:
    """Return the report's page: the machine, its A/A, its server, and what to mend."""
    lines = ["This machine", *entries(machine(report["facts"]))]
    for work, judged in report["pairs"].items():
        lines += ["", f"The baseline against itself: {work} work", *entries(outcome(judged))]
        lines += ["", *table(judged["pairs"])]
    lines += ["", "The server, on one core", *entries(server(report["server"])), "", "Careful"]
    for remedy in [*report["remedies"], PYPERF]:
        lines += wrapped(remedy, "  - ", "    ")
    return lines


def entries(described: Iterator[Entry]) -> list[str]:
    """Return the lines of names, each with its text."""
    return [
        line for name, text in described for line in wrapped(text, f"  {name:{NAME}}", " " * (NAME + 2))
    ]


def wrapped(text: str, first: str, others: str) -> list[str]:
    """Return a text as lines that fit, the first of them begun with `first`."""
    held = KEPT.sub(lambda kept: kept[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    lines = wrap(held, COLUMNS, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def machine(facts: Facts) -> Iterator[Entry]:
    """Yield what describes the machine and the interpreter."""
    here, limits = facts["machine"], facts["limits"]
    load = here["load_1min"]
    yield "system", f"{here['system']}, {here['cpu']}"
    yield "cores", cores(here)
    yield "load", "unknown on this system" if load is None else f"{load:.2f} over the last minute"
    yield "files", limit(limits["open_files"], "may be open at once")
    yield "processes", limit(limits["processes"], "may run at once")
    yield "Python", interpreter(facts["python"])
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
    """Yield what pairs of identical cases say about this machine."""
    rounds, needed = judged["rounds"], judged["rounds_to_resolve"]
    yield "takes", f"{judged['median_s'] * 1e3:.1f} ms under asyncio"
    if judged["failed"]:
        yield "failed", f"{judged['failed']} trials, which do not count"
    if judged["resolution"] is None:
        yield "resolves", f"nothing yet: {rounds} of the {FEWEST_ROUNDS} rounds that a verdict needs"
        return
    yield (
        "resolves",
        f"{percent(judged['resolution'] - 1)} with {rounds} rounds: a difference of that size is found "
        "four times out of five, and a smaller one is not called a difference",
    )
    yield "noise", f"identical cases differ by {percent(judged['spread'])} from round to round"
    yield "needs", ", ".join(rounds_for(*each) for each in needed.items())
    pairs = len(judged["pairs"])
    yield (
        "found",
        f"{judged['called_different']} of {pairs} identical pairs called different; "
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
    """Yield how many requests the server answers before its core is busy."""
    for kind, each in ceilings.items():
        if each["requests_per_s"] is None:
            yield kind, "not known: too short a load"
        else:
            cost = f"{each['cpu_us_per_request']:.0f} µs of CPU"
            yield kind, f"{each['requests_per_s']:,.0f} requests/s over {kind} connections, {cost} each"
