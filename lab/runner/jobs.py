"""The jobs of a run: an experiment's cases and settings, fixed before anything is measured.

A job's folder and environment.json are made before the first trial of the run, so a job
with a partial folder afterwards is unfinished, and that is all that `--resume` needs to know.
"""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import reduce
from pathlib import Path
from typing import Any

from lab.catalog.cases import cases
from lab.catalog.experiments import Found
from lab.catalog.models import load_model
from lab.core.errors import LabError
from lab.core.experiment import Experiment
from lab.core.work import Case, Model, Workload
from lab.environment import describe, describe_experiment
from lab.environment.code import installed, packages_of, sources
from lab.runner import plan
from lab.runner.process import check_platform
from lab.store.environment_file import FORMAT, read_environment, write_environment
from lab.store.folders import ResultsFolder
from lab.store.writing import Writer

LIVE_IN_FLIGHT = 14
SAME_ON_RESUME = {
    "the experiment": "experiment.sha256",
    "the lab's code": "lab.sha256",
    "the interpreter": "python.version",
    "the interpreter's kind": "python.implementation",
    "the interpreter's build": "python.build",
    "the interpreter's lock": "python.gil",
    "the interpreter's build flags": "python.build_flags",
    "the start method": "python.start_method",
    "the switch interval": "python.switch_interval_s",
    "the debug modes": "python.debug_modes",
    "the system": "machine.system",
    "the CPU": "machine.cpu",
    "the number of cores": "machine.cores",
    "the cores to run on": "machine.affinity",
    "the quota on the cores": "machine.quota_cores",
    "the cores' governors": "machine.governors",
    "the cases": "experiment.cases",
    "the packages": "packages",
}
"""What must not have changed when a run is resumed -> where environment.json has it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of `lab run`; None leaves one to the experiment."""

    rounds: int = 5
    samples: int | None = None
    warmups: int | None = None
    seed: int = 0
    timeout_s: float | None = None
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    quick: bool = False
    live: str = ""

    def of(self, experiment: Experiment) -> "Settings":
        """Return the settings with the experiment's own values where no option was given."""
        timed = replace(self, timeout_s=self.timeout_s or experiment.timeout_s)
        if self.live or self.quick:
            return replace(timed, rounds=1, samples=1, warmups=0)
        warmups = experiment.warmups if self.warmups is None else self.warmups
        return replace(timed, samples=self.samples or experiment.samples, warmups=warmups)


@dataclass(frozen=True, slots=True)
class Job:
    """One experiment of a run: its cases in grid order, its settings, and how to run it again."""

    name: str
    path: Path
    experiment: Experiment
    cases: Sequence[Case]
    settings: Settings

    def trials(self) -> list[plan.Planned]:
        """Return every trial in its order; the same for the same cases, rounds and seed."""
        return list(plan.in_rounds(self.cases, self.settings.rounds, self.settings.seed))

    def workload(self, case: Case) -> Workload | None:
        """Return the workload that a case runs; None also where that raises, as its trial will report."""
        try:
            return self.experiment.workload_of(case)
        except Exception:
            return None

    def model(self, case: Case) -> Model:
        """Return the model that runs a case."""
        return load_model(self.experiment.model_of(case))

    def in_flight(self, case: Case) -> int:
        """Return the most tasks of a case that may be in flight: 1 under a model that has no workers."""
        return min(case.workers, case.tasks) if "workers" in self.model(case).axes else 1

    def uses_server(self, case: Case) -> bool:
        """Return whether a case asks the embedded server."""
        workload = self.workload(case)
        return self.experiment.uses_server or bool(workload and workload.uses_server)

    def fetches_live(self, case: Case) -> bool:
        """Return whether a case may run against the live feed: it has fetches, and few in flight."""
        workload = self.workload(case)
        return bool(workload and workload.uses_server) and self.in_flight(case) <= LIVE_IN_FLIGHT

    def environment(self, described: Mapping[str, Any]) -> dict[str, Any]:
        """Return what environment.json holds; its cases are the grid's."""
        of_grid = [case for case in self.cases if not case.is_aa_control]
        words = [word for word in sys.argv[1:] if word != "--json-events"]  # which changes no measurement
        versions = {package: installed(package) for package in sorted(self.packages())}
        return {
            "format": FORMAT,
            "experiment": describe_experiment(self.name, self.path, self.experiment, of_grid),
            "plan": asdict(self.settings) | {"command": shlex.join(["lab", *words])},
            **described,
            "packages": described["packages"] | versions,
        }

    def packages(self) -> set[str]:
        """Return the packages that the workloads and models need, and that the experiment imports."""
        needs = packages_of(sources(self.path))
        for case in self.cases:
            if work := self.workload(case):
                needs.update(work.needs, work.awaitable_needs, self.model(case).needs)
        return needs


def job(source: Found, settings: Settings) -> Job:
    """Return the job for an experiment; LabError where it has a fault."""
    experiment = source.loaded()
    settings = settings.of(experiment)
    kept = plan.kept(cases(source.name, experiment), settings.only)
    if not (settings.quick or settings.live):
        kept = plan.with_aa_control(kept, experiment.baseline, experiment.aa_control)
    made = Job(source.name, source.path, experiment, kept, settings)
    if not settings.live:
        return made
    return replace(made, cases=[case for case in kept if made.fetches_live(case)])


def begin(jobs: Sequence[Job], store: ResultsFolder) -> list[str]:
    """Make the folder and the empty files of every job; return what speaks against measuring now."""
    check_platform()
    described = describe()
    for each in jobs:
        folder = store.start(each.name)
        write_environment(folder, each.environment(described))
        Writer(folder)
    return list(described["warnings"])


def new_jobs(sources: Sequence[Found], settings: Settings) -> list[Job]:
    """Return a job for each experiment that has cases left; LabError where none has."""
    every = [case for each in sources if each.experiment for case in cases(each.name, each.experiment)]
    plan.check_only(every, settings.only)
    jobs = [each for each in (job(one, settings) for one in sources) if each.cases]
    if not jobs:
        what = "fetches from a server" if settings.live else "passes the filters"
        raise LabError(f"no case {what}", where=", ".join(each.name for each in sources))
    return jobs


def unfinished_jobs(sources: Sequence[Found], store: ResultsFolder) -> list[Job]:
    """Return the jobs that an earlier run left unfinished.

    Raises LabError where there is none, or where what would be measured now is not what was then.
    """
    jobs, described = [], describe()
    for each in sources:
        folder = store.partial(each.name)
        if not (folder / "trials.csv").is_file():
            continue
        earlier = read_environment(folder)
        # Another version of the lab may have had other settings; it is refused below.
        known = {setting.name for setting in fields(Settings)}
        settings = {name: value for name, value in earlier["plan"].items() if name in known}
        resumed = job(each, Settings(**settings))
        refuse_change(earlier, resumed.environment(described), folder)
        jobs.append(resumed)
    if not jobs:
        raise LabError("nothing to resume", where=str(store.out), remedy="start a run without --resume")
    return jobs


def refuse_change(earlier: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    """Raise LabError where what was measured and what would be measured now are not the same thing."""

    def part(tree: Mapping[str, Any], path: str) -> Any:
        return reduce(lambda part, key: part.get(key, {}), path.split("."), tree)

    changed = [what for what, path in SAME_ON_RESUME.items() if part(earlier, path) != part(now, path)]
    if changed:
        what = f"cannot resume: {', '.join(changed)} changed since"
        raise LabError(what, where=str(folder), remedy="measure again without --resume")
