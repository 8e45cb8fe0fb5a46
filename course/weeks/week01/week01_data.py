"""
Make the collisions of week 1: synthetic, with the columns of the STATS19 open data.

No row is a real collision and no area is a real place. The same seed gives the same bytes; what is
planted is asserted each time, so that a check can rely on it.

    python week01_data.py --to DIR
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 2024
SHA256 = "62122c5c31d27943506f4949792eb10be3f8c35ef894ae75065d9fe088c2af76"
FEWEST = 3_000  # with fewer rows a large area could fall under SMALL collisions
SMALL = 30
URBAN, RURAL, UNALLOCATED = 1, 2, 3
_RATES = {URBAN: 0.200, RURAL: 0.320, UNALLOCATED: 0.230}
_CHANCE = 0.70  # the share of KSI collisions in one small area: a few people's bad luck
_SPEEDS = {20: 0.10, 30: 0.50, 40: 0.13, 50: 0.09, 60: 0.13, 70: 0.05}
_LIGHTS = {1: 0.705, 4: 0.200, 5: 0.012, 6: 0.058, 7: 0.020, -1: 0.005}
_STARTS = ["Ash", "Beck", "Clay", "Dun", "Elm", "Fern", "Gor", "Holt", "Ivy", "Kel"]
_ENDS = ["by", "combe", "ford", "ley"]
AREAS = tuple(sorted(start + end for start in _STARTS for end in _ENDS))


@dataclass(frozen=True)
class Truth:
    """Keep what was planted, as it came out in this frame."""

    rows: int
    ksi: int
    missing_speeds: int
    mean_speed_with_code: float
    mean_speed: float
    rural_over_urban: float
    last_month: int
    small_areas: tuple[str, ...]
    chance_winner: str


def make_collisions(seed: int, n: int = 20_000) -> tuple[pd.DataFrame, Truth]:
    """Make *n* collisions, January 2019 to September 2023, as they stand in the file."""
    if n < FEWEST:
        raise ValueError(f"make_collisions needs n of at least {FEWEST}, not {n}")
    rng = np.random.default_rng([1, seed])
    areas, small = _areas(rng, n)
    days = _days(rng, n)
    surroundings = rng.choice([URBAN, RURAL, UNALLOCATED], size=n, p=[0.64, 0.34, 0.02])
    winner = str(rng.choice(small))
    rates = {area: _CHANCE if area == winner else 0.25 for area in small}
    severity = _severity(rng, areas, surroundings, rates)
    forces = np.array([1 + AREAS.index(area) // 4 for area in AREAS])
    force = forces[np.searchsorted(AREAS, areas)]
    frame = pd.DataFrame(
        {
            "collision_index": _indexes(force, n),
            "date": pd.DatetimeIndex(days).strftime("%d/%m/%Y"),
            "time": _times(rng, n),
            "police_force": force,
            "local_authority": areas,
            "collision_severity": severity,
            "number_of_vehicles": rng.choice([1, 2, 3, 4], size=n, p=[0.29, 0.60, 0.09, 0.02]),
            "number_of_casualties": 1 + rng.poisson(0.28, size=n),
            "speed_limit": _speed_limits(rng, n),
            "light_conditions": rng.choice(list(_LIGHTS), size=n, p=list(_LIGHTS.values())),
            "urban_or_rural": surroundings,
        }
    )
    return frame, _truth(frame, winner)


def parsed(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn the dates of *frame* into dates, as Task 1 asks."""
    return frame.assign(date=pd.to_datetime(frame["date"], format="%d/%m/%Y"))


def as_csv(frame: pd.DataFrame) -> bytes:
    """Write *frame* the same on every machine."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def write(folder: str | Path) -> Path:
    """Write the file that participants get and hold it to its digest."""
    content = as_csv(make_collisions(SEED)[0])
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise RuntimeError(f"collisions.csv changed: its SHA-256 is {digest}, not {SHA256}")
    file = Path(folder) / "collisions.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def _areas(rng: np.random.Generator, n: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Give each collision an area: six areas have fewer than 30, the others share the rest."""
    small = rng.choice(AREAS, size=6, replace=False)
    sizes = rng.permutation([9, 11, 14, 18, 23, 27])
    large = np.array([area for area in AREAS if area not in small])
    spare = n - sizes.sum() - (SMALL + 5) * len(large)
    weights = rng.uniform(0.4, 1.6, size=len(large))
    extra = rng.multinomial(spare, weights / weights.sum())
    names = np.concatenate([np.repeat(small, sizes), np.repeat(large, SMALL + 5 + extra)])
    return rng.permutation(names), tuple(sorted(str(area) for area in small))


