"""Ways to move blocks of data to workers and back: for `payload.py`."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Any

from lab.workloads import arbitrage

TASKS = 2
LEGS = 8  # about 5 ms of searching
START_METHODS = {"fork_pool": "fork", "shared_memory": "fork", "spawn_pool": "spawn"}

Move = Callable[[int], list[bytes]]


def task(block: bytes, legs: int) -> bytes:
    """Search, if `legs` is not 0, and return the block."""
    if legs:
        arbitrage.Search(legs)(0)
    return block


def task_in_place(name: str, size: int, legs: int) -> int:
    """Do the same with a block in shared memory; return the sum of its first and last byte."""
    if legs:
        arbitrage.Search(legs)(0)
    from multiprocessing.shared_memory import SharedMemory

    segment: Any = SharedMemory(name)
    ends: int = segment.buf[0] + segment.buf[size - 1]
    segment.close()
    return ends


@contextmanager
def in_caller(blocks: list[bytes]) -> Iterator[Move]:
    """Run the tasks one after another in this process."""
    yield lambda legs: [task(block, legs) for block in blocks]


@contextmanager
def threads(blocks: list[bytes]) -> Iterator[Move]:
    """Give each block to a thread."""
    with ThreadPoolExecutor(TASKS) as pool:
        yield lambda legs: list(pool.map(task, blocks, [legs] * TASKS))


@contextmanager
def pool_of(method: str, blocks: list[bytes]) -> Iterator[Move]:
    """Give each block to a process, through pickles and pipes."""
    with opened_pool(method) as pool:
        yield lambda legs: pool.starmap(task, [(block, legs) for block in blocks], chunksize=1)


@contextmanager
def shared_memory(blocks: list[bytes]) -> Iterator[Move]:
    """Copy the blocks into memory that the processes share, and the results out of it."""
    from multiprocessing.shared_memory import SharedMemory  # here: the other ways do not need it

    size = len(blocks[0])
    with ExitStack() as stack:
        # Before the pool: its workers then share the helper process that tracks the segments.
        segments: list[Any] = [SharedMemory(create=True, size=size) for _ in blocks]
        for segment in segments:
            stack.callback(segment.unlink)
            stack.callback(segment.close)
            segment.buf[:size] = bytes(size)
        pool = stack.enter_context(opened_pool(START_METHODS["shared_memory"]))

        def batch(legs: int) -> list[bytes]:
            for segment, block in zip(segments, blocks, strict=True):
                segment.buf[:size] = block
            ends = pool.starmap(task_in_place, [(each.name, size, legs) for each in segments], chunksize=1)
            if ends != [block[0] + block[-1] for block in blocks]:
                raise RuntimeError("a worker saw other bytes than it was sent")
            return [bytes(segment.buf[:size]) for segment in segments]

        yield batch


@contextmanager
def opened_pool(method: str) -> Iterator[Any]:
    """Open a pool whose workers have made the market; close it and wait for them."""
    pool = get_context(method).Pool(TASKS, arbitrage.market)
    try:
        pool.map(first_search, range(TASKS), chunksize=1)
        yield pool
    finally:
        pool.close()
        pool.join()


def first_search(_: int) -> None:
    """Search once in each process: its first search takes half as long again as later ones."""
    arbitrage.Search(LEGS)(0)


ARMS: dict[str, Callable[[list[bytes]], Any]] = {
    "in_process": in_caller,
    "threads": threads,
    "fork_pool": partial(pool_of, "fork"),
    "spawn_pool": partial(pool_of, "spawn"),
    "shared_memory": shared_memory,
}
