"""What speaks against measuring on this machine, each with its remedy, as far as the lab alone knows it.

What disturbs any benchmark, such as a clock that varies, interrupts, or cores that are not isolated, is
found by `pyperf system show` and mended by `pyperf system tune`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Facts = Mapping[str, Any]

FEW_FILES = 4096
FEW_PROCESSES = 1024


def remedies(facts: Facts) -> list[str]:
    """Return a sentence or two for each thing to mend; empty for a machine in good order."""
    files = low("files may be open", facts["limits"]["open_files"], FEW_FILES, "ulimit -n")
    processes = low("processes may run", facts["limits"]["processes"], FEW_PROCESSES, "ulimit -u")
    return [
        *machine(facts["machine"]),
        *files,
        *processes,
        *interpreter(facts["python"], facts["packages"]),
    ]


def machine(here: Facts) -> Iterator[str]:
    """Yield what is wrong with the machine: other programs at work, too little CPU time, too few cores."""
    load, cores, allowed = here["load_1min"], here["cores"], here["quota_cores"]
    if load is not None and load > cores / 2:
        yield f"The machine is busy: load {load:.1f} on {cores} cores. Wait, or end what else runs."
    if allowed is not None and allowed < cores:
        yield (
            f"A control group allows {allowed:g} cores' worth of time on {cores} cores: a process that has "
            "used it up is paused. Raise the quota (of a container: --cpus), or measure with fewer workers."
        )
    if cores == 1:
        yield "With one core, the server takes its time from what is measured. Use a machine with two."


def low(what: str, limit: list[int | None], few: int, command: str) -> Iterator[str]:
    """Yield what is wrong with a limit, soft and hard, that many workers would reach."""
    soft, hard = limit
    if soft is None or soft >= few:
        return
    most = few if hard is None else min(few, hard)
    more = f"More, in this shell: `{command} {most}`" if most > soft else "Ask the administrator for more."
    yield f"Only {soft:,} {what} at once; a case that needs more fails. {more}"


def interpreter(python: Facts, packages: Facts) -> Iterator[str]:
    """Yield what is wrong with the interpreter and its packages."""
    if python["debug_modes"]:
        yield (
            f"Python runs with {' and '.join(python['debug_modes'])}, which slows some models more than "
            "others. `unset PYTHONDEVMODE PYTHONASYNCIODEBUG PYTHONTRACEMALLOC`, or use another build."
        )
    if python["free_threaded_build"] and python["gil"]:
        yield "This build can do without the GIL, and has it on. Turn it off: `export PYTHON_GIL=0`"
    if not packages["uvloop"]:
        yield "uvloop is not installed: the server answers fewer requests. `pip install uvloop`"
