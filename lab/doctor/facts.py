"""What this machine, this interpreter and the lab's packages are, before anything is measured."""

from __future__ import annotations

from typing import Any

from lab import environment
from lab.catalog.models import load_model, missing
from lab.catalog.names import model_names


def collect() -> dict[str, Any]:
    """Return what is stored with every result, and for each model why it cannot run here ("" where it can).

    None stands for what the system does not say.
    """
    models = {name: load_model(name) for name in model_names()}
    reasons = {name: model.unavailable or missing(model.needs) for name, model in models.items()}
    return environment.describe() | {"models": reasons}
