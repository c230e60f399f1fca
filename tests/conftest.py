"""What several files of tests share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from report_results import quick_run

from lab.catalog.models import load_model
from lab.server.launch import Server, serving

hypothesis.settings.register_profile("lab", deadline=None)  # timing never decides a test
hypothesis.settings.load_profile("lab")

BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The embedded server, one for all tests; each counts under a tag of its own."""
    with serving() as server:
        yield server


@pytest.fixture
def tag(request: pytest.FixtureRequest) -> str:
    """A tag that no other test counts under."""
    return str(request.node.nodeid).replace("/", ".")


@pytest.fixture(autouse=True)
def models_anew() -> None:
    """Let each test load the models' files anew: some change them."""
    load_model.cache_clear()


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Load experiments without a trace, and none of the checkout's by accident."""
    monkeypatch.setenv("LAB_EXPERIMENTS", os.environ.get("LAB_EXPERIMENTS", ""))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small, quick, real run."""
    return quick_run(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser, driven from outside: by a loop that must not run any more when other files' tests do."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs a browser: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The report in a window of its own, which must neither complain nor ask for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: messages.append(request.url) if not_ours(request.url) else None)
    page.add_init_script("navigator.clipboard.writeText = async (words) => { window.copied = words; };")
    page.goto(report.as_uri())
    assert page.locator("html[data-ready]").count() == 1
    yield page
    page.close()
    assert messages == []


def not_ours(url: str) -> bool:
    """Return whether a page that loads nothing has no reason to ask for this."""
    return not url.startswith(("data:", "file:")) or url.endswith("/x")
