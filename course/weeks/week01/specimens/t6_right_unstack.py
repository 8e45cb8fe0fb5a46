"""
Puts year by month side by side and blanks what the year before lacks.

earns: t6 4; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    is_ksi = df["collision_severity"] <= 2
    counts = is_ksi.groupby([df["date"].dt.year, df["date"].dt.month]).sum().unstack()
    before = counts.shift()
    both = counts.notna() & before.notna()
    now, then = counts.where(both).sum(axis=1), before.where(both).sum(axis=1)
    return (now / then.replace(0, np.nan) - 1) * 100
