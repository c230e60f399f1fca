"""The limits of a login: raised if that is allowed; if not, named with the command that raises them."""

import sys


def allow_files(files: int) -> None:
    """Raise the soft limit of open files, which children inherit, if it is lower."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))


def limit_too_low(*, files: int = 0, threads: int = 0) -> str:
    """Return which hard limit is too low for the files and threads, and the command that raises it."""
    if sys.platform == "win32":
        return ""
    import resource

    limits = (
        (files, "open files", resource.RLIMIT_NOFILE, "n"),
        (threads, "threads and processes", resource.RLIMIT_NPROC, "u"),
    )
    for needed, what, limit, letter in limits:
        _, hard = resource.getrlimit(limit)
        if hard != resource.RLIM_INFINITY and hard < needed:
            how = f"raise it as root: ulimit -H{letter} {needed}"
            return f"needs {needed} {what}, the hard limit is {hard}; {how}"
    return ""
