"""`python -m lab.cli.attended ARGS` is `lab ARGS` for as long as its standard input is open.

The end of that input counts as a Ctrl-C: the trial in flight ends with all its descendants, and what was
measured is kept. So a process that started it interrupts it by closing the pipe, or by dying.
"""

import _thread
import os
import signal
from threading import Thread, get_ident

from lab.cli import main as run
from lab.core.errors import INTERRUPTED


def attend(main: int) -> None:
    """Wait for the end of standard input, and interrupt the main thread, of that identifier."""
    while os.read(0, 1024):
        pass
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGINT)  # to that thread itself, which only this wakes from a wait
    else:
        _thread.interrupt_main()


if __name__ == "__main__":
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the parent may ignore interrupts
        Thread(target=attend, args=(get_ident(),), daemon=True).start()
        run()
    except KeyboardInterrupt:  # before or after the command, which has its own way to be interrupted
        os._exit(INTERRUPTED)
