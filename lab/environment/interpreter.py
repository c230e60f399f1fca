"""Which Python this is, how it was built, and what slows it down."""

import os
import platform
import shlex
import sys
import tracemalloc
from multiprocessing import get_context
from sysconfig import get_config_var
from typing import Any


def interpreter() -> dict[str, Any]:
    """Return what is known of this interpreter, as JSON can hold it."""
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "build": " ".join(platform.python_build()),
        "compiler": platform.python_compiler(),
        "build_flags": build_flags(get_config_var("CONFIG_ARGS")),
        "free_threaded_build": bool(get_config_var("Py_GIL_DISABLED")),
        "optimised_build": optimised(get_config_var("CONFIG_ARGS")),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "start_method": get_context().get_start_method(),
        "switch_interval_s": sys.getswitchinterval(),
        "debug_modes": debug_modes(),
    }


def build_flags(config_args: str | None) -> list[str]:
    """Return the features the interpreter was built with or without, and none of the builder's paths."""
    words = shlex.split(config_args or "")
    kinds = ("--enable-", "--disable-", "--with-", "--without-")
    return sorted(word for word in words if word.startswith(kinds) and "/" not in word)


def optimised(config_args: str | None) -> bool | None:
    """Return whether the interpreter was built with its profile; None where it does not say."""
    return "--enable-optimizations" in config_args if config_args else None


def debug_modes() -> list[str]:
    """Return what slows this interpreter down for the sake of finding faults."""
    modes = {
        "a debug build": hasattr(sys, "gettotalrefcount"),
        "development mode": sys.flags.dev_mode,
        "asyncio's debug mode": bool(os.environ.get("PYTHONASYNCIODEBUG")),
        "tracemalloc": tracemalloc.is_tracing(),
        "a trace or profile function": bool(sys.gettrace() or sys.getprofile()),
    }
    return [mode for mode, is_on in modes.items() if is_on]
