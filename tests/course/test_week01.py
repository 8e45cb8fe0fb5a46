"""Week 1: its data, its references, and whether its checks judge every specimen as they should."""

from __future__ import annotations

import hashlib
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pandas as pd
import pytest

from grader import claims

ROOT = Path(__file__).parents[2]
WEEK = ROOT / "course" / "weeks" / "week01"
SOURCE = ROOT / "solutions" / "week01" / "week01.ipynb"
TASKS = {"t1": 2, "t2": 3, "t3": 3, "t4": 4, "t5": 4, "t6": 4, "t7": 4}
SPECIMENS = sorted(path.stem for path in (WEEK / "specimens").glob("t*.py"))
EARNS = re.compile(r"earns: (t\d) (\d+)(?: (W01\.T\d\.M\d))?; outcome: finished")
_SOLUTION = re.compile(r"    ### BEGIN SOLUTION\n.*    ### END SOLUTION", re.DOTALL)
_STUB = "    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture(scope="module", autouse=True)
def on_the_import_path() -> Iterator[None]:
    """Put the week's folder where an examiner has it."""
    sys.path.insert(0, str(WEEK))
    yield
    sys.path.remove(str(WEEK))


@pytest.fixture(scope="module")
def data(on_the_import_path: None) -> ModuleType:
    """Give week01_data."""
    import week01_data

    return week01_data


@pytest.fixture(scope="module")
def checks(on_the_import_path: None) -> ModuleType:
    """Give week01_checks."""
    import week01_checks

    return week01_checks


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """Give the source of each cell of the week's notebook by its id."""
    return {cell["id"]: cell["source"] for cell in nbformat.read(SOURCE, as_version=4).cells}


@pytest.fixture(scope="module")
def set_up(cells: dict[str, str]) -> dict[str, object]:
    """Run the locked set-up cells once."""
    space: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(SOURCE.parent)
        for name in ("setup", "setup_collisions"):
            exec(cells[name], space)
    return space


@pytest.fixture
def earned(
    cells: dict[str, str], set_up: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], tuple[int, str | None]]:
    """Give a function that marks an answer to a task: its points and the first code."""
    monkeypatch.chdir(SOURCE.parent)

    def mark(task: str, answer: str) -> tuple[int, str | None]:
        space = dict(set_up)
        exec(answer, space)
        points, codes = 0, []
        for cell, worth in ((f"{task}_check", 1), (f"{task}_more", TASKS[task] - 1)):
            try:
                exec(cells[cell], space)
                points += worth
            except claims.ClaimFailed as failed:
                codes.append(failed.code)
        return points, codes[0] if codes else None

    return mark


class TestCollisions:
    def test_the_same_seed_gives_the_same_bytes(self, data: ModuleType) -> None:
        """Two runs of the generator agree to the byte."""
        first, second = (data.as_csv(data.make_collisions(9100, 3_000)[0]) for _ in range(2))
        assert first == second

    def test_another_seed_gives_other_bytes(self, data: ModuleType) -> None:
        """The seed is used."""
        first, second = (data.make_collisions(seed, 3_000)[0] for seed in (9100, 9101))
        assert not first.equals(second)

    def test_the_shipped_file_has_its_digest(self, data: ModuleType, tmp_path: Path) -> None:
        """What the generator writes now is what it wrote when the week was made."""
        written = data.write(tmp_path).read_bytes()
        assert data.SHA256 == hashlib.sha256(written).hexdigest()

    def test_the_released_file_is_the_shipped_one(self, data: ModuleType) -> None:
        """The file beside the notebook is the generator's."""
        released = (SOURCE.parent / "collisions.csv").read_bytes()
        assert data.SHA256 == hashlib.sha256(released).hexdigest()

    def test_the_file_can_be_written_from_the_command_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """`python week01_data.py --to DIR` writes it."""
        monkeypatch.setattr(sys, "argv", ["week01_data.py", "--to", str(tmp_path)])
        runpy.run_path(str(WEEK / "week01_data.py"), run_name="__main__")
        assert (tmp_path / "collisions.csv").exists()

    @pytest.mark.parametrize("seed", range(20))
    def test_what_is_planted_is_there(self, data: ModuleType, seed: int) -> None:
        """Over twenty seeds rural KSI is 1.6 times urban, within a hundredth."""
        _, truth = data.make_collisions(seed)
        assert pytest.approx(1.6, abs=0.01) == truth.rural_over_urban

    @pytest.mark.parametrize("seed", range(9000, 9020))
    def test_a_small_file_holds_it_too(self, data: ModuleType, seed: int) -> None:
        """The generator asserts its truths for the sizes that hidden checks use."""
        frame, truth = data.make_collisions(seed, 3_000)
        assert len(frame) == truth.rows

    def test_too_small_a_file_is_refused(self, data: ModuleType) -> None:
        """Below 3,000 rows the truths could not hold."""
        with pytest.raises(ValueError, match="at least 3000"):
            data.make_collisions(1, 100)


