"""Which interpreters the lab runs on, and whether this is one of them.

As a script it ends with one line where this is none. Any Python runs it, however old: no import of the lab,
and no syntax that is new.
"""

import platform
import sys
import sysconfig

SERVED = "CPython 3.11 to 3.15, with its GIL"
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
THIS = (
    platform.python_implementation()
    + " "
    + platform.python_version()
    + (", built without a GIL" if FREE_THREADED else "")
)
IS_SERVED = (
    platform.python_implementation() == "CPython"
    and (3, 11) <= sys.version_info[:2] <= (3, 15)
    and not FREE_THREADED
)

if __name__ == "__main__" and not IS_SERVED:
    sys.exit("this is " + THIS + "; the lab runs on " + SERVED + "; name one: make PYTHON=python3.13")
