"""
The hidden part of week 1's checks: each task once more, on collisions that nobody has seen.

For each task there is a reference and, where a hint depends on it, the wrong answer that a listed
mistake would give on the same data. `tN_more(fn)` raises a failed claim or says nothing. What is the
same for everybody (tables and right answers) is made once and kept.
"""

from __future__ import annotations

import io
import math
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import week01_data

from grader import claims

claims.hints_beside(__file__)

Function = Callable[..., object]


# Task 1


def load_collisions(path: str | Path | io.BytesIO) -> pd.DataFrame:
    """Read collisions with their indexes as text and their dates as dates."""
    frame = pd.read_csv(path, dtype={"collision_index": str})
    return week01_data.parsed(frame)


def t1_more(fn: Function) -> None:
    """Check Task 1 on another file, whose days could all be months."""
    answer = claims.Answer("Task 1", "load_collisions", fn, hidden=True)
    raw, content, right = _misread_easily(9001, 3_400)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "other.csv"
        path.write_bytes(content)
        got = answer(str(path))

    def wrong() -> dict[str, object]:
        swapped = pd.to_datetime(raw["date"].to_numpy(), format="%m/%d/%Y")
        bare = right["collision_index"].str.lstrip("0")
        return {
            "W01.T1.M1": right.assign(date=swapped),
            "W01.T1.M2": right.assign(collision_index=bare),
        }

    claims.column_is(got, "date", "dates", hint="W01.T1.M3")
    claims.column_is(got, "collision_index", "text", hint="W01.T1.M2")
    claims.same_rows(got, right, by="collision_index", wrong=wrong)


# Task 2


def count_ksi(df: pd.DataFrame) -> int:
    """Count the collisions of severity 1 or 2."""
    return int((df["collision_severity"] <= 2).sum())


def t2_more(fn: Function) -> None:
    """Check Task 2 on a fresh table, its halves, another order, and no rows at all."""
    answer = claims.Answer("Task 2", "count_ksi", fn, hidden=True)
    table = _fresh(9002, 3_217).head(813)
    got = answer(table)
    claims.differs(answer(table.head(300)), got, hint="W01.T2.M4")
    severity, casualties = table["collision_severity"], table["number_of_casualties"]
    wrong = {
        "W01.T2.M1": claims.either(int((severity >= 2).sum()), int((severity > 2).sum())),
        "W01.T2.M2": int((severity == 1).sum()),
        "W01.T2.M3": claims.either(int(casualties[severity <= 2].sum()), int(casualties.sum())),
    }
    claims.equal(got, count_ksi(table), wrong=wrong)
    claims.unchanged(got)
    claims.equal(answer(_shuffled(table)), count_ksi(table))
    claims.equal(answer(table.head(0)), 0)


# Task 3


def recode_missing(df: pd.DataFrame, columns: list[str], code: int = -1) -> pd.DataFrame:
    """Copy *df* with *code* blanked in *columns* only."""
    return df.assign(**{column: df[column].mask(df[column] == code) for column in columns})


def t3_more(fn: Function) -> None:
    """Check Task 3 with one column, several columns, and another code."""
    answer = claims.Answer("Task 3", "recode_missing", fn, hidden=True)
    table, mixed = _fresh(9003, 3_301), _fresh_shuffled(9003, 3_301)
    _recodes(answer(table, ["speed_limit"]), "speed_limit")
    _recodes(answer(mixed, ["speed_limit", "light_conditions"]), "speed_limit", "light_conditions")
    _recodes(answer(table, ["urban_or_rural"], 3), "urban_or_rural", code=3)


@cache
def _recoded(*columns: str, code: int) -> pd.DataFrame:
    return recode_missing(_fresh(9003, 3_301), list(columns), code)


def _recodes(got: claims.Returned, *names: str, code: int = -1) -> None:
    table, right, columns = _fresh(9003, 3_301), _recoded(*names, code=code), list(names)
    coded = (table[columns] == code).any(axis=1)

    def wrong() -> dict[str, object]:
        zeros = {column: table[column].replace(code, 0) for column in columns}
        return {
            "W01.T3.M1": right[~coded],
            "W01.T3.M3": recode_missing(table, list(table.select_dtypes("number")), code),
            "W01.T3.M4": table.assign(**zeros),
        }

    claims.same_rows(got, right, by="collision_index", wrong=wrong, seen={"lost": coded.sum()})
    claims.unchanged(got, hint="W01.T3.M2")


