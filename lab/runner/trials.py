"""Runs jobs: a fresh child for each trial, in order, and a row for each, however it ends."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.client import HTTPException
from multiprocessing import get_all_start_methods
from signal import Signals
from typing import Any
from urllib.request import Request, urlopen

from lab.catalog.models import missing
from lab.core.errors import LabError
from lab.core.work import Case, Span, Value
from lab.environment import describe_end
from lab.runner.jobs import Job
from lab.runner.plan import Planned
from lab.runner.process import Report, launch
from lab.runner.reap import adopt_orphans
from lab.server.launch import Server, serving
from lab.store.records import Sample, Trial
from lab.store.writing import Writer

LIVE_PAUSE_S = 1.0
LIVE_PATIENCE_S = 10.0


class ServerWhenNeeded(ExitStack):
    """The embedded server: started by the first case that fetches, and again when it has died."""

    server: Server | None = None

    def url(self) -> str:
        """Return where the server answers."""
        if self.server is None or self.server.process.poll() is not None:
            self.close()
            self.server = self.enter_context(serving())
        return self.server.url

    def exit_reason(self) -> str:
        """Return how the server died; empty while it lives, or never had to."""
        code = self.server.process.poll() if self.server else None
        return "" if code is None else f"the server died ({ending(code)}); "


def measure(
    job: Job, writer: Writer, server: ServerWhenNeeded, pause: Callable[[float], object] = time.sleep
) -> Iterator[Planned | Trial]:
    """Run the job's trials that have no row yet; yield each as it begins, and its row when it is on disk.

    Between two trials that fetch from the live feed, `pause` for LIVE_PAUSE_S seconds.
    """
    adopt_orphans()
    unavailable = {case: unavailable_reason(job, case) for case in job.cases}
    fetched_live = False
    for planned in job.trials():
        if planned.trial in writer.committed:
            continue
        yield planned
        if reason := unavailable[planned.case]:
            trial = Trial(*planned, "skipped", 0, reason=reason)
            writer.add(trial, [])
        else:
            if fetched_live:
                pause(LIVE_PAUSE_S)
            asked = request(job, planned, server)
            report = launch(asked, timeout_s=job.settings.timeout_s or job.experiment.timeout_s)
            server_died = server.exit_reason() if job.uses_server(planned.case) else ""
            trial, samples, spans = read(planned, report, server_died)
            writer.add(trial, samples, spans)
            writer.annotate("trials", with_facts(writer.environment.get("trials", {}), report))
            fetched_live = bool(job.settings.live)
        yield trial
    writer.annotate("end", describe_end())


def with_facts(known: Mapping[str, list[Value]], report: Report) -> dict[str, list[Value]]:
    """Return fact -> the different values of all trials so far, this report's included."""
    facts: dict[str, Value] = next((frame["facts"] for frame in report.frames if "facts" in frame), {})
    both = {name: [*known.get(name, []), value] for name, value in facts.items()}
    return {name: list(dict.fromkeys(values)) for name, values in {**known, **both}.items()}


def unavailable_reason(job: Job, case: Case) -> str:
    """Return why a case cannot run here, with the remedy; empty where it can."""
    if job.experiment.unavailable is not None and (reason := job.experiment.unavailable(case)):
        return reason
    workload = job.workload(case)
    if workload is None:
        return ""
    method = case.params.get("start_method")
    if method is not None and method not in get_all_start_methods():
        return f"this platform cannot start a process by {method}"
    model = job.model(case)
    return model.unavailable or missing(model.packages(workload))


def request(job: Job, planned: Planned, server: ServerWhenNeeded) -> dict[str, Any]:
    """Return what the child is asked to measure."""
    environment = {"LAB_TAG": f"{job.name}-{planned.trial}"}
    if job.uses_server(planned.case):
        environment["LAB_SERVER"] = job.settings.live or server.url()
    if job.settings.live:
        environment["LAB_LIVE"] = "1"
    return {
        "experiment": job.name,
        "path": str(job.path),
        "params": dict(planned.case.params),
        "samples": job.settings.samples,
        "warmups": job.settings.warmups,
        "memory": not job.settings.live,
        "environment": environment,
    }


def read(planned: Planned, report: Report, server_died: str) -> tuple[Trial, list[Sample], list[Span]]:
    """Return the rows that a child's report becomes."""
    frames = {key: frame for frame in report.frames for key in frame}
    measured = [frame for frame in report.frames if "sample" in frame]
    samples = [
        Sample(planned.round, planned.trial, number, planned.case, frame["sample"], frame["void"])
        for number, frame in enumerate(measured, start=1)
    ]
    status, reason = verdict(report, frames, [sample.void for sample in samples])
    known: dict[str, Any] = {**frames.get("done", {}).get("done", {}), "wall_s": report.wall_s}
    if report.memory:
        known |= {"peak_memory_bytes": report.memory.bytes, "memory_kind": report.memory.kind}
    if status != "ok":
        reason = server_died + reason
        known["stderr"] = report.tail.decode(errors="replace")
    trial = Trial(*planned, status, len(samples), reason=reason, **known)
    return trial, samples, [Span(*span) for span in frames.get("spans", {}).get("spans", ())]


def verdict(report: Report, frames: dict[str, Any], voids: list[str]) -> tuple[str, str]:
    """Return a trial's status, and the reason where it is not ok."""
    if report.cut:
        return "timeout", f"measured everything, but {report.cut}" if "done" in frames else report.cut
    if "error" in frames:
        return "raised", frames["error"]["error"]
    if report.exit_code < 0:
        return "killed", ending(report.exit_code)
    if report.exit_code or "done" not in frames:
        when = "after it had answered" if "done" in frames else "before it had answered"
        return "exited", f"{ending(report.exit_code)} {when}"
    void = next(filter(None, voids), "")
    return ("void", void) if void else ("ok", "")


def ending(exit_code: int) -> str:
    """Return in words how a process ended."""
    if exit_code >= 0:
        return f"exited with code {exit_code}"
    try:
        return f"killed by {Signals(-exit_code).name}"
    except ValueError:
        return f"killed by signal {-exit_code}"


def check_live(url: str) -> None:
    """Raise LabError, in one line, where the live feed does not answer."""
    from lab.workloads.currency import USER_AGENT

    try:
        request = Request(f"{url}/daily/eur.json", headers={"User-Agent": USER_AGENT})
        with urlopen(request, timeout=LIVE_PATIENCE_S):
            pass
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        remedy = "check the network, or run without --live"
        raise LabError(f"does not answer: {reason}", where=url, remedy=remedy, exit_code=1) from error
