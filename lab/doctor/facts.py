"""What this machine, this interpreter and the lab's packages are, before anything is measured."""

from __future__ import annotations

from typing import Any

from lab import environment
from lab.catalog.models import load_model, missing
from lab.catalog.names import model_names
from lab.environment.code import installed

Facts = dict[str, Any]


def collect() -> Facts:
    """Return what is stored with every result, and which models and packages there are.

    None where the system does not tell.
    """
    described = environment.describe()
    return described | {
        "packages": described["packages"] | {"pyperf": installed("pyperf")},
        "models": {name: unavailable_reason(name) for name in model_names()},
    }


def unavailable_reason(model: str) -> str:
    """Return why a model cannot run here; empty where it can."""
    loaded = load_model(model)
    return loaded.unavailable or missing(loaded.needs)
