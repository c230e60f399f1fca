"""How long a run will take, estimated before it runs."""

from statistics import median

from lab.core.errors import LabError
from lab.core.work import Case
from lab.runner.jobs import Job
from lab.store.folders import ResultsFolder, reference_beside
from lab.store.reading import read

CHILD_S = 0.3  # to start and end a child
BATCH_S = 0.2  # a batch whose limit is not known


def estimated_s(job: Job, store: ResultsFolder) -> float:
    """Return the seconds that a job will take: as it took before, or the reference, or by its limits."""
    reference = reference_beside(store.out)
    earlier = earlier_s(job, store) or (earlier_s(job, ResultsFolder(reference)) if reference else {})
    return job.settings.rounds * sum(
        earlier.get(tuple(str(case.params.get(axis, "")) for axis in job.experiment.grid))
        or guess_s(job, case)
        for case in job.cases
    )


def guess_s(job: Job, case: Case) -> float:
    """Return the seconds of a trial whose batches take their limit."""
    workload = job.workload(case)
    limit_s = workload.limit_s(case.tasks, job.in_flight(case)) if workload is not None else None
    batches = (job.settings.warmups or 0) + (job.settings.samples or 1)
    return CHILD_S + batches * (limit_s or BATCH_S)


def earlier_s(job: Job, store: ResultsFolder) -> dict[tuple[str, ...], float]:
    """Return case -> the median seconds of its trials in a result with as many batches per trial."""
    try:
        results = read(store.newest(job.name))
    except LabError:
        return {}
    plan = results.environment["plan"]
    if (plan.get("samples"), plan.get("warmups")) != (job.settings.samples, job.settings.warmups):
        return {}
    seconds: dict[tuple[str, ...], list[float]] = {}
    for row in results.trials.iter_rows(named=True):
        values = tuple(row.get(axis) or "" for axis in job.experiment.grid)
        seconds.setdefault(values, []).append(row.get("wall_s") or 0.0)
    return {values: median(of_case) for values, of_case in seconds.items()}