def _days(rng: np.random.Generator, n: int) -> np.ndarray:
    """Spread collisions over 57 months, with more in autumn and a quiet spring of 2020."""
    days = np.arange(np.datetime64("2019-01-01"), np.datetime64("2023-10-01"))
    month = days.astype("datetime64[M]").astype(int) % 12
    weight = 1 + 0.12 * np.sin((month - 5) * np.pi / 6)
    weight[(days >= np.datetime64("2020-04-01")) & (days < np.datetime64("2020-07-01"))] *= 0.55
    drawn = rng.choice(days, size=n - 57, p=weight / weight.sum())
    firsts = np.arange(np.datetime64("2019-01"), np.datetime64("2023-10")).astype("datetime64[D]")
    # One collision on the first of each month, so that no month is ever empty.
    return np.sort(np.concatenate([drawn, firsts]))


def _severity(
    rng: np.random.Generator,
    areas: np.ndarray,
    surroundings: np.ndarray,
    planted: dict[str, float],
) -> np.ndarray:
    """Plant exact rates: in each small area, and by surroundings over the whole file."""
    pull = np.clip(rng.lognormal(0.0, 0.16, size=len(AREAS)), 0.75, 1.35)
    order = rng.exponential(1 / pull[np.searchsorted(AREAS, areas)])
    ksi = np.zeros(len(areas), dtype=bool)
    for area, rate in planted.items():
        rows = rng.permutation(np.flatnonzero(areas == area))
        ksi[rows[: int(np.ceil(rate * len(rows)))]] = True
    in_large = ~np.isin(areas, list(planted))
    for kind, rate in _RATES.items():
        here = surroundings == kind
        wanted = round(rate * here.sum()) - int((ksi & here).sum())
        others = np.flatnonzero(here & in_large)
        ksi[others[np.argsort(order[others])][:wanted]] = True
    fatal = ksi & (rng.random(len(areas)) < 0.07)
    return np.where(fatal, 1, np.where(ksi, 2, 3))


def _speed_limits(rng: np.random.Generator, n: int) -> np.ndarray:
    limits = rng.choice(list(_SPEEDS), size=n, p=list(_SPEEDS.values()))
    limits[rng.permutation(n)[: round(0.02 * n)]] = -1
    return limits


def _times(rng: np.random.Generator, n: int) -> list[str]:
    minutes = (rng.normal(15.5, 4.5, size=n) * 60).astype(int) % 1440
    return [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]


def _indexes(force: np.ndarray, n: int) -> list[str]:
    return [f"{code:02d}{serial:05d}" for code, serial in zip(force, range(1, n + 1), strict=True)]


def _truth(frame: pd.DataFrame, winner: str) -> Truth:
    """Measure what was planted and refuse a frame without it."""
    ksi = frame["collision_severity"] <= 2
    rates = ksi.groupby(frame["urban_or_rural"]).mean()
    areas = ksi.groupby(frame["local_authority"]).agg(["size", "mean"])
    speeds = frame["speed_limit"]
    truth = Truth(
        rows=len(frame),
        ksi=int(ksi.sum()),
        missing_speeds=int((speeds == -1).sum()),
        mean_speed_with_code=float(speeds.mean()),
        mean_speed=float(speeds[speeds != -1].mean()),
        rural_over_urban=float(rates[RURAL] / rates[URBAN]),
        last_month=int(parsed(frame)["date"].max().month),
        small_areas=tuple(sorted(areas.index[areas["size"] < SMALL])),
        chance_winner=winner,
    )
    assert truth.missing_speeds == round(0.02 * len(frame))
    assert 0.4 < truth.mean_speed - truth.mean_speed_with_code < 1.2
    assert abs(truth.rural_over_urban - 1.6) < 0.01
    assert truth.last_month == 9
    assert len(areas) == 40
    assert len(truth.small_areas) == 6
    assert winner in truth.small_areas
    assert areas["mean"].idxmax() == winner
    assert areas["mean"].drop(winner).max() < areas["mean"][winner]
    assert frame["collision_index"].str.startswith("0").any()
    assert frame["collision_index"].is_unique
    return truth


def main() -> None:
    """Write the file from the command line."""
    parser = argparse.ArgumentParser(description="Write week 1's collisions.csv.")
    parser.add_argument("--to", type=Path, default=Path(), metavar="DIR")
    print(write(parser.parse_args().to))


if __name__ == "__main__":
    main()
