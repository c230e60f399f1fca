"""The rows of a results folder: one for each sample, one for each trial.

The runner makes them and the store keeps them; a trial's child process needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.core.work import Case, Value


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of samples.csv: the measurement of one batch. `void` says why it does not count."""

    round: int
    trial: int
    sample: int
    case: Case
    metrics: Mapping[str, Value]
    void: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One row of trials.csv: how one child process fared.

    `status` is one of ok, void, raised, killed, exited, timeout, skipped; `samples` counts the rows
    that the trial wrote to samples.csv. `first_batch_s` is the makespan of the first batch, whether
    it is recorded as a sample or not; `memory_kind` says what the peak adds up: "pss" or "uss".
    """

    round: int
    trial: int
    case: Case
    status: str
    samples: int
    start_up_s: float | None = None
    first_batch_s: float | None = None
    shutdown_s: float | None = None
    wall_s: float | None = None
    peak_memory_bytes: int | None = None
    memory_kind: str | None = None
    reason: str = ""
    stderr: str = ""