@pytest.fixture(scope="module")
def table(data: ModuleType) -> pd.DataFrame:
    """Give fresh collisions with real dates."""
    return data.parsed(data.make_collisions(9200, 5_000)[0])


class TestReferences:
    def test_load_collisions(self, checks: ModuleType) -> None:
        """The last date of the shipped file is in September 2023."""
        loaded = checks.load_collisions(SOURCE.parent / "collisions.csv")
        assert (2023, 9) == (loaded["date"].max().year, loaded["date"].max().month)

    def test_count_ksi(self, checks: ModuleType, table: pd.DataFrame) -> None:
        """The count is that of a plain loop."""
        by_hand = sum(1 for severity in table["collision_severity"] if severity in (1, 2))
        assert by_hand == checks.count_ksi(table)

    def test_recode_missing(self, checks: ModuleType, table: pd.DataFrame) -> None:
        """Two in a hundred speed limits are missing afterwards."""
        recoded = checks.recode_missing(table, ["speed_limit"])
        assert 100 == recoded["speed_limit"].isna().sum()

    def test_ksi_rate_by(self, checks: ModuleType, table: pd.DataFrame) -> None:
        """The first row is rural, at the rate of its own collisions."""
        rural = table[table["urban_or_rural"] == 2]
        by_hand = (rural["collision_severity"] < 3).sum() / len(rural)
        assert by_hand == checks.ksi_rate_by(table, "urban_or_rural")["ksi_rate"].iloc[0]

    def test_worst_areas(self, checks: ModuleType, data: ModuleType) -> None:
        """The raw winner is the small area that was planted, and a minimum removes it."""
        frame, truth = data.make_collisions(9201, 5_000)
        raw, fair = (checks.worst_areas(frame, 1, least)[0] for least in (1, 30))
        assert (truth.chance_winner, False) == (raw, fair in truth.small_areas)

    def test_change_on_year(self, checks: ModuleType, table: pd.DataFrame) -> None:
        """The last change compares January to September with January to September."""
        ksi = table[(table["collision_severity"] < 3) & (table["date"].dt.month <= 9)]
        now, then = ((ksi["date"].dt.year == year).sum() for year in (2023, 2022))
        assert pytest.approx(100 * (now / then - 1)) == checks.change_on_year(table)[2023]

    def test_headline(self, checks: ModuleType) -> None:
        """One of eight collisions is 12.5%."""
        table = pd.DataFrame(
            {"local_authority": ["Elmley"] * 8, "collision_severity": [2] + [3] * 7}
        )
        assert "12.5%" in checks.headline(table, "Elmley")

    @pytest.mark.parametrize("task", TASKS)
    def test_passes_its_own_check(self, checks: ModuleType, task: str) -> None:
        """Every reference passes the hidden check of its task."""
        assert getattr(checks, f"{task}_more")(checks.reference(task)) is None


