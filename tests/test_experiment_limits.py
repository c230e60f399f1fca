"""The limits of a login: never lowered, and where they lack something the remedy is named."""

import sys

import pytest
from builders import beside

_limits = beside("_limits")
allow_files, limit_too_low = _limits.allow_files, _limits.limit_too_low

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
if sys.platform != "win32":
    import resource


def test_a_soft_limit_is_raised_and_never_lowered(monkeypatch):
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: limits.append(pair))
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 20_000))
    allow_files(1_000)
    assert limits == []
    allow_files(10_200)
    assert limits == [(10_200, 20_000)]


def test_no_limit_is_too_low_where_there_is_none(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, resource.RLIM_INFINITY))
    assert limit_too_low(files=10**6, threads=10**6) == ""


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        (
            {"files": 4_097},
            "needs 4097 open files, the hard limit is 4096; raise it as root: ulimit -Hn 4097",
        ),
        ({"files": 4_096}, ""),
        (
            {"threads": 5_000},
            "needs 5000 threads and processes, the hard limit is 4096; raise it as root: ulimit -Hu 5000",
        ),
    ],
)
def test_a_limit_that_is_too_low_comes_with_the_command_that_raises_it(monkeypatch, needs, says):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 4096))
    assert limit_too_low(**needs) == says
