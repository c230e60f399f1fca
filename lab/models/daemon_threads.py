"""One daemon thread for each task: the program does not wait for it at exit.

The same as `threads` except for the flag: here, too, a thread is started inside the batch, so its start
is part of the makespan. The batch joins its threads. Without that join, a daemon thread is cut off in the
middle of its work when the main thread ends, and its `finally` blocks do not run.
"""

from functools import partial

from lab.core.work import Model
from lab.models.threads import opened, textbook

model = Model(
    partial(opened, daemon=True),
    textbook=partial(textbook, daemon=True),
    starts_in_batch=True,
    workers_in="thread",
    colour="#0276ae",
    marker="v",
)
