"""Costs of the machine that an experiment measures, as plain data: `lab predict` calculates with them.

An experiment declares where in its rows they are: `constants=[CostOfWaiting("tasks", up_to=1_000)]`.
Where several experiments declare the same cost, the newest results count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from lab.core.work import Value


@dataclass(frozen=True, slots=True)
class CostOfWaiting:
    """What one more task that waits costs each model: makespan, CPU and memory.

    All tasks of a case wait `limit_s` at once; `axis` is their number. The costs are read off the sizes up
    to `up_to`, from `makespan_s`, `cpu_of_each_s`, `waiting_memory_bytes` and `peak_memory_bytes`.
    """

    axis: str
    up_to: int
    what: ClassVar[str] = "the cost of waiting"


@dataclass(frozen=True, slots=True)
class CostOfStarting:
    """What it costs to start a task, a thread and a worker process, and what each of them holds.

    `axis` has the three under these values, and `size` how many were alive together. Read off the largest
    size, from `cpu_of_each_s`, `memory_of_each_bytes` and `until_runs_s`.
    """

    axis: str
    size: str
    task: str
    thread: str
    process: str
    what: ClassVar[str] = "the cost of starting"


@dataclass(frozen=True, slots=True)
class CostOfComputing:
    """How `makespan_s` of work that computes falls with its workers, and what it costs to hand over a task.

    axis: the number of workers; where: the cases in which it is swept.
    smallest: the cases whose `tasks` compute next to nothing, so that to hand them over is what takes time.
    """

    axis: str
    where: Mapping[str, Value]
    smallest: Mapping[str, Value]
    what: ClassVar[str] = "the cost of computing"


@dataclass(frozen=True, slots=True)
class CostOfFetching:
    """What a fetch takes of the CPU through each client library: `cpu_of_each_s`.

    axis: the clients; least: the one that costs least, with which `CostOfWaiting` is measured;
    usual: the one that predictions assume; where: the cases that count.
    """

    axis: str
    least: str
    usual: str
    where: Mapping[str, Value] = field(default_factory=dict)
    what: ClassVar[str] = "the cost of fetching"


Constant = CostOfWaiting | CostOfStarting | CostOfComputing | CostOfFetching


def axes_of(constant: Constant) -> list[str]:
    """Return the axes that a declaration names, sorted."""
    options = {name: getattr(constant, name) for name in constant.__slots__}
    named = {options["axis"], options.get("size", options["axis"])}
    return sorted(named.union(*(option for option in options.values() if isinstance(option, Mapping))))
