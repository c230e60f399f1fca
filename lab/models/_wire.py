"""Packs an outcome in a worker process and unpacks it in the parent; no outcome is lost on the way."""

import pickle
import signal

from lab.core.clock import Ticket, lost
from lab.core.work import Outcome


def packed(outcome: Outcome, ticket: Ticket) -> bytes:
    """Return the outcome as bytes; a result that does not pickle becomes a failed outcome that says so."""
    try:
        return pickle.dumps(outcome)
    except Exception as error:  # whatever refuses to be pickled chooses its own exception
        return pickle.dumps(lost(ticket, f"the result does not pickle: {error}"))


def unpacked(message: bytes, ticket: Ticket, exit_code: int | None) -> Outcome:
    """Return the outcome in the message; an empty one means that the worker died before it answered."""
    if not message:
        return lost(ticket, died(exit_code))
    try:
        outcome: Outcome = pickle.loads(message)
    except Exception as error:  # as above
        return lost(ticket, f"the result does not unpickle: {error}")
    return outcome


def died(exit_code: int | None) -> str:
    """Return in words how a worker ended; a negative code is a signal, as `multiprocessing` has it."""
    if exit_code is not None and exit_code < 0:
        return f"the worker was killed by {signal.Signals(-exit_code).name}"
    return f"the worker exited with code {exit_code} before it answered"
