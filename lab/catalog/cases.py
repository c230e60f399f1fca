"""An experiment's grid as cases."""

from collections.abc import Mapping, Sequence
from itertools import product

from lab.catalog.models import load_model
from lab.core.experiment import Experiment
from lab.core.machine import cores
from lab.core.work import Case, Value


def cases(name: str, experiment: Experiment) -> list[Case]:
    """Return the cases of an experiment's grid, in its order, each once.

    The value "cores" becomes their number. An axis that a model has no use for is dropped from its
    cases; cases that would then be the same work under two names are one.
    """
    once: dict[Case, Case] = {}
    for values in product(*experiment.grid.values()):
        params = dict(zip(experiment.grid, values, strict=True))
        params = {axis: cores() if value == "cores" else value for axis, value in params.items()}
        if experiment.keep is not None and not experiment.keep(params):
            continue
        if experiment.workload is not None and "model" in params:
            params = of_use(params, experiment.grid)
        case = Case(name, params)
        workers = {"workers": case.workers} if "workers" in params else {}  # "all" is a number too
        once.setdefault(Case(name, {**params, **workers}), case)
    return list(once.values())


def of_use(params: Mapping[str, Value], grid: Mapping[str, Sequence[Value]]) -> dict[str, Value]:
    """Return `params` without the axes that other models of the grid use and this one does not."""
    used = set(load_model(str(params["model"])).axes)
    of_models = {axis for name in grid["model"] for axis in load_model(str(name)).axes}
    return {axis: value for axis, value in params.items() if axis in used or axis not in of_models}
