"""What several files of tests share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import lab.experiments
from lab.server.launch import Server, serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The embedded server, one for all tests; each counts under a tag of its own."""
    with serving() as server:
        yield server


@pytest.fixture
def tag(request: pytest.FixtureRequest) -> str:
    """A tag that no other test counts under."""
    return str(request.node.nodeid).replace("/", ".")


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Load experiments without a trace, and none of the checkout's by accident."""
    monkeypatch.setenv("LAB_EXPERIMENTS", os.environ.get("LAB_EXPERIMENTS", ""))
    monkeypatch.setattr(lab.experiments, "__path__", lab.experiments.__path__)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)
