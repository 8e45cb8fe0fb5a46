"""
Filters the table for each pair of years; newest year first.

earns: t6 4; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    table = df.assign(year=df["date"].dt.year, month=df["date"].dt.month)
    years, values = [], []
    for year in sorted(table["year"].unique(), reverse=True):
        now, then = table[table["year"] == year], table[table["year"] == year - 1]
        then = then[then["month"].isin(now["month"])]
        now = now[now["month"].isin(then["month"])]
        severe_now = (now["collision_severity"] <= 2).sum()
        severe_then = (then["collision_severity"] <= 2).sum()
        years.append(int(year))
        values.append((severe_now - severe_then) / severe_then * 100 if severe_then else None)
    return pd.Series(values, index=years, dtype="float64")
