"""
Keeps a set of months and a count for each year, in dictionaries; rounds to one decimal.

earns: t6 4; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    months, ksi = {}, {}
    for date, severity in zip(df["date"], df["collision_severity"]):
        months.setdefault(date.year, set()).add(date.month)
        key = (date.year, date.month)
        ksi[key] = ksi.get(key, 0) + (severity in (1, 2))
    change = {}
    for year in sorted(months):
        both = months[year] & months.get(year - 1, set())
        then = sum(ksi[year - 1, month] for month in both)
        now = sum(ksi[year, month] for month in both)
        change[year] = round(100 * (now - then) / then, 1) if then else float("nan")
    return pd.Series(change)
