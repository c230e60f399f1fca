"""SHA-256 of one large buffer: CPU-bound work that releases the GIL while it computes.

`hashlib` lets go of the GIL for every update of more than 2047 bytes. A task hashes the whole buffer
and then its own number, so that every task costs the same and has a result of its own.
"""

import hashlib
from dataclasses import dataclass
from functools import cache

from lab.core import Workload


@dataclass(frozen=True)
class Sha256:
    """Hash `mib` MiB and a chunk's number: chunk -> digest in hexadecimal."""

    mib: int

    def __call__(self, chunk: int) -> str:
        """Return the digest of the buffer and the chunk's number."""
        digest = hashlib.sha256(buffer(self.mib))
        digest.update(str(chunk).encode())
        return digest.hexdigest()

    def prepare(self) -> None:
        """Make the buffer."""
        buffer(self.mib)

    def expect(self, chunk: int) -> str:
        """Return the right digest, from the buffer's hash state, which is computed once."""
        digest = _state(self.mib).copy()
        digest.update(str(chunk).encode())
        return digest.hexdigest()


@cache
def buffer(mib: int) -> bytes:
    """Return `mib` MiB of the bytes 0 to 255, over and over."""
    return bytes(range(256)) * (mib * 4096)


@cache
def _state(mib: int) -> "hashlib._Hash":
    return hashlib.sha256(buffer(mib))


def sha256(mib: int = 40) -> Workload:
    """Return a workload whose tasks each hash `mib` MiB: 24 ms at 1.7 GB/s."""
    task = Sha256(mib)
    return Workload(task, expect=task.expect, prepare=task.prepare)
