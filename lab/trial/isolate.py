"""Tries what may die or hang: in a forked process of its own, that is watched and ended from outside.

    fates = attempts({"naive": work, "safe": other_work})
    fates["naive"].kind         "answered", "gone", "hangs" or "unknown"

For experiments on what goes wrong. An attempt hangs that has not answered and is asleep, in all its threads
and descendants, at each look of `patience_s`; one that computes or waits for a core has all the time of the
trial. Looks are counted, and not seconds: on a busy machine a look can come late, and one is not enough.
Only Linux tells which processes sleep. Elsewhere an attempt without an answer after `unknown_after_s` is
ended too, and its fate is unknown: it may hang, or only be slow.
"""

import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from time import perf_counter_ns as now
from typing import Any, NoReturn

from lab.core.forking import unwarned_forks
from lab.cost.tree import asleep


@dataclass(frozen=True, slots=True)
class Fate:
    """The fate of an attempt.

    kind: "answered", "gone" (it ended without an answer), "hangs", or "unknown" (no answer in time).
    answer: what it returned, as JSON can carry it; None unless it answered.
    printed: whether anything was written to its standard error.
    """

    kind: str
    answer: Any = None
    printed: bool = False


class Attempt:
    """A function that runs in a forked process, in a session of its own."""

    def __init__(self, work: Callable[[], Any]):
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 as it is read after its writer's end
        self._answer, write_end = os.pipe()
        self._began_ns, self._asleep_looks = now(), 0
        with unwarned_forks():
            self._pid = os.fork()
        if self._pid == 0:
            self._run(work, write_end)
        os.close(write_end)

    def _run(self, work: Callable[[], Any], write_end: int) -> NoReturn:
        code = 1
        try:
            os.setsid()
            os.dup2(self._errors.fileno(), 2)
            os.write(write_end, json.dumps(work()).encode())
            code = 0
        finally:
            os._exit(code)

    def fate(self, patience: int, unknown_after_s: float) -> Fate | None:
        """Return what became of it, and end what is left of it; None as long as that is open.

        patience: at how many looks in a row it has to be asleep to be taken for one that hangs.
        """
        ended = os.waitpid(self._pid, os.WNOHANG)[0] == self._pid
        sleeps = False if ended else asleep(self._pid)
        self._asleep_looks = self._asleep_looks + 1 if sleeps else 0
        late = sleeps is None and now() - self._began_ns > unknown_after_s * 1e9
        if not ended and not late and self._asleep_looks <= patience:
            return None
        with suppress(ProcessLookupError):  # nothing is left of its group
            os.killpg(self._pid, signal.SIGKILL)
        if not ended:
            os.waitpid(self._pid, 0)
        with os.fdopen(self._answer, "rb") as pipe, self._errors:
            answer, printed = pipe.read(), os.fstat(self._errors.fileno()).st_size > 0
        if ended:
            return Fate("answered", json.loads(answer), printed) if answer else Fate("gone", None, printed)
        return Fate("unknown" if sleeps is None else "hangs", None, printed)


def attempts(
    works: Mapping[str, Callable[[], Any]],
    *,
    patience_s: float = 0.2,
    look_every_s: float = 0.02,
    unknown_after_s: float = 5.0,
) -> dict[str, Fate]:
    """Run all of them at once, and return what became of each; nothing of them is left.

    The functions are forked, so they may be any; what they return has to be of JSON's kinds, and to be
    short enough for a pipe to hold (64 kB on Linux). Only where there is `os.fork`.
    """
    running = {name: Attempt(work) for name, work in works.items()}
    fates: dict[str, Fate] = {}
    patience = ceil(patience_s / look_every_s)
    while running:
        time.sleep(look_every_s)
        for name, attempt in list(running.items()):
            fate = attempt.fate(patience, unknown_after_s)
            if fate is not None:
                fates[name] = fate
                del running[name]
    return {name: fates[name] for name in works}
