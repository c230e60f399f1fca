"""Which interpreters the lab runs on, and whether this is one of them.

As a script it ends with one line where this is none. Any Python runs it, however old: no import of the lab,
and no syntax that is new.
"""

import sys

SERVED = "CPython 3.11 to 3.15, with its GIL"
FREE_THREADED = "free-threading build" in sys.version
IS_SERVED = (
    sys.version_info[0] == 3
    and sys.implementation.name == "cpython"
    and (3, 11) <= sys.version_info[:2] <= (3, 15)
    and not FREE_THREADED
)


def unserved():
    # type: () -> str
    """Return which interpreter this is, and those that the lab runs on."""
    import platform  # here: every command loads this file

    this = platform.python_implementation() + " " + platform.python_version()
    return "this is " + this + FREE_THREADED * ", built without a GIL" + "; the lab runs on " + SERVED


if __name__ == "__main__" and not IS_SERVED:
    sys.exit(unserved() + "; name one: make PYTHON=python3.13")
