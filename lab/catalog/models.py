"""Loads a model by its name, and says which packages are missing."""

import importlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from lab.catalog.check_fields import MODEL, check_fields
from lab.catalog.names import PACKAGE, known, model_names
from lab.core.errors import LabError

if TYPE_CHECKING:
    from lab.core.work import Model


@cache
def load_model(name: str) -> "Model":
    """Return the model of that name; LabError where its file has a fault."""
    from lab.core.work import Model

    known(name, model_names(), "model")
    where = str(PACKAGE / "models" / f"{name}.py")
    try:
        model = getattr(importlib.import_module(f"lab.models.{name}"), "model", None)
    except Exception as error:  # a file somebody added may raise anything
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise LabError(f"does not import: {reason}", where=where) from error
    if not isinstance(model, Model):
        raise LabError("has no `model`", where=where, remedy="assign one: model = Model(opened)")
    try:
        check_fields(model, MODEL)
    except LabError as fault:
        raise LabError(fault.what, where=where, remedy=fault.remedy) from fault
    return model


def missing(packages: Iterable[str]) -> str:
    """Return the words for what is not installed of `packages`; empty where all of them are."""
    absent = [package for package in packages if importlib.util.find_spec(package) is None]
    return f"not installed: {', '.join(absent)}; pip install {' '.join(absent)}" if absent else ""
