"""The models as textbooks write them, with what goes wrong in them: for `experiments/failures.py`.

Each is called with a task, the same as a coroutine function, and the items; it returns the results, or
raises what the caller is given. Two workers where there is a pool. The lab's own forms lie beside this
file.
"""

import asyncio
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from queue import Queue
from typing import Any, NoReturn

from lab.core.work import Item, Result

Call = Callable[[Item], Result]
AwaitedCall = Callable[[Item], Awaitable[Result]]
Items = Sequence[Item]
Results = list[Result]

WORKERS = 2
FORK: Any = multiprocessing.get_context("fork" if hasattr(os, "fork") else None)


def sequential(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Call one after another."""
    return [task(item) for item in items]


def threads(task: Call, _: AwaitedCall, items: Items, *, daemon: bool = False) -> Results:
    """Start a thread each, join them, and look what they have left."""
    results: dict[Item, Result] = {}

    def work(item: Item) -> None:
        results[item] = task(item)

    workers = [threading.Thread(target=work, args=(item,), daemon=daemon) for item in items]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [results.get(item) for item in items]


def daemon_threads(task: Call, awaited: AwaitedCall, items: Items) -> Results:
    """Do the same with daemon threads."""
    return threads(task, awaited, items, daemon=True)


def queue_pool(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Feed threads from a queue, and wait until every item is reported done."""
    queue: Queue[Item] = Queue()
    results: dict[Item, Result] = {}

    def work() -> None:
        while True:
            item = queue.get()
            results[item] = task(item)
            queue.task_done()

    for _worker in range(WORKERS):
        threading.Thread(target=work, daemon=True).start()
    for item in items:
        queue.put(item)
    queue.join()
    return [results.get(item) for item in items]


def thread_pool(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Map the task over the items in a pool of threads."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(task, items))


def fork(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Fork for each item, and read its result from a pipe."""
    pipes = []
    for item in items:
        read_end, write_end = os.pipe()
        if os.fork() == 0:
            end_child(task, item, write_end)
        os.close(write_end)
        pipes.append(read_end)
    answers = []
    for pipe in pipes:
        with os.fdopen(pipe, "rb") as file:
            answers.append(file.read())
        os.wait()
    return [pickle.loads(answer) for answer in answers]


def end_child(task: Call, item: Item, pipe: int) -> NoReturn:
    """Work in a forked child, and end it as an interpreter would: an exception is printed."""
    code = 1
    try:
        os.write(pipe, pickle.dumps(task(item)))
        code = 0
    except SystemExit:
        pass
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    os._exit(code)


def processes(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Start a process each, get as many results from a queue, join them."""
    results: Any = FORK.Queue()
    workers = [FORK.Process(target=put, args=(results, task, item)) for item in items]
    for worker in workers:
        worker.start()
    found = dict(results.get() for _worker in workers)
    for worker in workers:
        worker.join()
    return [found[item] for item in items]


def put(results: Any, task: Call, item: Item) -> None:
    """Put an item's result into the queue."""
    results.put((item, task(item)))


def process_pool(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Map the task over the items in a pool of processes."""
    with FORK.Pool(WORKERS) as pool:
        return list(pool.map(task, items))


def process_executor(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Map the task over the items in an executor of processes."""
    with ProcessPoolExecutor(WORKERS, FORK) as pool:
        return list(pool.map(task, items))


def asyncio_tasks(_: Call, awaited: AwaitedCall, items: Items) -> Results:
    """Gather a coroutine for each item."""

    async def main() -> Results:
        return await asyncio.gather(*(awaited(item) for item in items))

    return asyncio.run(main())


def asyncio_threads(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Gather a call in a pool of threads for each item."""
    return asyncio.run(in_executor(ThreadPoolExecutor(WORKERS), task, items))


def asyncio_processes(task: Call, _: AwaitedCall, items: Items) -> Results:
    """Gather a call in an executor of processes for each item."""
    return asyncio.run(in_executor(ProcessPoolExecutor(WORKERS, FORK), task, items))


async def in_executor(executor: Executor, task: Call, items: Items) -> Results:
    """Gather a call in an executor for each item."""
    loop = asyncio.get_running_loop()
    with executor as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, task, item) for item in items))


FORMS = {
    "sequential": sequential,
    "threads": threads,
    "daemon_threads": daemon_threads,
    "queue_pool": queue_pool,
    "thread_pool": thread_pool,
    "fork": fork,
    "processes": processes,
    "process_pool": process_pool,
    "process_executor": process_executor,
    "asyncio": asyncio_tasks,
    "asyncio_threads": asyncio_threads,
    "asyncio_processes": asyncio_processes,
}
"""The name of a model of the lab -> the textbook's form of it."""
