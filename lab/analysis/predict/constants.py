"""The constants of a machine, read from results: what waiting, starting, computing and fetching cost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from lab.analysis.predict import measured
from lab.analysis.predict.costs import Costs
from lab.analysis.predict.estimate import NOTHING, ONE, Ends, over
from lab.analysis.predict.laws import Fit
from lab.analysis.predict.measured import Unit
from lab.analysis.predict.models import Law, by_law
from lab.analysis.predict.sources import Sources
from lab.core.constants import CostOfComputing, CostOfFetching, CostOfStarting, CostOfWaiting


class Constants(NamedTuple):
    """What is known of a machine. What is kept by model holds for all models with its law (`seen_by`).

    waiting: model -> the costs of its tasks that wait, fetched through the client that costs least.
    up_to: how many in flight these were measured with, at most.
    cores: of the machine on which computing was measured; pace: what a second of computing takes in one
        more run.
    laws: model -> Amdahl's law and the USL, fitted to computing under it.
    handing_s: model -> seconds to hand a task to a process and to get its answer, one after another.
    client: the library that fetches; least_client: the one that costs least.
    extra_s: model -> CPU of each fetch through the client, beyond that of the least.
    blocking_s: CPU of each fetch by a thread that is there already.
    task, thread, process: what it costs to start and hold one.
    sources: experiment -> the folder its results came from; unusable: why others could not be used.
    """

    waiting: Mapping[str, Costs]
    up_to: int = 0
    cores: int = 1
    pace: Ends = ONE
    laws: Mapping[str, Mapping[str, Fit]] = {}
    handing_s: Mapping[str, Ends] = {}
    client: str = ""
    least_client: str = ""
    extra_s: Mapping[str, Ends] = {}
    blocking_s: Ends = NOTHING
    task: Unit = Unit()
    thread: Unit = Unit()
    process: Unit = Unit()
    sources: Mapping[str, Path] = {}
    unusable: tuple[str, ...] = ()

    def seen_by(self, model: str, *, waits: bool) -> Constants:
        """Return the constants by law: the model's own where it was measured, else of one with its law.

        Where no task waits, nothing is fetched: then what waiting and fetching cost is left out.
        """
        if not waits:
            self = self._replace(waiting={}, extra_s={}, blocking_s=NOTHING)
        return self._replace(
            waiting=by_law(self.waiting, model),
            laws=by_law(self.laws, model),
            handing_s=by_law(self.handing_s, model),
            extra_s=by_law(self.extra_s, model),
        )


def constants(out: Path, reference: Path, client: str | None = None) -> Constants:
    """Return the constants from the results in `out`, else from those in `reference`.

    client: the library that fetches; None for the usual one.
    Raises LabError where something was not measured in either folder, or not with that client.
    """
    sources = Sources(out, reference)
    waits, starts = sources.of(CostOfWaiting), sources.of(CostOfStarting)
    computes, fetches = sources.of(CostOfComputing), sources.of(CostOfFetching)
    cores = int(computes.results.environment["machine"]["cores"])
    client, least = client or fetches.declared.usual, fetches.declared.least
    through, least_s = (measured.fetching(fetches, name) for name in (client, least))
    return Constants(
        measured.waiting(waits),
        up_to=waits.declared.up_to,
        cores=cores,
        pace=measured.pace(computes),
        laws=measured.scaling_laws(computes, cores),
        handing_s=measured.handing(computes),
        client=client,
        least_client=least,
        extra_s={model: over(through[model] - least_s[model]) for model in through if model in least_s},
        blocking_s=over(by_law(through)[Law.THREAD_POOL]),
        task=measured.starting(starts, starts.declared.task),
        thread=measured.starting(starts, starts.declared.thread),
        process=measured.starting(starts, starts.declared.process),
        sources={source.experiment: source.folder for source in (waits, starts, computes, fetches)},
        unusable=tuple(sources.unusable()),
    )
