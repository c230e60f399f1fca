"""Forks beside other threads, of which CPython warns from 3.12 on.

Where warnings are errors, CPython 3.12 to 3.14 drop this one. From 3.15 on `os.fork` raises it in the
parent while the child runs: nobody has its pid, so nobody can end it or wait for it.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unwarned_forks() -> Iterator[None]:
    """Ignore, in the block, the warning that this process has several threads when it forks."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* multi-threaded, use of fork", DeprecationWarning)
        yield
