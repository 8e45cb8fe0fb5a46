"""The school that hostile work is handed in at, and the big batch, marked once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.families import SUBMISSIONS
from tests.hostile.marking import Batch, School


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    kept = dict(os.environ)
    yield School(tmp_path_factory.mktemp("hostile"))
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture(scope="session")
def batch(school: School) -> Batch:
    """Mark every submission of every family in one run."""
    return school.batch(SUBMISSIONS, name="families")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path