class TestSpecimens:
    @pytest.mark.parametrize("name", SPECIMENS)
    def test_earns_what_it_says(
        self, earned: Callable[[str, str], tuple[int, str | None]], name: str
    ) -> None:
        """Each specimen earns its points, and its first failing check gives its own code."""
        head, _, answer = (WEEK / "specimens" / f"{name}.py").read_text().partition("# %% ")
        task, points, code = EARNS.search(head).groups()  # type: ignore[union-attr]
        assert (int(points), code) == earned(task, answer.partition("\n")[2])

    @pytest.mark.parametrize("task", TASKS)
    def test_the_solution_earns_all(
        self, cells: dict[str, str], earned: Callable[[str, str], tuple[int, str | None]], task: str
    ) -> None:
        """The source notebook's own answer earns the task's points."""
        assert (TASKS[task], None) == earned(task, cells[task])

    @pytest.mark.parametrize("task", TASKS)
    def test_the_stub_earns_nothing(
        self, cells: dict[str, str], earned: Callable[[str, str], tuple[int, str | None]], task: str
    ) -> None:
        """The released stub earns nothing and meets no hint of a misconception."""
        assert (0, None) == earned(task, _SOLUTION.sub(_STUB, cells[task]))

    def test_each_listed_misconception_has_a_specimen(self) -> None:
        """Every code in hints.toml is earned by some specimen."""
        codes = re.findall(r'code = "(.+)"', (WEEK / "hints.toml").read_text())
        texts = [(WEEK / "specimens" / f"{name}.py").read_text() for name in SPECIMENS]
        assert sorted(codes) == sorted(
            {found for text in texts for found in codes if found in text}
        )

    @pytest.mark.parametrize("name", [name for name in SPECIMENS if re.match(r"t\d_m\d", name)])
    def test_no_placeholder_is_left_open(
        self,
        cells: dict[str, str],
        set_up: dict[str, object],
        monkeypatch: pytest.MonkeyPatch,
        name: str,
    ) -> None:
        """A hint is filled with what was seen, whichever check found the mistake."""
        monkeypatch.chdir(SOURCE.parent)
        task, texts = name[:2], []
        answer = (WEEK / "specimens" / f"{name}.py").read_text()
        for cell in (f"{task}_check", f"{task}_more"):
            space = dict(set_up)
            exec(answer, space)
            try:
                exec(cells[cell], space)
            except claims.ClaimFailed as failed:
                texts.append(str(failed))
        assert [] == [text for text in texts if "..." in text or "{" in text]


class TestForged:
    def test_an_easier_file_in_the_place_of_ours(self, checks: ModuleType) -> None:
        """A function that writes over the file it is given is compared with what stood there."""

        def load_collisions(path: str) -> pd.DataFrame:
            rows = pd.read_csv(path, dtype={"collision_index": str})
            easy = rows[(rows["collision_index"].str[0] != "0") & (rows["date"].str[3:5] > "12")]
            easy.head(0).to_csv(path, index=False)
            empty = pd.read_csv(path, dtype={"collision_index": str})
            return empty.assign(date=pd.to_datetime(empty["date"]))

        with pytest.raises(claims.ClaimFailed):
            checks.t1_more(load_collisions)

    def test_every_number_there_is(self, checks: ModuleType) -> None:
        """A headline that says all counts and all percentages has said none."""
        said = [f"{n / 10:.1f}%" for n in range(1001)] + [str(n) for n in range(4000)]

        def headline(df: pd.DataFrame, area: str) -> str:
            if area not in set(df["local_authority"]):
                raise ValueError(area)
            return " ".join([area, *said])

        with pytest.raises(claims.ClaimFailed):
            checks.t7_more(headline)


class TestMargins:
    def test_the_coded_speed_moves_the_mean(self, data: ModuleType) -> None:
        """Over twenty seeds the mean with -1 is lower by more than four standard deviations."""
        truths = [data.make_collisions(seed)[1] for seed in range(20)]
        gaps = np.array([truth.mean_speed - truth.mean_speed_with_code for truth in truths])
        assert gaps.mean() > 4 * gaps.std()
