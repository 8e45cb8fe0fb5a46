"""
Measures the change from the later year.

earns: t6 0 W01.T6.M2; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    is_ksi = df["collision_severity"] <= 2
    counts = is_ksi.groupby([df["date"].dt.year, df["date"].dt.month]).sum().unstack()
    before = counts.shift()
    both = counts.notna() & before.notna()
    now, then = counts.where(both).sum(axis=1), before.where(both).sum(axis=1)
    then = then.where(then > 0)

    return 100 * (now - then) / now.where(then > 0)
