"""A real Chromium, and pages of the demonstration opened from disk in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
Opened = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, or the one that playwright installed; in CI there must be one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    known = next((found for name in names if (found := shutil.which(name))), None)
    # Chromium's own sandbox does not start for root.
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=known, args=arguments)
        except Error as error:
            why = f"no Chromium starts here: {str(error).splitlines()[0]}"
            if os.environ.get("CI"):
                pytest.fail(why)
            pytest.skip(why)
        yield started
        started.close()


@pytest.fixture(scope="session")
def reports(demonstration: tuple[Path, str]) -> Path:
    """Give the folder of all pages of the demonstration."""
    return demonstration[0] / "reports"


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Open a page from disk; what its console says and what it asks of the network fail the test."""
    contexts, said = [], []

    def open_page(file: Path, width: int = 1200, *, scripts: bool = True) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith("file:") or said.append(asked.url))
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == said


def violations(page: Page) -> list[tuple[str, Any]]:
    """List what axe finds against WCAG 2.2 AA and good practice, with the places."""
    options = {
        "runOnly": {"type": "tag", "values": list(RULES)},
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


def overflow(page: Page) -> int:
    """Measure by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
