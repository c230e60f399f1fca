"""A `ProcessPoolExecutor` whose workers have all started; two models share it."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from lab.models._barrier import invitation, meet


@contextmanager
def process_executor(workers: int, start_method: str | None) -> Iterator[Executor]:
    """Open an executor of `workers` processes, all of them met; close it and join them."""
    context = get_context(start_method)
    with ProcessPoolExecutor(workers, context, **invitation(context, workers)) as pool:
        list(pool.map(meet, range(workers)))
        yield pool
