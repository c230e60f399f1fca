"""Large arguments and results: what does it cost to move them, and when is one process alone faster?

## The question

Two tasks compute for 5 ms each. Each gets a block of bytes and returns it, from 1 KiB to 64 MiB. In one
process (`in_process`) they run one after another: 10 ms, whatever the size of the block. Two processes need
half of that at best, plus the time to send the blocks and get them back. From which size is the gain lost?

## What to expect

- A thread gets a reference. Its blocks are not moved at all, and tasks with 64 MiB take as long as those
  with 1 KiB. It gains nothing either, because of the GIL: two threads compute as long as one after another.
- A process has a memory of its own. The block is pickled, written into a pipe, read and unpickled, and all
  of that again for the result: several copies, in pieces of 64 KiB that two processes pass to each other.
  That takes about two nanoseconds for each byte, so some hundreds of KiB take as long as the 5 ms that
  could be gained. The pipe is the same for every start method: spawned workers take longer to start, and
  afterwards at most a quarter longer for the same work.
- With shared memory the block is copied in, and the result copied out: a third to half of a nanosecond for
  each byte, with 64 MiB a seventh of the pipe's time. It is worth it up to a size that is several times
  larger, but there is a limit: with 8 MiB it takes about twice as long as one process alone. A program that
  leaves the data there and works on them in place does not copy at all: that is the purpose of shared
  memory.
- Each block is held several times at once: its pickle, the copy in the worker, and the same of the result.
  `held_for_each_byte` counts how often, without the argument itself: three to five times through a pipe.
  With shared memory it is once, for the copy of the result; the segment, which exists before, does not
  count.

## What to look at

The makespan over the size: from the point at which a line crosses that of `in_process`, processes are no
longer worth it for 5 ms of work. With 50 ms of work it would be ten times that size. Then the same for
shared memory. Then the time for each byte, which is constant at the large sizes; at the small ones it is
the cost of a task, divided by few bytes. And how many bytes of memory each sent byte takes.

## What not to conclude

That arrays are moved like this. NumPy's buffers can be pickled out of band (protocol 5) and shared without
a copy. And that a forked worker must have its arguments sent: it has all data that existed before the fork
(`memory`).
"""

from collections.abc import Mapping
from multiprocessing import get_all_start_methods
from statistics import median_low
from time import perf_counter

from lab import Case, Experiment, claim, held, lines, ratio, value

from ._moves import ARMS, LEGS, START_METHODS, TASKS, Move, first_search

KIB, MIB = 1 << 10, 1 << 20
REUSED = 32 * MIB  # larger blocks are given back to the system at once (M_MMAP_THRESHOLD in mallopt(3))
MOVE_REPEATS, WORK_REPEATS = 3, 7  # for blocks of up to a MiB; the median counts
LARGE = (MIB, 8 * MIB, 64 * MIB)
EVERY_SIZE = [KIB, 128 * KIB, 256 * KIB, *LARGE]
CUT = {
    "threads": (
        EVERY_SIZE[1:-1],
        "a thread's blocks are not moved: the smallest and the largest size show that",
    ),
    "spawn_pool": ([*EVERY_SIZE[1:3], 64 * MIB], "left out to save time: its pipes are those of fork_pool"),
    "shared_memory": (EVERY_SIZE[1:3], "left out to save time: it is worth it up to larger sizes"),
}
"""How the blocks are moved -> sizes at which it is not measured, and why."""
PROCESSES = ("fork_pool", "spawn_pool", "shared_memory")


def measure(case: Case) -> Mapping[str, float | None]:
    """Move the blocks, without work and with it; return how long it took, and the memory meanwhile.

    The first batch is for the memory. It gets new pages, which later batches use again, so it is not timed.
    Blocks beyond REUSED get new pages each time, so one batch gives time and memory. Two processes do not
    always get a core each at once, so WORK_REPEATS batches with work show what is usual.
    """
    arm, size = str(case["how"]), int(case["size_bytes"])
    first_search(0)
    blocks = [bytes([7 + number]) * size for number in range(TASKS)]
    moved = MOVE_REPEATS if size <= MIB else 1
    worked = WORK_REPEATS if size <= MIB and arm in PROCESSES else moved
    with ARMS[arm](blocks) as batch:
        with held(tree=True) as memory:
            moving_s = timed(batch, blocks, legs=0)
        if size <= REUSED:
            moving_s = median_low(timed(batch, blocks, legs=0) for _ in range(moved))
        makespan_s = median_low(timed(batch, blocks, legs=LEGS) for _ in range(worked))
    each_s = moving_s / (2 * size * TASKS)  # sent and returned
    held_each = None if memory.bytes is None else memory.bytes / (size * TASKS)
    numbers = {"makespan_s": makespan_s, "moving_s": moving_s, "for_each_byte_s": each_s}
    return numbers | {"held_for_each_byte": held_each}


def timed(batch: Move, blocks: list[bytes], *, legs: int) -> float:
    """Return the seconds of a batch; RuntimeError if it does not return the blocks.

    Not by `lab.batch`: its makespan ends with the last task, in the worker, and the way back counts here.
    """
    began = perf_counter()
    returned = batch(legs)
    seconds = perf_counter() - began
    if returned != blocks:
        raise RuntimeError("what came back is not what was sent")
    return seconds


def unavailable(case: Case) -> str:
    """Return why a case is left out, or cannot run on this platform."""
    sizes, why = CUT.get(str(case["how"]), ([], ""))
    if case["size_bytes"] in sizes:
        return why
    method = START_METHODS.get(str(case["how"]))
    if method is not None and method not in get_all_start_methods():
        return f"this platform cannot start a process by {method}"
    return ""


experiment = Experiment(
    question="Up to which data size are processes worth it, for tasks of 5 ms?",
    measure=measure,
    grid={"how": list(ARMS), "size_bytes": EVERY_SIZE},
    unavailable=unavailable,
    samples=1,
    warmups=0,
    figures=[
        lines("size_bytes", "makespan_s", crossing=("in_process", "fork_pool")),
        lines(
            "size_bytes",
            "makespan_s",
            crossing=("in_process", "shared_memory"),
            how=("in_process", "shared_memory"),
            size_bytes=(KIB, *LARGE),
        ).asking("Up to which data size are processes with shared memory worth it?"),
        lines("size_bytes", "for_each_byte_s", how=PROCESSES).asking(
            "How long does each byte take, in one direction?"
        ),
        lines("size_bytes", "held_for_each_byte", how=PROCESSES, size_bytes=LARGE).asking(
            "How many bytes of memory does each sent byte take?"
        ),
    ],
    claims=[
        claim(
            "With little data, two processes are faster than one alone",
            ratio("fork_pool", to="in_process", axis="how", size_bytes=KIB) < 1,
        ),
        claim(
            "With 64 MiB sent and returned, one process alone is faster",
            ratio("fork_pool", to="in_process", axis="how", size_bytes=64 * MIB) > 1,
        ),
        claim(
            "Shared memory moves 64 MiB in less than half the time of a pipe",
            ratio("shared_memory", to="fork_pool", axis="how", metric="moving_s", size_bytes=64 * MIB)
            < 0.5,
        ),
        claim(
            "A thread gets its data almost free: 64 MiB take less than a hundredth of the pipe's time",
            ratio("threads", to="fork_pool", axis="how", metric="moving_s", size_bytes=64 * MIB) < 0.01,
        ),
        claim(
            "A process holds what it is sent at least twice",
            value("held_for_each_byte", how="fork_pool", size_bytes=64 * MIB) > 2,
        ),
    ],
)