# Task 4


def ksi_rate_by(df: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give each group's collisions, KSI collisions and rate, worst first."""
    ksi = (df["collision_severity"] <= 2).groupby(df[column])
    table = ksi.agg(collisions="size", ksi="sum", ksi_rate="mean").reset_index()
    return table.sort_values("ksi_rate", ascending=False, ignore_index=True)


def t4_more(fn: Function) -> None:
    """Check Task 4 with many groups, a missing group, a group without KSI, and one group."""
    answer = claims.Answer("Task 4", "ksi_rate_by", fn, hidden=True)
    for table, column, right in _rate_cases():
        _rates(answer(table, column), column, right)


@cache
def _rate_cases() -> list[tuple[pd.DataFrame, str, pd.DataFrame]]:
    table = _in_areas(_fresh(9004, 3_502), 16)
    gaps = recode_missing(table, ["urban_or_rural"], 3)
    slight = table["collision_severity"].where(table["police_force"] != 4, 3)
    given = [
        (table, "local_authority"),
        (_shuffled(gaps), "urban_or_rural"),
        (table.assign(collision_severity=slight), "police_force"),
        (table[table["urban_or_rural"] == 2], "urban_or_rural"),
    ]
    return [(frame, column, ksi_rate_by(frame, column)) for frame, column in given]


def _rates(got: claims.Returned, column: str, right: pd.DataFrame) -> None:
    def wrong() -> dict[str, object]:
        mistakes = {
            "W01.T4.M1": right.assign(ksi_rate=right["ksi"] / max(right["ksi"].sum(), 1)),
            "W01.T4.M2": right.assign(ksi_rate=100 * right["ksi_rate"]),
            "W01.T4.M3": right[right["ksi"] > 0],
        }
        return {code: v for code, v in mistakes.items() if not claims.matches(v, right)}

    claims.same_rows(got, right, by=column, wrong=wrong)
    rates = list(got.value["ksi_rate"])  # type: ignore[index]  same_rows saw that it is a table
    claims.holds(
        got,
        rates == sorted(rates, reverse=True),
        f"`ksi_rate_by`, given {got.given}, gave rates that do not fall from row to row.",
        "Put the highest rate first.",
        hint="W01.T4.M4",
        seen={"first": claims.shown(rates[0])},
    )
    claims.unchanged(got)


# Task 5


def worst_areas(df: pd.DataFrame, n: int, min_collisions: int) -> list[str]:
    """List the *n* areas of highest rate among those with at least *min_collisions*."""
    return _worst(ksi_rate_by(df, "local_authority"), n, min_collisions)


def _worst(rates: pd.DataFrame, n: int, least: int) -> list[str]:
    return list(rates[rates["collisions"] >= least]["local_authority"].head(n))


def t5_more(fn: Function) -> None:
    """Check Task 5 with a small area on top, an exact minimum, ties, and too few areas."""
    answer = claims.Answer("Task 5", "worst_areas", fn, hidden=True)
    for table, n, least, rates in _rank_cases():
        _ranks(answer(table, n, least), n, least, rates)


@cache
def _rank_cases() -> list[tuple[pd.DataFrame, int, int, pd.DataFrame]]:
    """List tables with a number of areas, a minimum, and the table's rates."""
    table = _in_areas(_fresh(9005, 4_006), 16)
    rates = ksi_rate_by(table, "local_authority")
    second = rates[rates["collisions"] >= 30]["collisions"].iloc[1]
    tied = pd.DataFrame(
        {
            "local_authority": ["Holtby"] * 4 + ["Ivyford"] * 4 + ["Kelby"] * 8 + ["Elmley"] * 5,
            "collision_severity": [1, 2, 3, 3] + [3, 3, 2, 2] + [2] * 4 + [3] * 4 + [2] * 4 + [3],
        }
    )
    given = [(table, 6, 30), (_shuffled(table), 3, int(second)), (table, 60, 30)]
    given += [(tied, 2, 4), (tied, 3, 100)]
    return [(frame, n, least, ksi_rate_by(frame, "local_authority")) for frame, n, least in given]


def _ranks(got: claims.Returned, n: int, least: int, rates: pd.DataFrame) -> None:
    claims.unchanged(got)
    right = _worst(rates, n, least)
    if _same_rank(got.value, right, rates[rates["collisions"] >= least]):
        return
    raw, enough = rates.head(n), rates["collisions"] >= least
    by_count = rates[enough].sort_values("ksi", ascending=False)["local_authority"].head(n)
    wrong = {
        "W01.T5.M1": list(raw["local_authority"]),
        "W01.T5.M2": list(raw[raw["collisions"] >= least]["local_authority"]),
        "W01.T5.M3": list(by_count),
        "W01.T5.M4": _worst(rates, n, least + 1),
    }
    seen = {
        "smallest": rates["collisions"].iloc[0],
        "wanted": len(right),
        "found": len(claims.as_list(got.value) or []),
        "least": least,
    }
    claims.equal(got, right, wrong=wrong, seen=seen)


def _same_rank(got: object, right: list[str], rates: pd.DataFrame) -> bool:
    """Tell whether *got* is *right* but for the order of areas with one rate."""
    names, rate = claims.as_list(got), rates.set_index("local_authority")["ksi_rate"].to_dict()
    if names is None or len(set(map(str, names))) != len(names):
        return False
    mine = [rate.get(name) if isinstance(name, str) else None for name in names]
    return claims.matches(mine, [rate[name] for name in right])


# Task 6


def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI on the same months a year before."""
    months = _ksi_by_month(df)
    changes = {}
    for year in months.index:
        before = months.loc[year - 1] if year - 1 in months.index else months.loc[year] * np.nan
        both = months.loc[year].notna() & before.notna()
        then, now = before[both].sum(), months.loc[year][both].sum()
        changes[year] = 100 * (now - then) / then if then else math.nan
    return pd.Series(changes, dtype=float)


def t6_more(fn: Function) -> None:
    """Check Task 6 on files that end in September and May, start in April, or hold one year."""
    answer = claims.Answer("Task 6", "change_on_year", fn, hidden=True)
    for table, right in _change_cases():
        _changes(answer(table), table, right)


@cache
def _change_cases() -> list[tuple[pd.DataFrame, pd.Series]]:
    table = _fresh(9006, 6_401)
    given = [
        table,
        _shuffled(table[table["date"] < "2023-06-01"]),
        table[table["date"] >= "2019-04-01"],
        table[table["date"].dt.year == 2021],
    ]
    return [(frame, change_on_year(frame)) for frame in given]


def _changes(got: claims.Returned, table: pd.DataFrame, right: pd.Series) -> None:
    def wrong() -> dict[str, object]:
        mistakes = {
            "W01.T6.M1": 100 * _ksi_by_month(table).sum(axis=1).pct_change(),
            "W01.T6.M2": 100 * right / (100 + right),
            "W01.T6.M3": right / 100,
            "W01.T6.M4": claims.either(right.fillna(0.0), right.fillna(100.0)),
        }
        return {code: v for code, v in mistakes.items() if not claims.matches(v, right)}

    last = table["date"].max()
    seen = {"year": last.year, "months": last.month, "first": int(right.index[0])}
    claims.same_series(got, right, tolerance=0.051, wrong=wrong, seen=seen)
    claims.unchanged(got)


def _ksi_by_month(df: pd.DataFrame) -> pd.DataFrame:
    """Count KSI by year and month; a month without any collision is missing."""
    ksi = df["collision_severity"] <= 2
    return ksi.groupby([df["date"].dt.year, df["date"].dt.month]).sum().unstack()


# Task 7


def headline(df: pd.DataFrame, area: str) -> str:
    """Say the area, its KSI collisions and its rate in one sentence."""
    here = df[df["local_authority"] == area]
    if here.empty:
        raise ValueError(f"no collisions in {area}")
    ksi = count_ksi(here)
    return f"{area}: {ksi} of {len(here)} collisions ({ksi / len(here):.1%}) were KSI."


def t7_more(fn: Function) -> None:
    """Check Task 7 for rates that cutting spoils, no fatal ones, no KSI, and an unknown area."""
    answer = claims.Answer("Task 7", "headline", fn, hidden=True)
    table, mixed, areas = _few_areas()
    for area in areas:
        _headline(answer(table, area), table, area)
        _headline(answer(mixed, area), table, area)
    severity, first = table["collision_severity"], areas[0]
    for changed in (severity.replace(1, 2), severity.mask(table["local_authority"] == first, 3)):
        milder = table.assign(collision_severity=changed)
        _headline(answer(milder, first), milder, first)
    claims.raises(ValueError, answer, table, "Atlantis", hint="W01.T7.M1")


def _headline(got: claims.Returned, table: pd.DataFrame, area: str) -> None:
    claims.says(got, area)
    here = table[table["local_authority"] == area]
    rate, ksi = 100 * count_ksi(here) / len(here), count_ksi(here)
    wrong = {
        "W01.T7.M2": math.floor(10 * rate) / 10,
        "W01.T7.M3": 100 * count_ksi(table) / len(table),
    }
    seen = {"cut": f"{wrong['W01.T7.M2']:.1f}"}
    claims.says_number(got, rate, decimals=1, per_cent=True, wrong=wrong, seen=seen)
    claims.says_number(got, ksi)
    claims.unchanged(got)


@cache
def _few_areas() -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """
    Make a table of sixteen areas, the same in another order, and the names of three of them.

    Their rates lose something when digits are cut, and are far from the rate of the whole table.
    """
    table = _fresh(9007, 3_608)
    table = _in_areas(table, 16)
    rates = ksi_rate_by(table, "local_authority")
    rate, whole = 100 * rates["ksi_rate"], 100 * count_ksi(table) / len(table)
    lost = 10 * rate % 1
    chosen = lost.between(0.6, 0.95) & ((rate - whole).abs() > 1) & (rates["collisions"] >= 30)
    areas = sorted(rates[chosen]["local_authority"])[:3]
    if len(areas) < 3:
        raise RuntimeError("too few areas have a rate that cutting spoils")
    return table, _shuffled(table), areas


# Fresh data


@cache  # `claims.Answer` hands out copies
def _fresh(seed: int, n: int) -> pd.DataFrame:
    return week01_data.parsed(week01_data.make_collisions(seed, n)[0])


@cache
def _misread_easily(seed: int, n: int) -> tuple[pd.DataFrame, bytes, pd.DataFrame]:
    """Make raw collisions whose days could all be months, their file, and the file well read."""
    raw, _ = week01_data.make_collisions(seed, n)
    raw = raw[raw["date"].str[:2].astype(int) <= 12]
    content = week01_data.as_csv(raw)
    return raw, content, load_collisions(io.BytesIO(content))


@cache
def _fresh_shuffled(seed: int, n: int) -> pd.DataFrame:
    return _shuffled(_fresh(seed, n))


def _in_areas(table: pd.DataFrame, number: int) -> pd.DataFrame:
    """Keep the first *number* areas and all small ones: enough to tell, and sooner sent over."""
    areas = table["local_authority"]
    is_small = areas.map(areas.value_counts()) < week01_data.SMALL
    kept = table[is_small | areas.isin(week01_data.AREAS[:number])]
    return kept.reset_index(drop=True)


def _shuffled(table: pd.DataFrame) -> pd.DataFrame:
    """Put the rows in another order and label them with text."""
    mixed = table.iloc[np.random.default_rng([1, 1]).permutation(len(table))]
    return mixed.set_axis([f"row {number}" for number in range(len(mixed))], axis=0)


def reference(task: str) -> Function:
    """Give the reference function of *task*."""
    return _REFERENCES[task]


_REFERENCES: Mapping[str, Function] = {
    "t1": load_collisions,
    "t2": count_ksi,
    "t3": recode_missing,
    "t4": ksi_rate_by,
    "t5": worst_areas,
    "t6": change_on_year,
    "t7": headline,
}
