"""The laws that models declare: what was measured under one model holds for all models with its law."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from lab.catalog.models import load_model
from lab.catalog.names import model_names

T = TypeVar("T")


class Law(StrEnum):
    """The law that the cost of a model's tasks follows, as the model's file declares it (`Model.law`)."""

    SEQUENTIAL = "sequential"
    THREAD_EACH = "thread for each task"
    THREAD_POOL = "thread pool"
    PROCESS_POOL = "process pool"
    EVENT_LOOP = "event loop"
    LOOP_AND_POOL = "event loop and process pool"


def law_of(model: str) -> str:
    """Return the law that a model's file declares; "" where it declares none, or there is no such model."""
    return load_model(model).law if model in model_names() else ""


def by_law(measured: Mapping[str, T], model: str = "") -> dict[str, T]:
    """Return law -> the value of `model` where that has the law, else of the first measured that has."""
    first = {law_of(name): value for name, value in reversed(list(measured.items()))}
    return first | ({law_of(model): measured[model]} if model in measured else {})
