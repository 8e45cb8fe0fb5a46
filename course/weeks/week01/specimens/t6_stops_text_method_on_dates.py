"""
Treats the dates as text and stops.

earns: t6 0; outcome: finished
"""
# %% t6
def change_on_year(df: pd.DataFrame) -> pd.Series:
    """Give the % change in KSI collisions on the same months of the year before."""
    year = df["date"].str[-4:].astype(int)
    return 100 * (df["collision_severity"] <= 2).groupby(year).sum().pct_change()
