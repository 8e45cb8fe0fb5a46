"""What participants learn works behind every fence."""

from collections.abc import Iterator

import pytest

from grader.processes import Child, Limits, Tier, Warm
from tests.sandbox.conftest import INSIDE, told

IMPORTS = ("numpy", "pandas", "sklearn.cluster", "sklearn.ensemble", "matplotlib.pyplot")
DATA = "import numpy as np; X = np.arange(200.0).reshape(100, 2) % 7; y = X[:, 0] > 3;"


@pytest.fixture(scope="module")
def child(fence: str) -> Iterator[Child]:
    for name in IMPORTS:
        pytest.importorskip(name.partition(".")[0])
    with (
        Warm(Tier(fence), Limits(), imports=IMPORTS) as warm,
        warm.fork("inside:obey", modules=INSIDE, seed=1) as made,
    ):
        yield made


@pytest.mark.parametrize(
    ("deed", "answer"),
    [
        ("from sklearn.cluster import KMeans; KMeans(2, n_init=2).fit(X)", "None"),
        (
            "from sklearn.ensemble import RandomForestClassifier as F; F(9, n_jobs=-1).fit(X, y)",
            "None",
        ),
        (
            "from sklearn.ensemble import RandomForestClassifier as F; F(9, n_jobs=2).fit(X, y)",
            "None",
        ),
        ("import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('p.png')", "None"),
        (
            "import pandas as pd; pd.DataFrame({'a': [1]}).to_csv('a.csv'); pd.read_csv('a.csv')",
            "None",
        ),
        (
            "import tempfile, shutil; Path('b').touch(); shutil.copy('b', tempfile.mkdtemp())",
            "None",
        ),
        ("import sqlite3; answer = sqlite3.connect('x.db').execute('select 1').fetchone()", "(1,)"),
        ("import asyncio; answer = asyncio.run(asyncio.sleep(0, 7))", "7"),
    ],
)
def test_ordinary_work_goes_on(child: Child, deed: str, answer: str) -> None:
    """Libraries find what they need: files, devices, memory, time, one thread each."""
    assert answer == repr(told(child, DATA + deed, seconds=60))


@pytest.mark.parametrize("library", ["random.random()", "numpy.random.rand()"])
def test_chance_follows_the_seed(fence: str, library: str) -> None:
    """Children of one seed draw the same numbers, of no seed different ones."""
    name = library.partition(".")[0]
    pytest.importorskip(name)
    with Warm(Tier(fence), imports=[name]) as warm:

        def drawn(seed: int | None) -> float:
            with warm.fork("inside:obey", modules=INSIDE, seed=seed) as child:
                return float(told(child, f"import {name}; answer = float({library})"))

        assert drawn(1) == drawn(1)
        assert drawn(None) != drawn(None)


def test_libraries_fit_into_the_limits(child: Child) -> None:
    """What is taught uses less than half of the memory that is allowed."""
    assert child.usage().memory_mib < Limits().memory_mib / 2
