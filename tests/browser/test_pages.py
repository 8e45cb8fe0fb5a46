"""Everybody can use every page: narrow, by keyboard, without scripts, in print; axe finds nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.bench.worlds import World
from tests.browser.conftest import Opened, overflow, violations

HUB_PAGES = (
    "index",
    "mentor-m{}01",
    "everyone",
    "marking",
    "tasks",
    "calendar",
    "show-and-tell",
    "accessibility",
    "privacy",
)
PAGES = (
    *(f"sheffield/{page.format(1)}" for page in HUB_PAGES),
    "london/index",
    "newport/marking",
    *(f"programme/{page}" for page in ("index", "tasks", "calendar", "show-and-tell")),
    *(f"sheffield/participants/p10{number}" for number in (1, 2, 5, 7, 8)),
)
EACH = pytest.mark.parametrize("page", PAGES)
KINDS = pytest.mark.parametrize(
    "page", [*PAGES[:9], "programme/index", "sheffield/participants/p102"]
)
WIDTHS = pytest.mark.parametrize("width", [1200, 320])
FOCUS = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  return {
    name: (here.innerText || here.ariaLabel || here.type || here.tagName).trim(),
    tag: here.tagName,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < window.innerHeight,
    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
  };
}"""


@EACH
@WIDTHS
class TestEveryPage:
    def test_axe_finds_nothing(self, reports: Path, opened: Opened, page: str, width: int) -> None:
        """axe finds nothing against WCAG 2.2 AA or good practice, wide and narrow."""
        assert [] == violations(opened(reports / f"{page}.html", width))

    def test_no_sideways_scroll(self, reports: Path, opened: Opened, page: str, width: int) -> None:
        """Nothing is wider than the screen, a small telephone's too."""
        assert 0 >= overflow(opened(reports / f"{page}.html", width))


@pytest.mark.sweep
@WIDTHS
def test_really_every_page(reports: Path, opened: Opened, width: int) -> None:
    """What holds for a page of each kind holds for every page of every hub and person."""
    pages = [page for page in sorted(reports.rglob("*.html")) if page.name != "week01-1.html"]
    found = {}

    assert len(pages) > 50
    for page in pages:
        shown = opened(page, width)
        found[page.name] = violations(shown), max(0, overflow(shown))
        shown.close()

    assert {name: ([], 0) for name in found} == found


@WIDTHS
@pytest.mark.parametrize("page", ["index", "everyone", "marking", "tasks"])
class TestAfterFourWeeks:
    def test_axe_finds_nothing(self, world: World, opened: Opened, page: str, width: int) -> None:
        """Pages with many people, weeks and kinds of state are as accessible."""
        folder = world.cohort.directory / "reports" / "london"

        assert [] == violations(opened(folder / f"{page}.html", width))

    def test_no_sideways_scroll(self, world: World, opened: Opened, page: str, width: int) -> None:
        """Four weeks beside each other fit the screen."""
        folder = world.cohort.directory / "reports" / "london"

        assert 0 >= overflow(opened(folder / f"{page}.html", width))


def path_by_keyboard(page: Page) -> list[dict[str, object]]:
    """Press Tab until it is back at the beginning; give what was reached on the way."""
    reached: list[dict[str, object]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here["tag"] == "BODY":
            break
        reached.append(here)
    return reached


@KINDS
class TestByKeyboard:
    @WIDTHS
    def test_the_path(self, reports: Path, opened: Opened, page: str, width: int) -> None:
        """Tab reaches every link, button and box once, in the page's order, and each is seen there."""
        shown = opened(reports / f"{page}.html", width)
        expected = shown.locator(
            "a:visible, button:visible, input:visible, summary:visible"
        ).count()
        reached = path_by_keyboard(shown)

        assert expected == len(reached)
        assert [] == [here for here in reached if not (here["seen"] and here["marked"])]

    def test_the_skip_link(self, reports: Path, opened: Opened, page: str) -> None:
        """The first stop skips to the main part."""
        shown = opened(reports / f"{page}.html")
        shown.keyboard.press("Tab")
        shown.keyboard.press("Enter")

        assert "main" == shown.evaluate("document.activeElement.id")


@KINDS
class TestWithoutScripts:
    def test_the_same_words(self, reports: Path, opened: Opened, page: str) -> None:
        """With scripts off every word is there; only filter and sorting are not."""
        with_scripts = opened(reports / f"{page}.html").inner_text("main")
        without = opened(reports / f"{page}.html", scripts=False).inner_text("main")

        assert without.split() == with_scripts.replace("Show only rows with", "").split()


@KINDS
class TestInPrint:
    def test_what_is_printed(self, reports: Path, opened: Opened, page: str) -> None:
        """On A4 nothing is cut off, every table row stands, and what can only be clicked is left out."""
        shown = opened(reports / f"{page}.html", 680)  # A4 within its margins, at 96 dots an inch
        rows = shown.locator("tbody tr").count()
        shown.emulate_media(media="print")

        assert 0 >= overflow(shown)
        assert rows == shown.locator("tbody tr:visible").count()
        assert 0 == shown.locator("nav:visible, input:visible").count()

    def test_it_becomes_a_pdf(self, reports: Path, opened: Opened, page: str) -> None:
        """It can be printed, on few sheets."""
        printed = opened(reports / f"{page}.html").pdf(format="A4", tagged=True)

        assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) <= 4


class TestTables:
    def test_sorting(self, world: World, opened: Opened) -> None:
        """A click on a heading sorts by it, says so, and a second click turns it round; gaps stay last."""
        page = opened(world.cohort.directory / "reports" / "london" / "everyone.html")
        heading = page.locator("th", has_text="Week 2")
        values = "rows => rows.map(row => row.cells[2].dataset.sort)"
        heading.get_by_role("button").click()
        up = page.locator("tbody tr").evaluate_all(values)
        heading.get_by_role("button").click()
        down = page.locator("tbody tr").evaluate_all(values)
        known = [float(value) for value in up if value]

        assert sorted(known) == known
        assert sorted(known, reverse=True) == [float(value) for value in down if value]
        assert [""] * (len(up) - len(known)) == up[len(known) :] == down[len(known) :]
        assert "descending" == heading.get_attribute("aria-sort")
        assert "Sorted by Week 2" in page.get_by_role("status").inner_text()

    def test_filtering(self, reports: Path, opened: Opened) -> None:
        """The box above a table leaves the rows that have the words, and says how many."""
        page = opened(reports / "sheffield" / "everyone.html")
        page.get_by_label("Show only rows with").fill("nothing submitted")

        assert 1 == page.locator("tbody tr:visible").count()
        assert "1 of 8 rows shown" == page.get_by_role("status").inner_text()


class TestTheChecksThemselves:
    def test_a_bad_page_is_found(self, tmp_path: Path, opened: Opened) -> None:
        """A page with a silent picture, pale text and a wide box fails all the checks above."""
        bad = tmp_path / "bad.html"
        bad.write_text(
            "<!DOCTYPE html><html><head><title>Bad</title></head><body><main><h1>Bad</h1>"
            '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'
            '<p style="color:#bbb;background:#fff">Pale</p><div style="width:900px">Wide</div>'
            '<a href="#x" style="outline:none">Unseen</a></main></body></html>'
        )
        page = opened(bad, 320)
        rules = {rule for rule, _ in violations(page)}

        assert {"image-alt", "color-contrast", "html-has-lang"} <= rules
        assert overflow(page) > 500
        assert [False] == [here["marked"] for here in path_by_keyboard(page)]
