"""Where the constants of a machine come from: results of the experiments that declare to measure them.

Each constant comes from the results folder where it was measured there, else from the reference results,
which come with the lab and are of another machine.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import numpy as np

import lab.experiments
from lab.analysis.predict.models import law_of
from lab.analysis.stats.counterparts import matching
from lab.analysis.stats.intervals import Array
from lab.analysis.stats.rounds import Rounds, by_round
from lab.catalog.experiments import experiments_folder, find
from lab.catalog.names import model_names, names_in
from lab.core.constants import Constant, axes_of
from lab.core.errors import LabError
from lab.core.work import Value
from lab.store.folders import ResultsFolder
from lab.store.reading import Results, read

C = TypeVar("C", bound=Constant, covariant=True)


class Source(NamedTuple, Generic[C]):
    """A declared constant, and the results of the experiment that measured it."""

    experiment: str
    folder: Path
    declared: C
    results: Results
    rounds: Rounds

    def values(self, metric: str) -> Array:
        """Return a metric, [cases, rounds]; NaN where it was not measured at all."""
        return self.rounds.values.get(metric, np.full((len(self.rounds.cases), 1), np.nan))

    def by_model(self, where: Mapping[str, Value], values: Array, *laws: str) -> dict[str, Array]:
        """Return model -> the rounds of its case with these axes, of all models with a law.

        values: [cases, rounds]. Raises LabError where none of the models has one of `laws`.
        """
        cases = self.rounds.cases
        indices = [index for index in matching(cases, where) if np.isfinite(values[index]).any()]
        models = {str(cases[index].get("model")): values[index] for index in indices}
        self.require(models, *laws)
        return {model: each for model, each in models.items() if law_of(model)}

    def require(self, models: Iterable[str], *laws: str) -> None:
        """Raise LabError where one of the laws has no model among those that have the constant."""
        measured = set(map(law_of, models))
        for law in laws:
            if law not in measured:
                raise self.lacks(f" under {next(name for name in model_names() if law_of(name) == law)}")

    def lacks(self, under: str = "", what: str = "") -> LabError:
        """Return the error that these results do not have the constant, or something else."""
        missing = f"{what or self.declared.what} was not measured{under}"
        return LabError(missing, where=str(self.folder), remedy=f"lab run {self.experiment}")


class Sources:
    """The results that have constants: in `out`, else in `reference`."""

    def __init__(self, out: Path, reference: Path) -> None:
        self.folders = (ResultsFolder(out), ResultsFolder(reference))
        shown = (lab.experiments.shipped, experiments_folder())
        files = {name: folder / f"{name}.py" for folder in shown for name in names_in(folder)}
        self.experiments = {name: find(str(path)) for name, path in files.items()}

    def of(self, kind: type[C]) -> Source[C]:
        """Return the newest results that have this constant; LabError where there are none."""
        declared = self._declared(kind)
        for folder in self.folders:
            files = {folder.finished(name) / "trials.csv": name for name in declared}
            if finished := [file for file in files if file.is_file()]:
                newest = max(finished, key=lambda file: file.stat().st_mtime)
                name, results = files[newest], read(newest.parent)
                source = Source(name, newest.parent, declared[name], results, by_round(results))
                if absent := set(axes_of(source.declared)) - set(results.axes):
                    raise source.lacks(f" over {min(absent)}")
                return source
        why = "".join(f" ({reason})" for reason in self.unusable())
        if not declared:
            raise LabError(f"no experiment measures {kind.what}{why}", where=str(experiments_folder()))
        names = [name for each in Constant.__args__ for name in self._declared(each)]
        what, remedy = f"not measured, so nothing can be predicted{why}", f"lab run {' '.join(names)}"
        raise LabError(what, where=min(declared), remedy=remedy)

    def unusable(self) -> list[str]:
        """Return why it is not known what some results in `out` measure: their file is faulty, or gone."""
        faults = {name: str(each.fault) for name, each in self.experiments.items() if each.fault}
        names = [name for name in self.folders[0].names() if name in faults or name not in self.experiments]
        return [faults.get(name, f"{name}: the experiment's file is gone") for name in names]

    def _declared(self, kind: type[C]) -> dict[str, C]:
        """Return experiment -> its declaration, of those that declare to measure a constant."""
        return {
            name: constant
            for name, each in self.experiments.items()
            for constant in (each.experiment.constants if each.experiment else ())
            if isinstance(constant, kind)
        }
