"""What speaks against numbers that are measured here, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]

FEW_FILES = 4096
FEW_PROCESSES = 1024
VARYING = ("conservative", "ondemand", "powersave", "schedutil")
"""Governors that change a core's clock while it is measured."""


def remedies(facts: Facts) -> list[str]:
    """Return a sentence or two for each thing to mend; empty for a machine in good order."""
    return [sentence for check in CHECKS for sentence in check(facts)]


def busy(facts: Facts) -> Iterator[str]:
    """Others at work, to begin with: load above half the cores."""
    load, cores = facts["machine"]["load_1min"], facts["machine"]["cores"]
    if load is not None and load > cores / 2:
        yield f"The machine is busy: load {load:.1f} on {cores} cores. Wait, or end what else runs."


def clocks(facts: Facts) -> Iterator[str]:
    """Cores whose clock varies."""
    varying = [governor for governor in facts["machine"]["governors"] if governor in VARYING]
    if varying:
        yield (
            f"The CPU's clock varies (governor: {', '.join(varying)}). Hold it high: "
            "`sudo cpupower frequency-set -g performance`"
        )


def quota(facts: Facts) -> Iterator[str]:
    """Control groups that leave less time than there are cores, and one core for client and server."""
    allowed, cores = facts["machine"]["quota_cores"], facts["machine"]["cores"]
    if allowed is not None and allowed < cores:
        yield (
            f"A control group allows {allowed:g} cores' worth of time on {cores} cores: who uses it up "
            "is paused. Raise the quota (of a container: --cpus), or measure with fewer workers."
        )
    if cores == 1:
        yield "With one core, the server takes its time from what is measured. Use a machine with two."


def limits(facts: Facts) -> Iterator[str]:
    """Limits that many workers would meet."""
    yield from _low("files may be open", facts["limits"]["open_files"], FEW_FILES, "ulimit -n")
    yield from _low("processes may run", facts["limits"]["processes"], FEW_PROCESSES, "ulimit -u")


def _low(what: str, limit: list[int | None], few: int, command: str) -> Iterator[str]:
    soft, hard = limit
    if soft is None or soft >= few:
        return
    most = few if hard is None else min(few, hard)
    remedy = (
        f"More, in this shell: `{command} {most}`" if most > soft else "Ask the administrator for more."
    )
    yield f"Only {soft:,} {what} at once; a case that needs more fails. {remedy}"


def interpreter(facts: Facts) -> Iterator[str]:
    """Debug modes."""
    modes = facts["python"]["debug_modes"]
    if modes:
        yield (
            f"Python runs with {' and '.join(modes)}, which slows some models more than others. "
            "`unset PYTHONDEVMODE PYTHONASYNCIODEBUG PYTHONTRACEMALLOC`, or use another build."
        )
    if facts["python"]["free_threaded_build"] and facts["python"]["gil"]:
        yield "This build can do without the GIL, and has it on. Turn it off: `export PYTHON_GIL=0`"


def packages(facts: Facts) -> Iterator[str]:
    """Packages that measure better or tell more."""
    if not facts["packages"]["uvloop"]:
        yield "uvloop is not installed: the server answers fewer requests. `pip install uvloop`"
    if not facts["packages"]["pyperf"]:
        yield "pyperf is not installed: governor and clock are not known. `pip install pyperf`"


CHECKS: tuple[Callable[[Facts], Iterator[str]], ...] = (
    busy,
    clocks,
    quota,
    limits,
    interpreter,
    packages,
)
