"""A shared machine: participants have their own accounts, and the cohort is closed to them."""

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.engine import exchange
from tests.conftest import Term

SOMEBODY = 65534
PRIVATE = ("roster.csv", "cohort.toml", "applied.json", "reports", "sheffield", "london")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


def as_somebody(deed: Callable[[], None]) -> int:
    """Do *deed* in a process of another account; give its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        os.setgroups([])
        os.setgid(SOMEBODY)
        os.setuid(SOMEBODY)
        deed()
        status = 0
    except BaseException:
        traceback.print_exc()
    os._exit(status)


@pytest.fixture
def shared(term: Term, miniature: Path) -> Iterator[Term]:
    """Give a term in a place that every account can reach, unlike pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="grader-accounts-"))
    place.chmod(0o755)
    yield Term(Path(shutil.copytree(term.directory, place / "spring")), miniature)
    shutil.rmtree(place)


def test_participants_hand_in_and_see_nothing_else(shared: Term) -> None:
    """From another account the week is fetched and handed in; neither roster nor hub is read."""
    shared.releases()
    cohort, at, folder = shared.cohort, shared.due, shared.directory.parent / "ada"
    folder.mkdir()
    os.chown(folder, SOMEBODY, SOMEBODY)
    place = exchange.Workplace("ada", folder, cohort.course_id(cohort.hubs[0]), cohort.exchange)

    def fetch_submit_and_pry() -> None:
        exchange.fetch(place, "week01", at=at)
        exchange.submit(place, "week01", at=at)
        for name in PRIVATE:
            path = shared.directory / name
            with pytest.raises(PermissionError):
                os.listdir(path) if name in {"reports", "sheffield", "london"} else path.open()

    assert 0 == as_somebody(fetch_submit_and_pry)
    assert "collected" == shared.collects()["ada"].what
